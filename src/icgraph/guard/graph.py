"""A graph to validate: something that answers SELECT queries, and can hand out its statements.

The compiled shapes ask it; nothing here knows shapes.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Final, Protocol

from pyoxigraph import Quad, QuerySolutions, QueryTriples, Triple, Variable

from icgraph.guard.terms import Term, default_graph, statement_refused
from icgraph.store.scratch import scratch_store

_ALL: Final = "CONSTRUCT { ?s ?p ?o } WHERE { ?s ?p ?o }"


class Select(Protocol):
    """Evaluates a SELECT query on the default graph, with some of its variables bound.

    Raises SyntaxError for a query that does not parse, and RuntimeError for one that fails.
    """

    def __call__(self, query: str, bindings: Mapping[str, Term] | None = None, /) -> QuerySolutions:
        """The solutions, read as they are asked for."""
        ...


@dataclass(frozen=True, slots=True)
class DataGraph:
    """A graph under validation. `quads` may be slow: it is asked for what is not compiled."""

    select: Select
    quads: Callable[[], Iterable[Quad]]


def graph_of(quads: Iterable[Quad]) -> DataGraph:
    """The default graph of these quads, in memory, as a store would hold it.

    They are read one by one: a million never stand in a list. Raises InputError for a triple term.
    Literals are kept by value: `"01"^^xsd:integer` is `1` (see `store.scratch`).
    """
    evaluate = scratch_store(_plain(default_graph(quads)))

    def select(query: str, bindings: Mapping[str, Term] | None = None) -> QuerySolutions:
        bound = {Variable(name): term for name, term in (bindings or {}).items()}
        found = evaluate(query, bound)
        if not isinstance(found, QuerySolutions):
            raise SyntaxError("a constraint is a SELECT query")
        return found

    def held() -> Iterator[Quad]:
        triples = evaluate(_ALL, {})
        assert isinstance(triples, QueryTriples)
        return (Quad(*triple) for triple in triples)

    return DataGraph(select, held)


def _plain(quads: Iterable[Quad]) -> Iterator[Quad]:
    for quad in quads:
        if isinstance(quad.object, Triple):
            raise statement_refused(quad.object)
        yield quad
