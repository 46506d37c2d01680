"""Changes and the agents who made them, as the graph of provenance tells."""

from dataclasses import dataclass
from typing import Final

from pyoxigraph import Literal, NamedNode, Triple

from icgraph.discovery.reading import Reading, read_triples
from icgraph.discovery.records import Statements, collect, facts, merge

SHOWN: Final = 200

# The graph is named last, lest Oxigraph read all of it.
_TOLD: Final = """
SELECT ?s ?p ?o WHERE { GRAPH ?g { VALUES ?s { UNDEF } ?s ?p ?o } VALUES ?g { UNDEF } }
"""
_GRAPH: Final = """
CONSTRUCT { ?s ?p ?o } WHERE { GRAPH ?g { VALUES ?s { UNDEF } ?s ?p ?o } VALUES ?g { UNDEF } }
"""
_CHANGED: Final = f"""
SELECT ?about WHERE {{
  GRAPH ?g {{ VALUES ?s {{ UNDEF }} ?document prov:wasGeneratedBy ?s ; foaf:primaryTopic ?about }}
  VALUES ?g {{ UNDEF }}
}} ORDER BY ?about LIMIT {SHOWN}
"""
_CHANGES: Final = f"""
SELECT ?about WHERE {{
  GRAPH ?g {{ VALUES ?s {{ UNDEF }} ?about prov:wasAssociatedWith ?s }} VALUES ?g {{ UNDEF }}
}} ORDER BY ?about LIMIT {SHOWN}
"""
_COUNT: Final = """
SELECT (COUNT(*) AS ?count) WHERE {
  GRAPH ?g { VALUES ?s { UNDEF } ?document prov:wasGeneratedBy ?s } VALUES ?g { UNDEF }
}
"""


@dataclass(frozen=True, slots=True)
class Happening:
    """A change or an agent: what is told of it, and what it touched, the first `SHOWN` of them.

    `touched` are records for a change, changes for an agent; `count` is the number of records
    whose last change it was.
    """

    iri: str
    statements: Statements
    touched: tuple[str, ...]
    count: int


def read_happening(reading: Reading, iri: str) -> Happening | None:
    """What provenance tells of a change or an agent, or None."""
    where = _where(reading, iri)
    told = collect(reading.rows(_TOLD, **where))
    if not told:
        return None
    rows = [*reading.rows(_CHANGED, **where), *reading.rows(_CHANGES, **where)]
    touched = tuple(row["about"].value for row in rows)
    counted = reading.rows(_COUNT, **where)[0]["count"]
    assert isinstance(counted, Literal)
    agents = [
        term.value
        for terms in told[iri].values()
        for term in terms
        if isinstance(term, NamedNode) and term.value.startswith(reading.base.iri)
    ]
    others = collect(
        row for about in agents for row in reading.rows(_TOLD, **_where(reading, about))
    )
    labels = facts(reading, touched, ["rdfs:label"])
    return Happening(iri, merge(told, others, labels), touched, int(counted.value))


def happening_statements(reading: Reading, iri: str) -> list[Triple]:
    """The same as data, without the records, which may be thousands; empty where unknown."""
    return read_triples(reading.graph(_GRAPH, "application/n-triples", **_where(reading, iri)))


def _where(reading: Reading, iri: str) -> dict[str, list[NamedNode]]:
    return {"g": [NamedNode(reading.base.graph("provenance"))], "s": [NamedNode(iri)]}
