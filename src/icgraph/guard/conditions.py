"""Constraints as SPARQL expressions that are true where they are met, and never an error.

Every expression speaks of a focus node and, for components that look at values one by one, of
a value node. What has no translation raises NotCompiledError (SHACL, section 4).
"""

from collections.abc import Mapping
from typing import Final

from icgraph.errors import NotCompiledError
from icgraph.guard.constraints import Constraint
from icgraph.guard.fragments import (
    Vocabulary,
    all_of,
    any_of,
    exists,
    step,
    written,
)
from icgraph.guard.paths import Path
from icgraph.guard.sets import OF_SETS, set_test
from icgraph.guard.shapes import Shape
from icgraph.guard.terms import Term
from icgraph.guard.values import value_test

#: The components that judge value nodes one by one; their results have a `sh:value`.
OF_VALUES: Final = frozenset(
    {"Class", "Datatype", "NodeKind", "MinExclusive", "MinInclusive", "MaxExclusive"}
    | {"MaxInclusive", "MinLength", "MaxLength", "Pattern", "LanguageIn", "In", "Disjoint"}
    | {"Not", "And", "Or", "Xone", "Node"}
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
            wrong = exists(focus, shape.path, value, self.words, f"!{all_of(tests)}")
            tests = [f"(!{wrong})"]
        tests += [
            self.of_focus(constraint, shape, focus)
            for constraint in shape.constraints
            if constraint.component not in OF_VALUES and constraint.component != "Property"
        ]
        return all_of(tests)

    def of_value(self, constraint: Constraint, focus: str, value: str) -> str:
        """That a value node of the focus meets a constraint that judges values."""
        match constraint.component:
            case "Class":
                return self.words.is_instance(value, constraint.terms[0])
            case "Disjoint":
                return f"NOT EXISTS {{ {focus} {written(constraint.terms[0])} {value} }}"
            case "Pattern" if not self.words.reads_pattern(constraint):
                raise NotCompiledError("the engine does not know such a pattern")
        if constraint.shapes:
            return self._logical(constraint, value)
        return value_test(constraint, value)

    def _logical(self, constraint: Constraint, value: str) -> str:
        tests = [self.conforms(node, value) for node in constraint.shapes]
        match constraint.component:
            case "Not":
                return f"(!{tests[0]})"
            case "Or":
                return any_of(tests)
            case "Xone":
                ones = [f"IF({test}, 1, 0)" for test in tests]
                return f"({' + '.join(ones)} = 1)"
        return all_of(tests)

    def of_focus(self, constraint: Constraint, shape: Shape, focus: str) -> str:
        """That a focus node meets a constraint that judges its values together."""
        if constraint.component in OF_SETS:
            return set_test(constraint, shape, focus, self.words)
        match constraint.component:
            case "HasValue":
                return self._has_value(constraint, shape, focus)
            case "MinCount" | "QualifiedMinCount":
                return self._at_least(constraint, shape, focus, _number(constraint))
            case "MaxCount" | "QualifiedMaxCount":
                return f"(!{self._at_least(constraint, shape, focus, _number(constraint) + 1)})"
        raise NotCompiledError("a SPARQL constraint stands within another shape")

    def _has_value(self, constraint: Constraint, shape: Shape, focus: str) -> str:
        term = written(constraint.terms[0])
        if shape.path is None:
            return f"sameTerm({focus}, {term})"
        return exists(focus, shape.path, term, self.words)

    def _at_least(self, constraint: Constraint, shape: Shape, focus: str, number: int) -> str:
        """That there are so many distinct values, of those that conform to the shapes counted."""
        path = shape.path
        assert path is not None
        if number <= 0:
            return "true"
        if number > _COUNTED_BY_PATTERNS:
            return self._counted(constraint, path, focus, number)
        text = ""
        names = [self.words.variable() for _ in range(number)]
        for place, name in reversed(list(enumerate(names))):
            tests = [f"!sameTerm({name}, {other})" for other in names[:place]]
            tests += [self._counts(constraint, name)] if constraint.shapes else []
            tests += [text] if text else []
            text = exists(focus, path, name, self.words, all_of(tests) if tests else "")
        return text

    def _counted(self, constraint: Constraint, path: Path, focus: str, number: int) -> str:
        value = self.words.variable()
        # An alternative is followed from the focus, a sequence would be joined for all of them.
        followed = Path(operator="alternative", parts=(path, path))
        held = step(focus, followed if path.operator == "sequence" else path, value)
        test = f" FILTER({self._counts(constraint, value)})" if constraint.shapes else ""
        enough = f"GROUP BY {focus} HAVING (COUNT(DISTINCT {value}) >= {number})"
        return f"EXISTS {{ SELECT {focus} WHERE {{ {held}{test} }} {enough} }}"

    def _counts(self, constraint: Constraint, value: str) -> str:
        wanted, *siblings = constraint.shapes
        others = [f"(!{self.conforms(sibling, value)})" for sibling in siblings]
        return all_of([self.conforms(wanted, value), *others])


def _number(constraint: Constraint) -> int:
    return int(str(constraint.terms[0].value))
