"""Pieces of SPARQL that say what shapes say: terms, paths, targets.

Terms enter a query in the form of N-Triples, written by the library that read them.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from itertools import count
from typing import Final

from pyoxigraph import BlankNode, NamedNode

from icgraph.errors import NotCompiledError
from icgraph.guard.constraints import Constraint
from icgraph.guard.paths import Path, path_text
from icgraph.guard.shapes import Target, TargetKind
from icgraph.guard.terms import Term

#: A pattern that binds the variable it is given.
Pattern = Callable[[str], str]

_A: Final = "<http://www.w3.org/1999/02/22-rdf-syntax-ns#type>"
_SUBCLASS: Final = "<http://www.w3.org/2000/01/rdf-schema#subClassOf>"
_MANY: Final = 4
#: How the names of our own variables begin; a query in a shape must not have one.
OWN_NAMES: Final = "icg_"


@dataclass(slots=True)
class Vocabulary:
    """What fragments need to know of data and engine, and names that are not used yet.

    `subclasses` tells a class and those below it, `reads_pattern` whether the engine can
    evaluate a constraint of the component Pattern, `predicates` those of the graph.
    """

    subclasses: Callable[[Term], tuple[Term, ...]]
    reads_pattern: Callable[[Constraint], bool]
    predicates: Callable[[], tuple[Term, ...]]
    _numbers: "count[int]" = field(default_factory=count)

    def variable(self) -> str:
        """A variable that no other fragment uses."""
        return f"?{OWN_NAMES}{next(self._numbers)}"

    def instance(self, variable: str, kind: Term) -> str:
        """A pattern that holds when the variable is a SHACL instance of a class (section 3.1)."""
        classes = self.subclasses(kind)
        if any(isinstance(each, BlankNode) for each in classes):
            return f"{variable} {_A}/{_SUBCLASS}* {written(kind)} ."
        if len(classes) == 1:
            return f"{variable} {_A} {written(kind)} ."
        held = self.variable()
        return f"VALUES {held} {{ {' '.join(map(written, classes))} }} {variable} {_A} {held} ."

    def is_instance(self, variable: str, kind: Term) -> str:
        """An expression that is true for a SHACL instance of a class."""
        classes = self.subclasses(kind)
        if 1 < len(classes) <= _MANY and not any(isinstance(c, BlankNode) for c in classes):
            tests = [f"EXISTS {{ {variable} {_A} {written(each)} }}" for each in classes]
            return any_of(tests)
        return f"EXISTS {{ {self.instance(variable, kind)} }}"


def subclass_query(kind: Term) -> str:
    """A query for the classes below one."""
    return f"SELECT DISTINCT ?kind WHERE {{ ?kind {_SUBCLASS}+ {written(kind)} }}"


def absent_query(nodes: Iterable[Term]) -> str:
    """A query for those of the nodes that stand in no statement."""
    values = f"VALUES ?node {{ {' '.join(map(written, nodes))} }}"
    absent = "!EXISTS { ?node ?p ?o } && !EXISTS { ?s ?p ?node }"
    return f"SELECT ?node WHERE {{ {values} FILTER({absent}) }}"


def written(term: Term) -> str:
    """The term as SPARQL; a blank node of the shapes cannot be named in a query."""
    if isinstance(term, BlankNode):
        raise NotCompiledError("it names a blank node")
    return str(term)


def step(subject: str, path: Path, value: str) -> str:
    """A triple pattern along a path."""
    return f"{subject} {path_text(path, lambda iri: str(NamedNode(iri)))} {value} ."


def exists(focus: str, path: Path, value: str, words: Vocabulary, condition: str = "") -> str:
    """An expression: a value of the path, for which the condition holds.

    The engine joins patterns within EXISTS without regard to what is bound outside, so every
    step is an EXISTS of its own, which is a look-up.
    """
    if path.operator == "sequence":
        *before, last = path.parts
        between = [words.variable() for _ in before]
        starts, ends = [focus, *between], [*between, value]
        text = condition
        for start, part, end in zip(starts[::-1], [last, *before[::-1]], ends[::-1], strict=True):
            text = exists(start, part, end, words, text)
        return text
    if path.operator == "alternative" and not condition:
        return any_of(exists(focus, part, value, words) for part in path.parts)
    kept = f" FILTER({condition})" if condition else ""
    return f"EXISTS {{ {step(focus, path, value)}{kept} }}"


def target_pattern(targets: Iterable[Target], words: Vocabulary) -> Pattern:
    """The focus nodes that targets name, each at least once (section 2.1)."""

    def pattern(variable: str) -> str:
        given = list(targets)
        nodes = [target.value for target in given if target.kind is TargetKind.NODE]
        parts = [_target(target, variable, words) for target in given if target.value not in nodes]
        if nodes:
            parts.append(f"VALUES {variable} {{ {' '.join(map(written, nodes))} }}")
        return parts[0] if len(parts) == 1 else union(parts)

    return pattern


def _target(target: Target, variable: str, words: Vocabulary) -> str:
    match target.kind:
        case TargetKind.CLASS:
            return words.instance(variable, target.value)
        case TargetKind.SUBJECTS_OF:
            return f"{variable} {written(target.value)} {words.variable()} ."
        case _:
            return f"{words.variable()} {written(target.value)} {variable} ."


def target_test(targets: Iterable[Target], variable: str, words: Vocabulary) -> str:
    """An expression: the variable is a focus node of one of the targets, which name no nodes."""
    tests = [
        words.is_instance(variable, target.value)
        if target.kind is TargetKind.CLASS
        else f"EXISTS {{ {_target(target, variable, words)} }}"
        for target in targets
    ]
    return any_of(tests)


def union(patterns: Iterable[str]) -> str:
    """The union of patterns."""
    return " UNION ".join(f"{{ {pattern} }}" for pattern in patterns)


def all_of(tests: Iterable[str]) -> str:
    """The conjunction of expressions."""
    return _balanced(list(tests), " && ", "true")


def any_of(tests: Iterable[str]) -> str:
    """The disjunction of expressions."""
    return _balanced(list(tests), " || ", "false")


def _balanced(tests: list[str], operator: str, empty: str) -> str:
    # A parser that calls itself for every operator would die of a long list.
    if len(tests) <= 1:
        return tests[0] if tests else empty
    half = len(tests) // 2
    halves = (_balanced(part, operator, empty) for part in (tests[:half], tests[half:]))
    return f"({operator.join(halves)})"
