"""What a query may not do: reach out of the process.

Oxigraph evaluates SERVICE by calling whatever address the query names, without bound. The
decision is made on the tokens of the SPARQL 1.1 grammar (section 19.8), after codepoint
escapes (section 19.2), so that neither a string, an IRI nor a comment that holds the word
is refused, nor an escaped spelling let through; and then by `query.disguises`, as the engine
itself reads the text.
"""

import re
from collections.abc import Iterator
from types import MappingProxyType
from typing import Final, NamedTuple

from icgraph.errors import QueryRefused, SyntaxInvalid
from icgraph.query.disguises import check_disguises

#: Terminals inside which a word is no keyword, in the order in which they must be tried.
_TOKEN: Final = re.compile(
    r"""
      (?P<comment> \#[^\r\n]* )
    | (?P<iri> <[^<>"{}|^`\\\x00-\x20]*> )
    | (?P<string> \"\"\"(?:(?:\"|\"\")?(?:[^"\\]|\\.))*\"\"\" | '''(?:(?:'|'')?(?:[^'\\]|\\.))*'''
                | "(?:[^"\\\n\r]|\\.)*" | '(?:[^'\\\n\r]|\\.)*' )
    | (?P<variable> [?$]\w+ )
    | (?P<language> @[A-Za-z]+(?:-[A-Za-z0-9]+)* )
    | (?P<prefixed> (?:[^\W\d_][\w.\-\u00B7]*)?:
                    (?:[\w.\-\u00B7:]|%[0-9A-Fa-f]{2}|\\[_~.\-!$&'()*+,;=/?\#@%])* )
    | (?P<blank> _:[\w.\-\u00B7]+ )
    | (?P<run> [^\W\d_][\w.\-\u00B7]* )
    | (?P<word> _\w* )
    | (?P<other> \\[\\"'] | . )
    """,
    re.VERBOSE | re.DOTALL,
)
#: What a run falls into. It could be a prefix, but no colon follows; it is taken as a whole, and
#: an escaped quotation mark too, so that no text is read again from each of its characters.
_IN_A_RUN: Final = re.compile(r"(?P<word>[^\W\d]\w*)|(?P<other>.)", re.DOTALL)
_ESCAPE: Final = re.compile(r"\\u([0-9A-Fa-f]{4})|\\U([0-9A-Fa-f]{8})")
_ESCAPED: Final = "\\U"
_REFUSED: Final = MappingProxyType(
    {
        "SERVICE": "Query the other endpoint yourself, and join the results.",
        "LOAD": "Fetch the file yourself, and send it to /data.",
    }
)
#: Functions whose result differs from call to call (SPARQL 1.1 Query, sections 17.4.2 to 17.4.5).
_VOLATILE: Final = ("NOW", "RAND", "UUID", "BNODE")
_MAY_CALL: Final = re.compile(rf"(?:{'|'.join(_VOLATILE)})\s*([(#])", re.IGNORECASE)
#: Brackets within each other that the engine's parser surely bears.
MOST_NESTED: Final = 500
#: After one of these a prefixed name followed by a brace names a graph, not a service.
_BEFORE_A_GRAPH: Final = frozenset({"GRAPH", "FROM", "NAMED"})


class Token(NamedTuple):
    """A terminal of the grammar, its kind by the names of `_TOKEN`, and where it stands."""

    kind: str
    text: str
    start: int
    end: int


def read_tokens(text: str) -> Iterator[Token]:
    """The tokens of a text without codepoint escapes; neither white space nor comments."""
    for found in _TOKEN.finditer(text):
        kind = found.lastgroup or ""
        if kind == "run":
            for part in _IN_A_RUN.finditer(text, *found.span()):
                yield Token(part.lastgroup or "", part.group(), *part.span())
        elif kind != "comment" and not found.group().isspace():
            yield Token(kind, found.group(), *found.span())


def is_volatile(text: str) -> bool:
    """Whether the answer may be another each time, on the same graph; True when in doubt.

    In doubt is whatever looks like a call, in a string or an IRI too: `?a<NOW()&&?b>1` has none,
    and only a parser can tell.
    """
    if not _may_hold(text, _VOLATILE):
        return False
    try:
        following = {call[1] for call in _MAY_CALL.finditer(_unescape(text))}
    except SyntaxInvalid:
        return True
    if "(" in following:
        return True
    # A comment may stand between a name and its bracket.
    return "#" in following and any(name in word for word in keywords(text) for name in _VOLATILE)


def check_query(text: str) -> None:
    """Raise QueryRefused for a keyword that reaches out of the process, and for deep nesting.

    Raises SyntaxInvalid for a keyword in a disguise, and for some texts that do not parse at all.
    """
    _check_nesting(text)
    if not _may_hold(text, tuple(_REFUSED)):
        return
    for word in keywords(text):
        for refused, advice in _REFUSED.items():
            if refused in word:
                raise QueryRefused(
                    f"{refused} is not allowed here: this service makes no requests to others.",
                    advice=advice,
                    keyword=refused,
                )
    check_disguises(text, tuple(_REFUSED))


def keywords(text: str) -> Iterator[str]:
    """What the engine may read as keywords, in upper case.

    Oxigraph needs no space after a keyword: it reads `SERVICESILENT<x>` and, before a brace,
    `SERVICEex:x` as SERVICE. So a keyword may stand anywhere in a bare word, and in the
    prefix of a name that a brace follows.
    """
    before, name = "", ""
    for kind, found, _, _ in read_tokens(_unescape(text)):
        if found == "{" and name and before not in _BEFORE_A_GRAPH:
            yield name.partition(":")[0].upper()
        if kind == "prefixed":
            name = found
            continue
        before, name = (found.upper() if kind == "word" else ""), ""
        if kind == "word":
            yield before


def _may_hold(text: str, words: tuple[str, ...]) -> bool:
    """Whether one of the words can be in the text at all: nearly all texts are passed by this."""
    upper = text.upper()
    return _ESCAPED in upper or any(word in upper for word in words)


def _check_nesting(text: str) -> None:
    """The engine's parser calls itself for every bracket, and dies when they are too many."""
    if sum(map(text.count, "([{")) <= MOST_NESTED and _ESCAPED not in text.upper():
        return
    depth = 0
    for token in read_tokens(_unescape(text)):
        if token.kind != "other":
            continue
        depth += (token.text in "([{") - (token.text in ")]}")
        if depth > MOST_NESTED:
            raise QueryRefused(
                f"The query has more than {MOST_NESTED} brackets within each other.",
                advice="Write it flatter; a list of alternatives can be a VALUES block.",
                limit="nesting",
                value=MOST_NESTED,
            )


def _unescape(text: str) -> str:
    def character(match: re.Match[str]) -> str:
        number = int(match[1] or match[2], 16)
        if number > 0x10FFFF:
            raise SyntaxInvalid(f"There is no character with the codepoint {match[0]}.")
        return chr(number)

    return _ESCAPE.sub(character, text)
