"""The engine alone, in this process: what a test gives without anything of ours around it."""

from collections.abc import Mapping

from pyoxigraph import (
    DefaultGraph,
    NamedNode,
    Quad,
    QueryResultsFormat,
    QueryTriples,
    RdfFormat,
    Store,
    serialize,
)

from tests.conformance.results import quads_of
from tests.conformance.sameness import Row
from tests.conformance.suite import BASE, Dataset
from tests.conformance.verdict import Reply

#: By media type; what is in no other is asked for in JSON.
_FORMATS: Mapping[str, QueryResultsFormat] = {
    "application/sparql-results+xml": QueryResultsFormat.XML,
    "text/csv": QueryResultsFormat.CSV,
    "text/tab-separated-values": QueryResultsFormat.TSV,
}


class Engine:
    """A store in memory."""

    def __init__(self) -> None:
        self._store = Store()

    def hold(self, dataset: Dataset) -> None:
        """Hold this dataset and nothing else."""
        self._store.clear()
        for graph, *triple in quads_of(dataset):
            self._store.add(Quad(*triple, graph or DefaultGraph()))

    def query(self, text: str, media_type: str) -> Reply:
        """The answer in a format; 400 when the query does not parse."""
        try:
            found = self._store.query(text, base_iri=BASE)
        except SyntaxError as error:
            return Reply(400, str(error).encode())
        except RuntimeError as error:
            return Reply(500, str(error).encode())
        if isinstance(found, QueryTriples):
            body = serialize(found, format=RdfFormat.TURTLE)
        else:
            body = found.serialize(format=_FORMATS.get(media_type, QueryResultsFormat.JSON))
        assert body is not None
        return Reply(200, body)

    def update(self, text: str, base: str = BASE) -> Reply:
        """204; 400 when the update does not parse, 500 when it fails."""
        try:
            self._store.update(text, base_iri=base)
        except SyntaxError as error:
            return Reply(400, str(error).encode())
        except (OSError, RuntimeError) as error:
            return Reply(500, str(error).encode())
        return Reply(204, b"")

    def parse_update(self, text: str) -> Reply:
        """204 or 400, whether the update parses.

        It runs, but with addresses that nothing can be loaded from.
        """
        reply = self.update(text.replace("http://", "x://"), base="x://nowhere/")
        return Reply(204, b"") if reply.status == 500 else reply

    def quads(self) -> list[Row]:
        """All that is in the store, graph first."""
        return [
            (
                quad.graph_name if isinstance(quad.graph_name, NamedNode) else None,
                quad.subject,
                quad.predicate,
                quad.object,
            )
            for quad in self._store
        ]
