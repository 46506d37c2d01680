"""The one place that knows what is wrong with pySHACL 0.40, and goes round it.

1. It writes `datagraph or sg` for every result and every logical shape; the truth value of
   a graph is its size, and counting walks the whole store: minutes for a real graph.
   `GuardGraph` has a truth value that does not count.
2. rdflib's SPARQL engine is hundreds of times slower than Oxigraph's; an Oxigraph store
   alters literals. `GuardGraph` looks triples up in dictionaries and asks Oxigraph.
3. It drops the language of the messages of SPARQL constraints. `prepare_shapes` writes the
   language into the text, `read_message` takes it out again.
4. It puts values into messages by `re.sub`, which fails on a backslash in a value.
5. It takes `"1"^^xsd:boolean` for `true`, which the switches of SHACL do not allow.
6. rdflib logs a traceback for every literal that is not of its datatype; see `strict`.
7. It raises TypeError where a value is compared with an ill-formed one. `mend_pyshacl` has these
   be not comparable, which is a violation (SHACL, section 4.6.3).

tests/guard/test_pyshacl_workaround.py fails, by name, once a defect is mended.
"""

import logging
import re
import warnings
from collections.abc import Callable, Generator, Iterator, Mapping, Sequence
from contextlib import contextmanager
from functools import cached_property, wraps
from itertools import product
from typing import Any, Final

from pyoxigraph import Quad, QueryBoolean, QuerySolutions, Variable
from pyshacl.constraints.constraint_component import ConstraintComponent
from pyshacl.constraints.core.property_pair_constraints import (
    LessThanConstraintComponent,
    LessThanOrEqualsConstraintComponent,
)
from pyshacl.errors import ConstraintLoadError, ShapeRecursionWarning
from pyshacl.graph_abstraction import RdfLibDataGraph
from rdflib import SH, Graph, Literal
from rdflib import Variable as RdflibVariable
from rdflib.query import Result
from rdflib.term import Identifier

from icgraph.guard.conversion import to_graph, to_pyoxigraph, to_rdflib
from icgraph.guard.sparql_text import refused_word
from icgraph.store.scratch import Evaluate, scratch_store

_MARK: Final = "\x1f"
_SWITCHES: Final = (SH.closed, SH.deactivated, SH.qualifiedValueShapesDisjoint, SH.uniqueLang)
_PLACEHOLDER: Final = re.compile(r"\{[?$](\w+)\}")


class GuardGraph(RdfLibDataGraph):
    """The data as pySHACL wants it: triples from rdflib, SPARQL by Oxigraph."""

    def __init__(self, quads: Sequence[Quad]) -> None:
        graph = to_graph(quads)
        super().__init__(graph.store, graph)
        self._quads = quads

    def __bool__(self) -> bool:
        return True

    def quads(self, quad: Any = (None, None, None, None)) -> Generator[Any, None, None]:
        """The statements that match a pattern, all of them in the one graph there is."""
        for triple in self.impl.triples(quad[:3]):
            yield (*triple, self.impl)

    @cached_property
    def _evaluate(self) -> Evaluate:
        return scratch_store(self._quads)

    def query(  # type: ignore[override]
        self,
        query_object: str,
        *_: object,
        initBindings: Mapping[str, Identifier] | None = None,  # noqa: N803
        **__: object,
    ) -> Result:
        """Evaluate a query of a constraint with some of its variables bound.

        Raises ConstraintLoadError for one that would reach out of the process, in whatever
        spelling the engine takes, and for one that fails.
        """
        if word := refused_word(query_object):
            raise _unusable(f"its query must not use {word}")
        bound = {Variable(name): to_pyoxigraph(term) for name, term in (initBindings or {}).items()}
        try:
            answer = self._evaluate(query_object, bound)
        except RuntimeError as error:
            raise _unusable(str(error)) from None
        if isinstance(answer, QueryBoolean):
            result = Result("ASK")
            result.askAnswer = bool(answer)
            return result
        if not isinstance(answer, QuerySolutions):
            raise TypeError("a constraint is a SELECT or an ASK query")
        result = Result("SELECT")
        names = [RdflibVariable(variable.value) for variable in answer.variables]
        result.vars = names
        result.bindings = [
            {name: to_rdflib(term) for name, term in zip(names, row, strict=True) if term}
            for row in answer
        ]
        return result


def _unusable(problem: str) -> ConstraintLoadError:
    address = "https://www.w3.org/TR/shacl/#sparql-constraints"
    return ConstraintLoadError(problem, address)  # type: ignore[no-untyped-call]


def prepare_shapes(shapes: Graph) -> None:
    """Alter a shapes graph so that pySHACL reads it as it is meant (defects 3 and 5)."""
    for subject, text in list(shapes.subject_objects(SH.message)):
        if isinstance(text, Literal):
            shapes.remove((subject, SH.message, text))
            shapes.add((subject, SH.message, Literal(f"{text.language or ''}{_MARK}{text}")))
    for predicate in _SWITCHES:
        for subject, switch in list(shapes.subject_objects(predicate)):
            if str(switch) == "1":
                shapes.remove((subject, predicate, switch))


def read_message(text: Literal) -> tuple[str, str]:
    """The language and the text of a message; what pySHACL words itself is English."""
    language, mark, words = str(text).partition(_MARK)
    return (language, words) if mark else ("en", str(text))


def _filled(_: ConstraintComponent, message: str, bound: object) -> str:
    """The message with the values of the row in place of `{?name}` and `{$name}`."""
    values: dict[str, object] = {}
    if isinstance(bound, dict):
        values.update(bound)
    elif isinstance(bound, tuple | list):
        values.update(zip(("this", "path", "value"), bound[:3], strict=True))
        values.update(bound[3] if len(bound) > 3 else {})
    named = {str(name): value for name, value in values.items() if value is not None}
    return _PLACEHOLDER.sub(lambda found: str(named.get(found[1], found[0])), message)


def _undescribed(*_: object, **__: object) -> str:
    return ""


def _each_pair(compare: Callable[..., Any]) -> Callable[..., Any]:
    """A comparison of values, pair by pair, in which those that cannot be compared are wrong."""

    @wraps(compare)
    def compared(self: Any, values: Any, others: Any, graph: Any, focus: Any) -> tuple[bool, Any]:
        wrong, results = False, []
        for value, other in product(values, others):
            try:
                failed, found = compare(self, {value}, {other}, graph, focus)
            except TypeError:
                failed, found = True, [self.make_v_result(graph, focus, value_node=value)]
            wrong = wrong or failed
            results += found
        return wrong, results

    return compared


_less: Final = _each_pair(LessThanConstraintComponent._compare_lt)  # noqa: SLF001
_less_or_equal: Final = _each_pair(LessThanOrEqualsConstraintComponent._compare_ltoe)  # noqa: SLF001


def mend_pyshacl() -> None:
    """Replace the functions of defects 4 and 7, and the one that words a report nobody reads.

    To be called before validating, as often as one likes.
    """
    setattr(ConstraintComponent, "make_v_result_description", _undescribed)  # noqa: B010
    setattr(ConstraintComponent, "_format_sparql_based_result_message", _filled)  # noqa: B010
    setattr(LessThanConstraintComponent, "_compare_lt", _less)  # noqa: B010
    setattr(LessThanOrEqualsConstraintComponent, "_compare_ltoe", _less_or_equal)  # noqa: B010


@contextmanager
def strict() -> Iterator[None]:
    """While this lasts, a recursive shape is an error, and rdflib does not log bad literals."""
    logger = logging.getLogger("rdflib.term")
    level = logger.level
    logger.setLevel(logging.ERROR)
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("error", ShapeRecursionWarning)
            yield
    finally:
        logger.setLevel(level)
