"""A small store in memory, for one task of one process.

For work that needs SPARQL on a few thousand statements and then forgets them, such as
the constraints of the guard. Nothing here is a revision: what is served and what is
recorded lies in the log and its projections.
"""

from collections.abc import Callable, Iterable, Mapping
from typing import Any

from pyoxigraph import (
    BlankNode,
    Literal,
    NamedNode,
    Quad,
    QueryBoolean,
    QuerySolutions,
    QueryTriples,
    RdfFormat,
    Store,
    Triple,
    Variable,
)

Bindings = Mapping[Variable, NamedNode | BlankNode | Literal | Triple]
Evaluate = Callable[[str, Bindings], QuerySolutions | QueryBoolean | QueryTriples]


def scratch_store(quads: Iterable[Quad]) -> Evaluate:
    """A function that evaluates queries over these quads, with variables bound beforehand.

    It raises SyntaxError for a query that does not parse, and RuntimeError when a variable
    is bound that a SELECT does not project.
    """
    store = Store()
    store.bulk_extend(quads)

    def evaluate(query: str, bindings: Bindings) -> QuerySolutions | QueryBoolean | QueryTriples:
        return store.query(query, substitutions=dict(bindings))

    return evaluate


def canonical_quads(quads: Iterable[Quad]) -> frozenset[Quad]:
    """The quads as a store gives them back.

    Oxigraph keeps literals by value: `"01"^^xsd:integer` comes back as `1`. What goes into the
    log is canonical, so that the log and its projections agree to the letter.
    """
    store = Store()
    store.bulk_extend(quads)
    return frozenset(store)


def canonical_text(quads: Iterable[Quad]) -> bytes:
    """The same as sorted N-Quads, the form of the log, without a Python object for each quad."""
    store = Store()
    store.bulk_extend(quads)
    text = store.dump(format=RdfFormat.N_QUADS)
    assert text is not None
    return b"".join(sorted(text.splitlines(keepends=True)))


def updated(text: str, base_iri: str | None) -> frozenset[Quad]:
    """What an update makes of an empty store; raises SyntaxError and RuntimeError."""
    store = Store()
    run_updates(store, [text], base_iri)
    return frozenset(store)


def run_updates(store: Store, texts: Iterable[str], base_iri: str | None) -> None:
    """Run updates in turn on a store of this process; raises SyntaxError and RuntimeError."""
    for text in texts:
        store.update(text, base_iri=base_iri)


def ask_empty(text: str, base_iri: str | None) -> object:
    """The first value of the first solution of a SELECT over an empty store."""
    solutions = Store().query(text, base_iri=base_iri)
    assert isinstance(solutions, QuerySolutions)
    return next(solutions)[0]


def terms_of_empty(text: str, base_iri: str | None) -> list[Any]:
    """The first solution of a SELECT over an empty store; raises SyntaxError."""
    solutions = Store().query(text, base_iri=base_iri)
    assert isinstance(solutions, QuerySolutions)
    return list(next(solutions))
