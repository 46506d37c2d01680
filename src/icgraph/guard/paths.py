"""Property paths of SHACL (section 2.3.1) as values: read from shapes, shown, and written again.

A path is what a finding points at. Nothing here follows a path through data.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

from pyoxigraph import BlankNode, Literal, NamedNode, Quad

from icgraph.errors import InputError
from icgraph.guard.terms import RDF, SH, Facts, Term

#: A string for an IRI, else an object of one member: the operator and its parts.
JsonPath = str | dict[str, list["JsonPath"]]

_UNARY: Final = {
    "inverse": (SH + "inversePath", "^{}"),
    "zeroOrMore": (SH + "zeroOrMorePath", "{}*"),
    "oneOrMore": (SH + "oneOrMorePath", "{}+"),
    "zeroOrOne": (SH + "zeroOrOnePath", "{}?"),
}
_ALTERNATIVE: Final = SH + "alternativePath"
_FIRST: Final = NamedNode(RDF + "first")
_REST: Final = NamedNode(RDF + "rest")
#: Paths within each other; the standard's recursive paths are refused by this too.
_DEEPEST: Final = 50
_JOINED: Final = {"sequence": "/", "alternative": "|"}
_KINDS: Final = frozenset({*_UNARY, *_JOINED})


@dataclass(frozen=True, slots=True)
class Path:
    """A path: either an `iri`, or an `operator` over `parts`.

    The operators are inverse, zeroOrMore, oneOrMore, zeroOrOne (one part), sequence and
    alternative (two or more).
    """

    iri: str = ""
    operator: str = ""
    parts: tuple["Path", ...] = ()


def read_path(shapes: Facts, node: Term, depth: int = 0) -> Path:
    """The path that stands at this node of a shapes graph; raises InputError."""
    if isinstance(node, NamedNode):
        return Path(iri=node.value)
    if depth > _DEEPEST or isinstance(node, Literal):
        raise _unknown(node)
    if shapes.values(node, RDF + "first"):
        return Path(operator="sequence", parts=_read_list(shapes, node, depth))
    for alternatives in shapes.values(node, _ALTERNATIVE):
        return Path(operator="alternative", parts=_read_list(shapes, alternatives, depth))
    for operator, (predicate, _) in _UNARY.items():
        for inner in shapes.values(node, predicate):
            return Path(operator=operator, parts=(read_path(shapes, inner, depth + 1),))
    raise _unknown(node)


def _unknown(node: Term) -> InputError:
    return InputError(
        f"The shapes cannot be used: {node} is no property path.",
        advice="See https://www.w3.org/TR/shacl/#property-paths.",
    )


def _read_list(shapes: Facts, node: Term, depth: int) -> tuple[Path, ...]:
    parts = tuple(read_path(shapes, part, depth + 1) for part in shapes.items(node))
    if not parts:
        raise _unknown(node)
    return parts


def may_be_empty(path: Path) -> bool:
    """Whether the path leads from a node to itself without a step."""
    if path.operator in {"zeroOrMore", "zeroOrOne"}:
        return True
    parts = [may_be_empty(part) for part in path.parts]
    return any(parts) if path.operator == "alternative" else bool(parts) and all(parts)


def path_text(path: Path, name: Callable[[str], str] = "<{}>".format) -> str:
    """The path in the syntax of SPARQL; `name` writes an IRI."""
    if path.iri:
        return name(path.iri)
    if path.operator in _UNARY:
        return _UNARY[path.operator][1].format(_grouped(path.parts[0], name))
    return _JOINED[path.operator].join(_grouped(part, name) for part in path.parts)


def _grouped(path: Path, name: Callable[[str], str]) -> str:
    text = path_text(path, name)
    return text if path.iri else f"({text})"


def path_quads(path: Path, label: str) -> tuple[NamedNode | BlankNode, list[Quad]]:
    """The node of a path and the quads that describe it; blank nodes are named from `label`."""
    if path.iri:
        return NamedNode(path.iri), []
    node = BlankNode(label)
    if path.operator in _UNARY:
        inner, quads = path_quads(path.parts[0], f"{label}i")
        return node, [Quad(node, NamedNode(_UNARY[path.operator][0]), inner), *quads]
    if path.operator == "sequence":
        return node, _list_quads(path.parts, label)
    members = BlankNode(f"{label}a")
    link = Quad(node, NamedNode(_ALTERNATIVE), members)
    return node, [link, *_list_quads(path.parts, f"{label}a")]


def _list_quads(parts: tuple[Path, ...], label: str) -> list[Quad]:
    # The first cell is named `label`, the following ones by their number.
    cells = [BlankNode(label), *(BlankNode(f"{label}l{n}") for n in range(1, len(parts)))]
    quads: list[Quad] = []
    for number, (cell, part) in enumerate(zip(cells, parts, strict=True)):
        node, described = path_quads(part, f"{label}p{number}")
        rest = cells[number + 1] if number + 1 < len(cells) else NamedNode(RDF + "nil")
        quads += [
            Quad(cell, NamedNode(RDF + "first"), node),
            Quad(cell, NamedNode(RDF + "rest"), rest),
        ]
        quads += described
    return quads


def path_to_json(path: Path) -> JsonPath:
    """The path as JSON values."""
    return path.iri or {path.operator: [path_to_json(part) for part in path.parts]}


def path_from_json(value: object) -> Path:
    """What `path_to_json` wrote; raises ValueError."""
    if isinstance(value, str) and value:
        return Path(iri=value)
    if isinstance(value, dict) and len(value) == 1:
        operator, parts = next(iter(value.items()))
        if operator in _KINDS and isinstance(parts, list) and parts:
            return Path(operator=operator, parts=tuple(path_from_json(part) for part in parts))
    raise ValueError(f"not a property path: {value!r}")
