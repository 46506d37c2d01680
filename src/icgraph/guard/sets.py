"""Constraints that can have several results for one focus node, each with a value of its own.

Each is written twice: as patterns that find every result, for queries, and as an expression
that tells whether there is one, for shapes within shapes (SHACL, section 4).
"""

from types import MappingProxyType
from typing import Final

from icgraph.guard.constraints import Constraint
from icgraph.guard.fragments import Vocabulary, exists, step, written
from icgraph.guard.paths import Path
from icgraph.guard.shapes import Shape
from icgraph.guard.values import COMPARED

#: The components, and the columns that tell their results apart.
OF_SETS: Final = MappingProxyType(
    {
        "Closed": ("?value", "?beside"),
        "Equals": ("?value",),
        "LessThan": ("?value", "?beside"),
        "LessThanOrEquals": ("?value", "?beside"),
        "UniqueLang": ("?beside",),
    }
)
_VALUE: Final = "?value"
_BESIDE: Final = "?beside"


def set_patterns(constraint: Constraint, shape: Shape, focus: str, words: Vocabulary) -> list[str]:
    """Patterns that together bind the columns of every result for the focus node."""
    path = shape.path
    if constraint.component == "Closed":
        node = focus if path is None else words.variable()
        before = "" if path is None else step(focus, path, node)
        # Nearly always no predicate of the graph is forbidden: no statement need be looked at.
        forbidden = sorted(set(words.predicates()) - set(constraint.terms), key=str)
        any_of_them = f"VALUES {_BESIDE} {{ {' '.join(map(written, forbidden))} }}"
        return [f"{any_of_them} {before} {node} {_BESIDE} {_VALUE} ."] if forbidden else []
    if constraint.component == "UniqueLang":
        assert path is not None
        other = words.variable()
        pair = f"{step(focus, path, _VALUE)} {step(focus, path, other)}"
        return [f"{pair} FILTER({_same_language(_VALUE, other)}) BIND(LANG({_VALUE}) AS {_BESIDE})"]
    named = Path(iri=str(constraint.terms[0].value))
    if constraint.component == "Equals":
        return _unequal_patterns(path, named, focus, words)
    assert path is not None
    pair = f"{step(focus, path, _VALUE)} {step(focus, named, _BESIDE)}"
    return [f"{pair} FILTER({_not_less(constraint, _VALUE, _BESIDE)})"]


def _unequal_patterns(path: Path | None, named: Path, focus: str, words: Vocabulary) -> list[str]:
    also_named = exists(focus, named, _VALUE, words)
    if path is None:
        return [
            f"BIND({focus} AS {_VALUE}) FILTER(!{also_named})",
            f"{step(focus, named, _VALUE)} FILTER(!sameTerm({_VALUE}, {focus}))",
        ]
    return [
        f"{step(focus, path, _VALUE)} FILTER(!{also_named})",
        f"{step(focus, named, _VALUE)} FILTER(!{exists(focus, path, _VALUE, words)})",
    ]


def set_test(constraint: Constraint, shape: Shape, focus: str, words: Vocabulary) -> str:
    """An expression that is true when the focus node has no such result."""
    path, one, other = shape.path, words.variable(), words.variable()
    if constraint.component == "Closed":
        node = focus if path is None else other
        predicate = words.variable()
        fault = f"{node} {predicate} {one} FILTER({_not_allowed(constraint, predicate)})"
        held = f"EXISTS {{ {fault} }}"
        return f"(!{held if path is None else exists(focus, path, node, words, held)})"
    if constraint.component == "UniqueLang":
        assert path is not None
        twin = exists(focus, path, other, words, _same_language(one, other))
        return f"(!{exists(focus, path, one, words, twin)})"
    named = Path(iri=str(constraint.terms[0].value))
    if constraint.component == "Equals":
        return _equal_test(path, named, focus, words)
    assert path is not None
    greater = exists(focus, named, other, words, _not_less(constraint, one, other))
    return f"(!{exists(focus, path, one, words, greater)})"


def _equal_test(path: Path | None, named: Path, focus: str, words: Vocabulary) -> str:
    value = words.variable()
    if path is None:
        apart = exists(focus, named, value, words, f"!sameTerm({value}, {focus})")
        return f"({exists(focus, named, focus, words)} && !{apart})"
    lacking = exists(focus, path, value, words, f"!{exists(focus, named, value, words)}")
    needless = exists(focus, named, value, words, f"!{exists(focus, path, value, words)}")
    return f"(!{lacking} && !{needless})"


def _not_allowed(constraint: Constraint, predicate: str) -> str:
    return f"{predicate} NOT IN ({', '.join(map(written, constraint.terms))})"


def _same_language(one: str, other: str) -> str:
    return f'LANG({one}) != "" && LANG({one}) = LANG({other}) && !sameTerm({one}, {other})'


def _not_less(constraint: Constraint, value: str, other: str) -> str:
    return f"!COALESCE({value} {COMPARED[constraint.component]} {other}, false)"
