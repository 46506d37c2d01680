"""Asking the graph: the engine, the base and the language of one request, held together.

Query texts are constants. A value enters as a term that we built, in its N-Triples form, in
place of a declared `VALUES ?name { UNDEF }`; nothing a user wrote is ever formatted into a
query. This module knows no particular query.
"""

from collections.abc import Callable, Hashable, Iterable
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Protocol, TypeVar, cast

from pyoxigraph import BlankNode, Literal, NamedNode, RdfFormat, Triple, parse

from icgraph.discovery.kept import Kept
from icgraph.model.iris import Base
from icgraph.model.terms import prefixes

Term = NamedNode | BlankNode | Literal
Row = dict[str, Term]
Value = TypeVar("Value")


class Reader(Protocol):
    """What answers queries: `icgraph.query.execution.Execution` in the service."""

    def head(self) -> int:
        """The newest revision."""
        ...

    def fingerprint(self) -> str:
        """What tells the newest revision from any other."""
        ...

    def rows(self, query: str) -> list[Row]:
        """The solutions of a SELECT; unbound variables are absent."""
        ...

    def graph(self, query: str, media_type: str) -> bytes:
        """The graph of a CONSTRUCT, serialised."""
        ...


@dataclass(frozen=True, slots=True)
class Reading:
    """The view of one request on the graph; `kept` is shared by all that read the same graph."""

    reader: Reader
    base: Base
    language: str
    kept: Kept = field(default_factory=Kept, compare=False)

    def rows(self, query: str, **values: Iterable[NamedNode | Literal]) -> list[Row]:
        """The solutions of a constant SELECT whose `VALUES` are filled with these terms."""
        return self.reader.rows(self.complete(query, **values))

    def graph(self, query: str, media_type: str, **values: Iterable[NamedNode | Literal]) -> bytes:
        """The graph of a constant CONSTRUCT, likewise."""
        return self.reader.graph(self.complete(query, **values), media_type)

    def once(self, key: Hashable, read: Callable[[], Value]) -> Value:
        """What `read` gives, which is called once a revision; nobody may change the value."""
        revision = self.reader.fingerprint()
        found = self.kept.find(revision, [key])
        if key not in found:
            found = {key: read()}
            self.kept.keep(revision, found)
        return cast("Value", found[key])

    def expand(self, name: str) -> str:
        """The IRI of a prefixed name (`dcterms:spatial`); an IRI stays as it is."""
        return _expanded(self.base.iri, name)

    def complete(self, query: str, **values: Iterable[NamedNode | Literal]) -> str:
        """The text that is asked: filled, with the prefixes it uses."""
        for name, terms in values.items():
            query = fill(query, name, terms)
        prologue = "\n".join(
            f"PREFIX {prefix}: {NamedNode(iri)}"
            for prefix, iri in prefixes(self.base.iri).items()
            if f"{prefix}:" in query
        )
        return f"{prologue}\n{query}"


@lru_cache(maxsize=4096)
def _expanded(base: str, name: str) -> str:
    """A page asks for the same few names thousands of times."""
    prefix, _, local = name.partition(":")
    namespace = prefixes(base).get(prefix)
    return name if namespace is None or local.startswith("//") else namespace + local


def fill(query: str, name: str, terms: Iterable[NamedNode | Literal]) -> str:
    """The query with these terms in place of every `VALUES ?name { UNDEF }`."""
    place = f"VALUES ?{name} {{ UNDEF }}"
    if place not in query:
        raise ValueError(f"the query declares no {place}")
    return query.replace(place, f"VALUES ?{name} {{ {' '.join(map(str, terms))} }}")


def read_triples(ntriples: bytes) -> list[Triple]:
    """The statements of a graph that was asked for as N-Triples."""
    return [quad.triple for quad in parse(ntriples, format=RdfFormat.N_TRIPLES)]
