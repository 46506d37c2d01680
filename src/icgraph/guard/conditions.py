"""Constraints as SPARQL expressions that are true where they are met, and never an error.

Every expression speaks of a focus node and, for components that look at values one by one, of
a value node. What has no translation raises NotCompiledError (SHACL, section 4).
"""

from collections.abc import Callable, Mapping
from types import MappingProxyType
from typing import Final

from pyoxigraph import Literal, NamedNode

from icgraph.guard.constraints import Constraint
from icgraph.guard.fragments import NotCompiledError, Vocabulary, all_of, any_of, step, written
from icgraph.guard.shapes import Shape
from icgraph.guard.terms import XSD, Term

#: The components that judge value nodes one by one; their results have a `sh:value`.
OF_VALUES: Final = frozenset(
    {"Class", "Datatype", "NodeKind", "MinExclusive", "MinInclusive", "MaxExclusive"}
    | {"MaxInclusive", "MinLength", "MaxLength", "Pattern", "LanguageIn", "In", "Disjoint"}
    | {"Not", "And", "Or", "Xone", "Node"}
)
#: The components that can have several results for a focus node, and what tells them apart.
OF_SETS: Final = MappingProxyType(
    {
        "Closed": ("?value", "?beside"),
        "Equals": ("?value",),
        "LessThan": ("?value", "?beside"),
        "LessThanOrEquals": ("?value", "?beside"),
        "UniqueLang": ("?beside",),
    }
)

_NODE_KINDS: Final = {
    "BlankNode": "isBLANK({0})",
    "IRI": "isIRI({0})",
    "Literal": "isLITERAL({0})",
    "BlankNodeOrIRI": "!isLITERAL({0})",
    "BlankNodeOrLiteral": "!isIRI({0})",
    "IRIOrLiteral": "!isBLANK({0})",
}
_COMPARED: Final = {
    "MinExclusive": ">",
    "MinInclusive": ">=",
    "MaxExclusive": "<",
    "MaxInclusive": "<=",
    "LessThan": "<",
    "LessThanOrEquals": "<=",
}
#: Datatypes whose literals the engine reads by value: casting one that is ill-formed fails.
_CASTS: Final = frozenset(
    f"{XSD}{name}"
    for name in "boolean date dateTime decimal double duration float integer time".split()
)
#: The engine keeps their literals as xsd:integer, unless they are ill-formed.
_KEPT_AS_INTEGER: Final = frozenset(
    f"{XSD}{name}"
    for name in (
        "byte int long short unsignedByte unsignedInt unsignedLong unsignedShort "
        "negativeInteger nonNegativeInteger nonPositiveInteger positiveInteger"
    ).split()
)
#: Datatypes whose forms only pySHACL checks.
_CHECKED_ELSEWHERE: Final = frozenset(
    {XSD + name for name in ("base64Binary", "hexBinary", "language", "normalizedString", "token")}
    | {"http://www.w3.org/2000/01/rdf-schema#Literal"}
    | {"http://www.w3.org/2000/01/rdf-schema#Datatype"}
    | {f"http://www.w3.org/1999/02/22-rdf-syntax-ns#{name}" for name in ("HTML", "XMLLiteral")}
)
#: Distinct values up to which a count is written as that many patterns.
_COUNTED_BY_PATTERNS: Final = 3
_DEEPEST: Final = 12
_LONGEST: Final = 200_000


class Conditions:
    """Writes expressions for the shapes of one graph."""

    def __init__(self, shapes: Mapping[Term, Shape], words: Vocabulary) -> None:
        self.shapes = shapes
        self.words = words
        self._within: list[Term] = []

    def conforms(self, node: Term, focus: str) -> str:
        """That the node conforms to a shape."""
        if node in self._within or len(self._within) > _DEEPEST:
            raise NotCompiledError("shapes refer to each other in a circle, or too deeply")
        shape = self.shapes[node]
        if shape.deactivated:
            return "true"
        self._within.append(node)
        try:
            text = self._all(shape, focus)
        finally:
            self._within.pop()
        if len(text) > _LONGEST:
            raise NotCompiledError("its shapes within each other are too many")
        return text

    def _all(self, shape: Shape, focus: str) -> str:
        value = focus if shape.path is None else self.words.variable()
        tests = [
            self.of_value(constraint, focus, value)
            for constraint in shape.constraints
            if constraint.component in OF_VALUES or constraint.component == "Property"
        ]
        if shape.path is not None and tests:
            values = step(focus, shape.path, value)
            tests = [f"NOT EXISTS {{ {values} FILTER(!{all_of(tests)}) }}"]
        tests += [
            self.of_focus(constraint, shape, focus)
            for constraint in shape.constraints
            if constraint.component not in OF_VALUES and constraint.component != "Property"
        ]
        return all_of(tests)

    def of_value(self, constraint: Constraint, focus: str, value: str) -> str:
        """That a value node of the focus meets a constraint that judges values."""
        inner = constraint.shapes
        match constraint.component:
            case "Class":
                return self.words.is_instance(value, constraint.terms[0])
            case "Disjoint":
                return f"NOT EXISTS {{ {focus} {written(constraint.terms[0])} {value} }}"
            case "Node" | "Property":
                return self.conforms(inner[0], value)
            case "Not":
                return f"(!{self.conforms(inner[0], value)})"
            case "And":
                return all_of(self.conforms(node, value) for node in inner)
            case "Or":
                return any_of(self.conforms(node, value) for node in inner)
            case "Xone":
                ones = [f"IF({self.conforms(node, value)}, 1, 0)" for node in inner]
                return f"({' + '.join(ones) or '0'} = 1)"
        return _of_term(constraint, value)

    def of_focus(self, constraint: Constraint, shape: Shape, focus: str) -> str:
        """That a focus node meets a constraint that judges its values together."""
        if constraint.component in OF_SETS:
            wrong = self.of_set(constraint, shape, focus)
            return all_of(f"NOT EXISTS {{ {pattern} }}" for pattern in wrong)
        match constraint.component:
            case "MinCount":
                return self._at_least(shape, focus, _number(constraint))
            case "MaxCount":
                return f"(!{self._at_least(shape, focus, _number(constraint) + 1)})"
            case "QualifiedMinCount":
                return self._qualified(constraint, shape, focus, _number(constraint))
            case "QualifiedMaxCount":
                return f"(!{self._qualified(constraint, shape, focus, _number(constraint) + 1)})"
            case "HasValue":
                term = written(constraint.terms[0])
                if shape.path is None:
                    return f"sameTerm({focus}, {term})"
                return f"EXISTS {{ {step(focus, shape.path, term)} }}"
        raise NotCompiledError("a SPARQL constraint stands within another shape")

    def of_set(
        self, constraint: Constraint, shape: Shape, focus: str, value: str = "", beside: str = ""
    ) -> list[str]:
        """The patterns by which a focus node fails one of `OF_SETS`, which bind its columns."""
        value, beside = value or self.words.variable(), beside or self.words.variable()
        match constraint.component:
            case "Closed":
                return [self._not_allowed(constraint, shape, focus, value, beside)]
            case "Equals":
                return _unequal(constraint, shape, focus, value)
            case "UniqueLang":
                return [self._spoken_twice(shape, focus, value, beside)]
        assert shape.path is not None
        less = f"COALESCE({value} {_COMPARED[constraint.component]} {beside}, false)"
        pair = f"{focus} {written(constraint.terms[0])} {beside}"
        return [f"{step(focus, shape.path, value)} {pair} FILTER(!{less})"]

    def _not_allowed(
        self, constraint: Constraint, shape: Shape, focus: str, value: str, predicate: str
    ) -> str:
        node = focus if shape.path is None else self.words.variable()
        before = "" if shape.path is None else step(focus, shape.path, node)
        allowed = ", ".join(map(written, constraint.terms))
        return f"{before} {node} {predicate} {value} FILTER({predicate} NOT IN ({allowed}))"

    def _spoken_twice(self, shape: Shape, focus: str, value: str, language: str) -> str:
        assert shape.path is not None
        other = self.words.variable()
        values = f"{step(focus, shape.path, value)} {step(focus, shape.path, other)}"
        same = f'LANG({value}) != "" && LANG({value}) = LANG({other})'
        apart = f"!sameTerm({value}, {other})"
        return f"{values} FILTER({same} && {apart}) BIND(LANG({value}) AS {language})"

    def _at_least(
        self, shape: Shape, focus: str, number: int, test: Callable[[str], str] | None = None
    ) -> str:
        """That there are so many distinct values, of those that pass the test."""
        assert shape.path is not None
        if number <= 0:
            return "true"
        if number <= _COUNTED_BY_PATTERNS:
            names = [self.words.variable() for _ in range(number)]
            steps = " ".join(step(focus, shape.path, name) for name in names)
            tests = [
                f"!sameTerm({one}, {other})"
                for place, one in enumerate(names)
                for other in names[:place]
            ]
            tests += [test(name) for name in names if test]
            return f"EXISTS {{ {steps} FILTER({all_of(tests)}) }}"
        value = self.words.variable()
        kept = f"FILTER({test(value)})" if test else ""
        held = f"{step(focus, shape.path, value)} {kept}"
        counted = f"GROUP BY {focus} HAVING (COUNT(DISTINCT {value}) >= {number})"
        return f"EXISTS {{ SELECT {focus} WHERE {{ {held} }} {counted} }}"

    def _qualified(self, constraint: Constraint, shape: Shape, focus: str, number: int) -> str:
        wanted, *siblings = constraint.shapes

        def counts(value: str) -> str:
            others = [f"(!{self.conforms(sibling, value)})" for sibling in siblings]
            return all_of([self.conforms(wanted, value), *others])

        return self._at_least(shape, focus, number, counts)


def _unequal(constraint: Constraint, shape: Shape, focus: str, value: str) -> list[str]:
    predicate = written(constraint.terms[0])
    named = f"{focus} {predicate} {value}"
    if shape.path is None:
        lacking = f"FILTER NOT EXISTS {{ {focus} {predicate} {focus} }} BIND({focus} AS {value})"
        return [lacking, f"{named} FILTER(!sameTerm({value}, {focus}))"]
    held = step(focus, shape.path, value)
    return [
        f"{held} FILTER NOT EXISTS {{ {named} }}",
        f"{named} FILTER NOT EXISTS {{ {held} }}",
    ]


def _of_term(constraint: Constraint, value: str) -> str:
    """That a value meets a constraint that looks at nothing but the value."""
    match constraint.component, constraint.terms:
        case "Datatype", (NamedNode(value=datatype),):
            return _of_datatype(datatype, value)
        case "NodeKind", (NamedNode(value=kind),):
            return _NODE_KINDS[kind.rpartition("#")[2]].format(value)
        case "MinLength", (Literal(value=number),):
            return f"(!isBLANK({value}) && STRLEN(STR({value})) >= {int(number)})"
        case "MaxLength", (Literal(value=number),):
            return f"(!isBLANK({value}) && STRLEN(STR({value})) <= {int(number)})"
        case "Pattern", (Literal(value=pattern),):
            matched = f"REGEX(STR({value}), {Literal(pattern)}, {Literal(constraint.flags)})"
            return f"(!isBLANK({value}) && {matched})"
        case "LanguageIn", ranges:
            tests = [f"LANGMATCHES(LANG({value}), {Literal(str(tag.value))})" for tag in ranges]
            return f"(isLITERAL({value}) && {any_of(tests)})"
        case "In", terms:
            return _is_one_of(terms, value)
        case component, (bound,):
            compared = f"{value} {_COMPARED[component]} {written(bound)}"
            return f"COALESCE({compared}, false)"
    raise NotCompiledError(f"{constraint.component} has no translation")


def _of_datatype(datatype: str, value: str) -> str:
    if datatype in _CHECKED_ELSEWHERE:
        raise NotCompiledError(f"the engine does not check the form of <{datatype}>")
    if datatype in _KEPT_AS_INTEGER:
        return "false"
    same = f"COALESCE(DATATYPE({value}) = <{datatype}>, false)"
    if datatype not in _CASTS:
        return same
    return f"({same} && COALESCE(isLITERAL(<{datatype}>({value})), false))"


def _is_one_of(terms: tuple[Term, ...], value: str) -> str:
    # IN compares by value and would take 1 for 1.0; IRIs have no other value than themselves.
    iris = [written(term) for term in terms if isinstance(term, NamedNode)]
    tests = [f"sameTerm({value}, {written(t)})" for t in terms if not isinstance(t, NamedNode)]
    if iris:
        tests.append(f"(isIRI({value}) && {value} IN ({', '.join(iris)}))")
    return any_of(tests)


def _number(constraint: Constraint) -> int:
    return int(str(constraint.terms[0].value))
