"""What answers SPARQL: the interface that everything above the store is written against."""

from collections.abc import Sequence
from typing import Protocol

from pyoxigraph import NamedNode, QueryBoolean, QuerySolutions, QueryTriples


class Engine(Protocol):
    """One revision of the graph, ready to be asked."""

    def query(
        self,
        text: str,
        *,
        base_iri: str | None = None,
        default_graphs: Sequence[NamedNode] | None = None,
        named_graphs: Sequence[NamedNode] | None = None,
    ) -> QuerySolutions | QueryTriples | QueryBoolean:
        """Evaluate a SPARQL 1.1 query; raises SyntaxInvalid.

        `default_graphs` and `named_graphs` are the dataset of the request (SPARQL 1.1
        Protocol, section 2.1.4); None leaves the dataset of the query or of the store.
        """
        ...
