"""What a shape demands, as values (SHACL, sections 4 and 5).

There is one `Constraint` for each parameter of a Core component, and for each SPARQL
constraint. Nothing here checks data.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Final

from pyoxigraph import Literal, NamedNode

from icgraph.guard.sparql_text import prologue
from icgraph.guard.terms import SH, XSD, Facts, Term, messages, truth, unusable

#: Components that only property shapes may have.
OF_PATHS: Final = frozenset({"MinCount", "MaxCount", "UniqueLang", "LessThan", "LessThanOrEquals"})

_NODE_KINDS: Final = frozenset(
    {"BlankNode", "IRI", "Literal", "BlankNodeOrIRI", "BlankNodeOrLiteral", "IRIOrLiteral"}
)
_MOST_DIGITS: Final = 19


@dataclass(frozen=True, slots=True)
class SparqlConstraint:
    """A SELECT query with its prefixes written out, and its own messages (section 5.1)."""

    prologue: str
    select: str
    messages: tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class Constraint:
    """One demand.

    `component` is the local name of the constraint component without its ending, such as
    `MinCount`; `terms` are the values of its parameter, or the members of its list; `shapes`
    are the nodes of the shapes it refers to: for a qualified shape the shape to count, then
    its siblings.
    """

    component: str
    terms: tuple[Term, ...] = ()
    shapes: tuple[Term, ...] = ()
    flags: str = ""
    query: SparqlConstraint | None = None

    @property
    def iri(self) -> str:
        """The IRI of the constraint component."""
        return f"{SH}{self.component}ConstraintComponent"


_Read = Callable[[Facts, Term], Iterator[Constraint]]


def read_constraints(facts: Facts, node: Term) -> tuple[Constraint, ...]:
    """The constraints of the shape at this node; raises InputError for a malformed one."""
    return tuple(found for read in _READERS for found in read(facts, node))


def _each(parameter: str, allowed: Callable[[Term], bool], *, once: bool = False) -> _Read:
    component = parameter[0].upper() + parameter[1:]

    def read(facts: Facts, node: Term) -> Iterator[Constraint]:
        values = facts.values(node, SH + parameter)
        if once and len(values) > 1:
            raise unusable(node, f"it has more than one sh:{parameter}")
        for value in values:
            if not allowed(value):
                raise unusable(node, f"the value {value} does not fit sh:{parameter}")
            yield Constraint(component, (value,))

    return read


def _is_iri(value: Term) -> bool:
    return isinstance(value, NamedNode)


def _is_class(value: Term) -> bool:
    return not isinstance(value, Literal)


def _is_literal(value: Term) -> bool:
    return isinstance(value, Literal)


def _is_count(value: Term) -> bool:
    # Negative numbers are senseless, but allowed.
    if not isinstance(value, Literal) or value.datatype.value != XSD + "integer":
        return False
    digits = value.value.removeprefix("-").removeprefix("+")
    return digits.isdecimal() and len(digits) < _MOST_DIGITS


def _is_node_kind(value: Term) -> bool:
    return isinstance(value, NamedNode) and value.value.removeprefix(SH) in _NODE_KINDS


def _anything(_: Term) -> bool:
    return True


def _shape(parameter: str) -> _Read:
    component = parameter[0].upper() + parameter[1:]

    def read(facts: Facts, node: Term) -> Iterator[Constraint]:
        for inner in facts.values(node, SH + parameter):
            yield Constraint(component, shapes=(inner,))

    return read


def _list(parameter: str, component: str) -> _Read:
    def read(facts: Facts, node: Term) -> Iterator[Constraint]:
        for head in facts.values(node, SH + parameter):
            yield Constraint(component, terms=facts.items(head))

    return read


def _shape_list(parameter: str) -> _Read:
    def read(facts: Facts, node: Term) -> Iterator[Constraint]:
        for head in facts.values(node, SH + parameter):
            yield Constraint(parameter.capitalize(), shapes=facts.items(head))

    return read


def _unique_language(facts: Facts, node: Term) -> Iterator[Constraint]:
    if truth(facts, node, "uniqueLang"):
        yield Constraint("UniqueLang")


def _pattern(facts: Facts, node: Term) -> Iterator[Constraint]:
    flags = facts.values(node, SH + "flags")
    for pattern in facts.values(node, SH + "pattern"):
        if not isinstance(pattern, Literal):
            raise unusable(node, f"the sh:pattern {pattern} is not a text")
        yield Constraint("Pattern", (pattern,), flags=str(flags[0].value) if flags else "")


def _qualified(facts: Facts, node: Term) -> Iterator[Constraint]:
    if not facts.values(node, SH + "path"):
        return
    counts = [
        constraint
        for parameter in ("qualifiedMinCount", "qualifiedMaxCount")
        for constraint in _each(parameter, _is_count, once=True)(facts, node)
    ]
    for inner in facts.values(node, SH + "qualifiedValueShape"):
        if not counts:
            raise unusable(node, "its sh:qualifiedValueShape is without a count")
        siblings = _siblings(facts, node, inner)
        for constraint in counts:
            yield Constraint(constraint.component, constraint.terms, (inner, *siblings))


def _siblings(facts: Facts, node: Term, inner: Term) -> tuple[Term, ...]:
    if not truth(facts, node, "qualifiedValueShapesDisjoint"):
        return ()
    found = {
        sibling
        for parent in facts.subjects(SH + "property", node)
        for other in facts.values(parent, SH + "property")
        for sibling in facts.values(other, SH + "qualifiedValueShape")
    }
    return tuple(sorted(found - {inner}, key=str))


def _closed(facts: Facts, node: Term) -> Iterator[Constraint]:
    if not truth(facts, node, "closed"):
        return
    allowed: list[Term] = []
    for inner in facts.values(node, SH + "property"):
        allowed += [path for path in facts.values(inner, SH + "path") if _is_iri(path)]
    for head in facts.values(node, SH + "ignoredProperties"):
        allowed += [path for path in facts.items(head) if _is_iri(path)]
    yield Constraint("Closed", tuple(dict.fromkeys(allowed)))


def _sparql(facts: Facts, node: Term) -> Iterator[Constraint]:
    for inner in facts.values(node, SH + "sparql"):
        if truth(facts, inner, "deactivated"):
            continue
        selects = facts.values(inner, SH + "select")
        if len(selects) != 1 or not isinstance(selects[0], Literal):
            raise unusable(node, "its sh:sparql needs one sh:select, a text")
        query = SparqlConstraint(prologue(facts, inner), selects[0].value, messages(facts, inner))
        yield Constraint("SPARQL", query=query)


_READERS: Final[tuple[_Read, ...]] = (
    _each("class", _is_class),
    _each("datatype", _is_iri, once=True),
    _each("nodeKind", _is_node_kind, once=True),
    _each("minCount", _is_count, once=True),
    _each("maxCount", _is_count, once=True),
    _each("minExclusive", _is_literal),
    _each("minInclusive", _is_literal),
    _each("maxExclusive", _is_literal),
    _each("maxInclusive", _is_literal),
    _each("minLength", _is_count, once=True),
    _each("maxLength", _is_count, once=True),
    _pattern,
    _list("languageIn", "LanguageIn"),
    _unique_language,
    _each("equals", _is_iri),
    _each("disjoint", _is_iri),
    _each("lessThan", _is_iri),
    _each("lessThanOrEquals", _is_iri),
    _each("hasValue", _anything),
    _list("in", "In"),
    _closed,
    _shape("not"),
    _shape_list("and"),
    _shape_list("or"),
    _shape_list("xone"),
    _shape("node"),
    _shape("property"),
    _qualified,
    _sparql,
)
