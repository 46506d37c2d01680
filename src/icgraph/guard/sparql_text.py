"""The queries that people write into shapes: their prefixes, and their text read as tokens.

Tokens tell where the pattern of a query begins and which words it uses. Nothing is evaluated
here.
"""

import re
from collections.abc import Iterator
from typing import Final

from pyoxigraph import Literal

from icgraph.guard.terms import OWL, SH, Facts, Term, unusable

_TOKEN: Final = re.compile(
    r"""
      (?P<comment> \#[^\r\n]* )
    | (?P<iri> <[^<>"{}|^`\\\x00-\x20]*> )
    | (?P<string> \"\"\"(?:(?:\"|\"\")?(?:[^"\\]|\\.))*\"\"\" | '''(?:(?:'|'')?(?:[^'\\]|\\.))*'''
                | "(?:[^"\\\n\r]|\\.)*" | '(?:[^'\\\n\r]|\\.)*' )
    | (?P<variable> [?$]\w+ )
    | (?P<prefixed> (?:[^\W\d_][\w.\-]*)?:[\w.\-:%]* )
    | (?P<word> [^\W\d]\w* )
    | (?P<other> \S )
    """,
    re.VERBOSE | re.DOTALL,
)
_PREFIX: Final = re.compile(r"(?:[^\W\d_](?:[\w.\-]*[\w\-])?)?")
_NAMESPACE: Final = re.compile(r'[^<>"{}|^`\\\x00-\x20]*')
#: An escaped letter may spell any word; nobody needs one in a shape.
_ESCAPE: Final = re.compile(r"\\[uU]")
#: Words that reach out of the process, wherever they stand in a bare word.
_REFUSED: Final = ("SERVICE", "LOAD")
#: What a pre-bound variable is not a plain join for, or what sees another graph (section 5.2.1).
_OF_ONE_NODE: Final = frozenset(
    {"AVG", "COUNT", "GROUP", "GROUP_CONCAT", "HAVING", "LIMIT", "MAX", "MIN", "MINUS", "OFFSET"}
    | {"SAMPLE", "SUM", "VALUES"}
)
_OTHER_GRAPHS: Final = frozenset({"FROM", "GRAPH"})
_THIS: Final = ("$this", "?this")

Token = tuple[str, str, int]


def prologue(facts: Facts, node: Term) -> str:
    """The prefixes that a SPARQL constraint declares (section 5.2.1), as SPARQL."""
    waiting, seen, lines = list(facts.values(node, SH + "prefixes")), set[Term](), []
    while waiting:
        owner = waiting.pop()
        if owner in seen:
            continue
        seen.add(owner)
        waiting += facts.values(owner, OWL + "imports")
        for declared in facts.values(owner, SH + "declare"):
            prefixes = facts.values(declared, SH + "prefix")
            namespaces = facts.values(declared, SH + "namespace")
            lines.append(_declaration(node, prefixes, namespaces))
    return "".join(sorted(set(lines)))


def _declaration(node: Term, prefixes: list[Term], namespaces: list[Term]) -> str:
    match prefixes, namespaces:
        case [Literal(value=prefix)], [Literal(value=namespace)] if _PREFIX.fullmatch(
            prefix
        ) and _NAMESPACE.fullmatch(namespace):
            return f"PREFIX {prefix}: <{namespace}>\n"
    raise unusable(node, "a sh:declare needs one sh:prefix and one sh:namespace")


def read_tokens(text: str) -> list[Token]:
    """The tokens of a query with their kind and place, without comments."""
    return [
        (found.lastgroup or "", found.group(), found.start())
        for found in _TOKEN.finditer(text)
        if found.lastgroup != "comment"
    ]


def refused_word(text: str) -> str:
    """The word by which a query would reach out of the process, or see beyond the graph."""
    if _ESCAPE.search(text):
        return "\\u"
    for kind, found, _ in read_tokens(text):
        for word in _REFUSED:
            # The engine needs no blank after a keyword, so a name may hide one.
            if kind in {"word", "prefixed"} and word in found.upper():
                return word
    return ""


def sees_other_graphs(text: str) -> bool:
    """Whether the query speaks of graphs, of which SHACL knows one."""
    return not _OTHER_GRAPHS.isdisjoint(_words(text))


def names_of(text: str) -> frozenset[str]:
    """The names of the variables a query uses."""
    return frozenset(found[1:] for kind, found, _ in read_tokens(text) if kind == "variable")


def pattern_start(text: str) -> int:
    """Where the outermost pattern begins, after its brace; raises ValueError without one."""
    for kind, found, place in read_tokens(text):
        if kind == "other" and found == "{":
            return place + 1
    raise ValueError("a query without a pattern")


def can_be_joined(text: str) -> bool:
    """Whether binding `$this` beforehand is the same as joining the pattern with the targets.

    True only when it is sure: no sub-query, aggregate or limit, and every group within that
    uses `$this` begins a triple pattern with it, so that its filters see it.
    """
    words = _words(text)
    if words.count("SELECT") != 1 or not _OF_ONE_NODE.isdisjoint(words):
        return False
    return all(_begins_with_this(group) for group in _inner_groups(read_tokens(text)))


def _words(text: str) -> list[str]:
    return [found.upper() for kind, found, _ in read_tokens(text) if kind == "word"]


def _inner_groups(tokens: list[Token]) -> Iterator[list[Token]]:
    """The groups within the outermost, but not those of EXISTS: these see what is bound."""
    open_at: list[tuple[int, bool]] = []
    exists = 0
    for number, (kind, text, _) in enumerate(tokens):
        if kind != "other":
            continue
        if text == "{":
            of_exists = number > 0 and tokens[number - 1][1].upper() == "EXISTS"
            open_at.append((number, of_exists))
            exists += of_exists
        elif text == "}" and open_at:
            start, of_exists = open_at.pop()
            exists -= of_exists
            if open_at and not of_exists and not exists:
                yield tokens[start + 1 : number]


def _begins_with_this(group: list[Token]) -> bool:
    uses = [number for number, (_, text, _) in enumerate(group) if text in _THIS]
    if not uses:
        return True
    binds = any(text.upper() == "BIND" for _, text, _ in group)
    return not binds and any(number == 0 or group[number - 1][1] == "." for number in uses)
