"""A dataset of some graphs of another, one of them the merge of several."""

from collections.abc import Iterable
from uuid import uuid4

from pyoxigraph import NamedNode, Quad, Store

from icgraph.store.embedded import EmbeddedEngine


def merged(
    engine: EmbeddedEngine, merging: Iterable[str], named: Iterable[str]
) -> tuple[EmbeddedEngine, NamedNode]:
    """A copy in memory of these graphs, and the name of the one that holds all of `merging`.

    A statement stands in it once; blank nodes stay the same in all graphs.
    """
    made, graph = Store(), NamedNode(f"urn:uuid:{uuid4()}")
    for iri in merging:
        held = engine.store.quads_for_pattern(None, None, None, NamedNode(iri))
        made.bulk_extend(Quad(quad.subject, quad.predicate, quad.object, graph) for quad in held)
    for iri in named:
        made.bulk_extend(engine.store.quads_for_pattern(None, None, None, NamedNode(iri)))
    return EmbeddedEngine(made), graph
