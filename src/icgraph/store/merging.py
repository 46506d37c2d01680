"""A dataset of some graphs of another, its default graph the merge of several of them."""

from collections.abc import Iterable

from pyoxigraph import NamedNode, Quad, Store


def merged(store: Store, default_graphs: Iterable[str], named_graphs: Iterable[str]) -> Store:
    """A new store in memory: what these graphs hold, each statement once; blank nodes stay."""
    made = Store()
    for iri in default_graphs:
        held = store.quads_for_pattern(None, None, None, NamedNode(iri))
        made.bulk_extend(Quad(quad.subject, quad.predicate, quad.object) for quad in held)
    for iri in named_graphs:
        made.bulk_extend(store.quads_for_pattern(None, None, None, NamedNode(iri)))
    return made
