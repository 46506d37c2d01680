"""The text of a SPARQL Update, taken apart on the tokens of the grammar (section 19.8).

Only as far as is needed to name its operations and their parts. What is not understood
surely is `None`, and left to the engine as a whole; nothing here decides what is allowed.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Final

from pyoxigraph import NamedNode

from icgraph.errors import InputError
from icgraph.query.policy import Token, read_tokens

_ESCAPE: Final = re.compile(r"\\u([0-9A-Fa-f]{4})|\\U([0-9A-Fa-f]{8})|\\.", re.DOTALL)
_NAMES: Final = frozenset({"iri", "prefixed"})
#: Functions whose value differs from one evaluation to the next.
_VOLATILE: Final = frozenset({"NOW", "RAND", "UUID", "STRUUID", "BNODE"})


@dataclass(frozen=True, slots=True)
class Template:
    """Triples of a template that stand in one graph; `graph` is a term as written, or None."""

    graph: str | None
    triples: str
    labels: bool


@dataclass(frozen=True, slots=True)
class Data:
    """INSERT DATA or DELETE DATA; `inserting` is its text with INSERT in either case."""

    inserting: str
    adds: bool


@dataclass(frozen=True, slots=True)
class Modify:
    """DELETE and INSERT with templates; `using` is written with FROM in the place of USING."""

    prologue: str
    removals: tuple[Template, ...]
    additions: tuple[Template, ...]
    scope: str | None
    using: str
    where: str
    volatile: bool


Operation = Data | Modify | None


@dataclass(frozen=True, slots=True)
class _Part:
    """A token outside braces, or a whole group in braces with the tokens in it."""

    kind: str
    text: str
    start: int
    end: int
    inner: tuple[Token, ...] = ()

    @property
    def word(self) -> str:
        return self.text.upper() if self.kind == "word" else ""


def plain_text(text: str) -> str:
    """The text with its codepoint escapes resolved (section 19.2), other escapes left."""

    def character(match: re.Match[str]) -> str:
        number = match[1] or match[2]
        if number is None:
            return match[0]
        if int(number, 16) > 0x10FFFF:
            raise InputError(f"There is no character with the codepoint {match[0]}.")
        return chr(int(number, 16))

    return _ESCAPE.sub(character, text) if "\\" in text else text


def is_plain(text: str) -> bool:
    """Whether codepoint escapes stand in strings only, so that the tokens are as they look."""
    return not any(token.text.startswith("\\") for token in read_tokens(text))


def read_operations(text: str) -> list[Operation]:
    """The operations of a plain text in order; `None` for each that is not understood."""
    prologue = ""
    operations: list[Operation] = []
    for parts in _split(text):
        declared = _prologue_length(parts)
        if declared:
            prologue += f"{text[parts[0].start : parts[declared - 1].end]}\n"
        if parts[declared:]:
            operations.append(_operation(text, prologue, parts[declared:]))
    return operations


def read_runs(text: str) -> list[str]:
    """A plain text cut before each operation with a prologue of its own, but for the first.

    The grammar (rule 29) has a prologue before each operation, the engine before the first one
    only. Each piece begins with all that is declared before it.
    """
    runs: list[str] = []
    declared = kept = ""
    start = end = 0
    for parts in filter(None, _split(text)):
        length = _prologue_length(parts)
        if length and end:
            runs.append(f"{kept}{text[start:end]}")
            kept, start = declared, parts[0].start
        if length:
            declared += f"{text[parts[0].start : parts[length - 1].end]}\n"
        end = parts[-1].end
    return [*runs, f"{kept}{text[start:]}"]


def add_using(text: str, default_graphs: Sequence[str], named_graphs: Sequence[str]) -> str:
    """The plain text with these graphs as the dataset of each WHERE (SPARQL Protocol, 2.2.3).

    Raises InputError when the text names a dataset itself, ValueError for what is no IRI.
    """
    clauses = " ".join(
        [f"USING {NamedNode(iri)}" for iri in default_graphs]
        + [f"USING NAMED {NamedNode(iri)}" for iri in named_graphs]
    )
    pieces, at = [], 0
    for parts in _split(text):
        words = [part.word for part in parts]
        if "USING" in words or "WITH" in words:
            raise InputError(
                "The update names its dataset, with USING or WITH, and the request does too.",
                advice="Leave out one of the two.",
            )
        for before, part, group in zip(parts, parts[1:], parts[2:], strict=False):
            if part.word == "WHERE" and group.kind == "group":
                template = f" {text[group.start : group.end]}" if before.word == "DELETE" else ""
                pieces += [text[at : part.start], f"{template} {clauses} "]
                at = part.start
        if words[-2:-1] == ["DELETEWHERE"]:
            raise InputError("The update is not understood.", advice="Write DELETE WHERE apart.")
    return "".join(pieces) + text[at:]


def _split(text: str) -> Iterator[list[_Part]]:
    """The parts of each operation, with the prologue before it."""
    parts: list[_Part] = []
    opened: list[Token] = []
    depth = 0
    for token in read_tokens(text):
        if token.text == "}" and depth:
            depth -= 1
            if not depth:
                inner = tuple(opened[1:])
                parts.append(_Part("group", "", opened[0].start, token.end, inner))
                opened = []
                continue
        if token.text == "{":
            depth += 1
        if depth:
            opened.append(token)
        elif token.text == ";":
            yield parts
            parts = []
        else:
            parts.append(_Part(token.kind, token.text, token.start, token.end))
    parts += [_Part(token.kind, token.text, token.start, token.end) for token in opened]
    if parts:
        yield parts


def _prologue_length(parts: Sequence[_Part]) -> int:
    at = 0
    while at < len(parts) and parts[at].word in {"BASE", "PREFIX"}:
        at += 2 if parts[at].word == "BASE" else 3
    return min(at, len(parts))


@dataclass(frozen=True, slots=True)
class _Written:
    """One operation: the whole text, the prologue that holds for it, and its own parts."""

    text: str
    prologue: str
    parts: Sequence[_Part]


def _operation(text: str, prologue: str, parts: Sequence[_Part]) -> Operation:
    shape = " ".join(part.word or part.kind for part in parts)
    if shape in {"INSERT DATA group", "DELETE DATA group"}:
        group = text[parts[2].start : parts[2].end]
        return Data(f"{prologue}INSERT DATA {group}", adds=parts[0].word == "INSERT")
    if shape == "DELETE WHERE group":
        written = _Written(text, prologue, parts)
        return _modify(written, (parts[2], None), None, [], parts[2])
    return _read_modify(_Written(text, prologue, parts))


def _read_modify(written: _Written) -> Modify | None:
    rest = list(written.parts)
    scope = None
    if len(rest) > 1 and rest[0].word == "WITH" and rest[1].kind in _NAMES:
        scope = rest[1].text
        rest = rest[2:]
    groups: dict[str, _Part | None] = {"DELETE": None, "INSERT": None}
    for word in groups:
        if len(rest) > 1 and rest[0].word == word and rest[1].kind == "group":
            groups[word] = rest[1]
            rest = rest[2:]
    if len(rest) < 2 or rest[-2].word != "WHERE" or rest[-1].kind != "group":
        return None
    using = rest[:-2]
    if not _is_using(using):
        return None
    templates = (groups["DELETE"], groups["INSERT"])
    return _modify(written, templates, scope, using, rest[-1])


def _modify(
    written: _Written,
    templates: tuple[_Part | None, _Part | None],
    scope: str | None,
    using: Sequence[_Part],
    where: _Part,
) -> Modify | None:
    removals, additions = (_templates(written.text, group, scope) for group in templates)
    if removals is None or additions is None:
        return None
    tokens = [token for part in written.parts for token in part.inner]
    return Modify(
        prologue=written.prologue,
        removals=removals,
        additions=additions,
        scope=None if using else scope,
        using=" ".join("FROM" if part.word == "USING" else part.text for part in using),
        where=written.text[where.start : where.end],
        volatile=any(token.text.upper() in _VOLATILE for token in tokens),
    )


def _is_using(parts: Sequence[_Part]) -> bool:
    shape = " ".join("name" if part.kind in _NAMES else part.word for part in parts)
    return not re.sub(r"USING (?:NAMED )?name ?", "", shape)


def _templates(text: str, group: _Part | None, scope: str | None) -> tuple[Template, ...] | None:
    """The triples of a template by graph; None where a graph is a variable."""
    if group is None:
        return ()
    found: list[Template] = []
    plain: list[Token] = []
    segments: list[list[Token]] = []
    tokens = list(group.inner)
    while tokens:
        token = tokens.pop(0)
        if not (token.kind == "word" and token.text.upper() == "GRAPH"):
            plain.append(token)
            continue
        segments.append(plain)
        plain = []
        if len(tokens) < 2 or tokens[0].kind not in _NAMES or tokens[1].text != "{":
            return None
        name, inner = tokens[0].text, []
        tokens = tokens[2:]
        while tokens and tokens[0].text != "}":
            inner.append(tokens.pop(0))
        del tokens[:1]
        found.append(_template(text, name, [inner]))
        if tokens and tokens[0].text == ".":
            del tokens[0]
    segments.append(plain)
    found.append(_template(text, scope, segments))
    return tuple(template for template in found if template.triples)


def _template(text: str, graph: str | None, segments: Sequence[Sequence[Token]]) -> Template:
    written = [
        text[segment[0].start : segment[-1].end].rstrip().removesuffix(".")
        for segment in segments
        if segment
    ]
    labels = any(token.kind == "blank" for segment in segments for token in segment)
    return Template(graph, " . ".join(each for each in written if each), labels)
