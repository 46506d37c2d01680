"""Constraints on a value alone, as SPARQL expressions that are never an error (SHACL, section 4).

Literals are compared and checked as the engine keeps them, by value.
"""

from collections.abc import Callable, Mapping
from types import MappingProxyType
from typing import Final

from pyoxigraph import Literal, NamedNode

from icgraph.errors import NotCompiledError
from icgraph.guard.constraints import Constraint
from icgraph.guard.fragments import any_of, written
from icgraph.guard.terms import RDF, RDFS, SH, XSD

#: Component -> the operator that must hold between a value and a bound, or another value.
COMPARED: Final = MappingProxyType(
    {
        "MinExclusive": ">",
        "MinInclusive": ">=",
        "MaxExclusive": "<",
        "MaxInclusive": "<=",
        "LessThan": "<",
        "LessThanOrEquals": "<=",
    }
)

_NODE_KINDS: Final = MappingProxyType(
    {
        "BlankNode": "isBLANK({0})",
        "IRI": "isIRI({0})",
        "Literal": "isLITERAL({0})",
        "BlankNodeOrIRI": "(!isLITERAL({0}))",
        "BlankNodeOrLiteral": "(!isIRI({0}))",
        "IRIOrLiteral": "(!isBLANK({0}))",
    }
)
#: Datatypes whose literals the engine reads by value: casting one that is ill-formed fails.
_CASTS: Final = frozenset(
    XSD + name
    for name in (
        *("boolean", "date", "dateTime", "decimal", "double", "duration", "float"),
        *("integer", "time"),
    )
)
#: The engine keeps their literals as xsd:integer, unless they are ill-formed.
_KEPT_AS_INTEGER: Final = frozenset(
    XSD + name
    for name in (
        *("byte", "int", "long", "short"),
        *("unsignedByte", "unsignedInt", "unsignedLong", "unsignedShort"),
        *("negativeInteger", "nonNegativeInteger", "nonPositiveInteger", "positiveInteger"),
    )
)
#: Datatypes whose forms only pySHACL checks.
_CHECKED_ELSEWHERE: Final = frozenset(
    {
        *(XSD + name for name in ("base64Binary", "hexBinary", "language")),
        *(XSD + name for name in ("normalizedString", "token")),
        *(RDF + name for name in ("HTML", "XMLLiteral")),
        *(RDFS + name for name in ("Datatype", "Literal")),
    }
)


def value_test(constraint: Constraint, value: str) -> str:
    """That a value meets the constraint; raises NotCompiledError."""
    test = _TESTS.get(constraint.component)
    if test is None:
        raise NotCompiledError(f"{constraint.component} has no translation")
    return test(constraint, value)


def pattern_test(constraint: Constraint, value: str) -> str:
    """That the text of an IRI or a literal matches a pattern."""
    pattern, flags = Literal(str(constraint.terms[0].value)), Literal(constraint.flags)
    return f"(!isBLANK({value}) && REGEX(STR({value}), {pattern}, {flags}))"


def _datatype(constraint: Constraint, value: str) -> str:
    datatype = str(constraint.terms[0].value)
    if datatype in _CHECKED_ELSEWHERE:
        raise NotCompiledError(f"the engine does not check the form of <{datatype}>")
    if datatype in _KEPT_AS_INTEGER:
        return "false"
    same = f"COALESCE(DATATYPE({value}) = {written(constraint.terms[0])}, false)"
    if datatype not in _CASTS:
        return same
    return f"({same} && COALESCE(isLITERAL(<{datatype}>({value})), false))"


def _node_kind(constraint: Constraint, value: str) -> str:
    kind = str(constraint.terms[0].value).removeprefix(SH)
    return _NODE_KINDS[kind].format(value)


def _length(operator: str) -> Callable[[Constraint, str], str]:
    def test(constraint: Constraint, value: str) -> str:
        bound = int(str(constraint.terms[0].value))
        return f"(!isBLANK({value}) && STRLEN(STR({value})) {operator} {bound})"

    return test


def _language(constraint: Constraint, value: str) -> str:
    ranges = [Literal(str(tag.value)) for tag in constraint.terms]
    tests = [f"LANGMATCHES(LANG({value}), {wanted})" for wanted in ranges]
    return f"(isLITERAL({value}) && {any_of(tests)})"


def _is_one_of(constraint: Constraint, value: str) -> str:
    # IN compares by value and would take 1 for 1.0; IRIs have no other value than themselves.
    iris = [written(term) for term in constraint.terms if isinstance(term, NamedNode)]
    others = [term for term in constraint.terms if not isinstance(term, NamedNode)]
    tests = [f"sameTerm({value}, {written(term)})" for term in others]
    if iris:
        tests.append(f"(isIRI({value}) && {value} IN ({', '.join(iris)}))")
    return any_of(tests)


def _compared(constraint: Constraint, value: str) -> str:
    operator = COMPARED[constraint.component]
    return f"COALESCE({value} {operator} {written(constraint.terms[0])}, false)"


_TESTS: Final[Mapping[str, Callable[[Constraint, str], str]]] = MappingProxyType(
    {
        "Datatype": _datatype,
        "NodeKind": _node_kind,
        "MinExclusive": _compared,
        "MinInclusive": _compared,
        "MaxExclusive": _compared,
        "MaxInclusive": _compared,
        "MinLength": _length(">="),
        "MaxLength": _length("<="),
        "Pattern": pattern_test,
        "LanguageIn": _language,
        "In": _is_one_of,
    }
)
