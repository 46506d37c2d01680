"""A small store in memory, for one task of one process.

For work that needs SPARQL on a few thousand statements and then forgets them, such as
the constraints of the guard. Nothing here is a revision: what is served and what is
recorded lies in the log and its projections.
"""

from collections.abc import Iterable

from pyoxigraph import Quad, Store


def scratch_store(quads: Iterable[Quad]) -> Store:
    """A new store in memory that holds these quads."""
    store = Store()
    store.bulk_extend(quads)
    return store
