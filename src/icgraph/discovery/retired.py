"""Records that have left the graph, as their documents tell in the graph of provenance."""

from dataclasses import dataclass
from typing import Final

from pyoxigraph import Literal, NamedNode

from icgraph.discovery.reading import Reading, Term
from icgraph.discovery.records import Statements, facts, read_document
from icgraph.model.iris import RecordName
from icgraph.model.labels import choose

_GRAPH: Final = """
CONSTRUCT { ?document ?p ?o } WHERE {
  VALUES ?g { UNDEF } VALUES ?document { UNDEF } GRAPH ?g { ?document ?p ?o }
}
"""


@dataclass(frozen=True, slots=True)
class Tombstone:
    """What is left of a record: `titles` it had, when (xsd:dateTime) and why it left.

    `heirs` are the records that replace it, by IRI, and `labels` says what they are called;
    `merged_into` is the one that stands for it, where it was merged.
    """

    name: RecordName
    titles: tuple[Literal, ...]
    moment: Literal
    reasons: tuple[Literal, ...]
    heirs: tuple[str, ...]
    merged_into: RecordName | None
    labels: Statements
    reading: Reading

    @property
    def title(self) -> Literal | None:
        """What the record was called, in the reader's language if possible."""
        return choose(self.titles, self.reading.language)

    @property
    def reason(self) -> Literal | None:
        """Why it left, likewise."""
        return choose(self.reasons, self.reading.language)

    def label(self, iri: str) -> Literal | None:
        """What an heir is called."""
        terms = self.labels.get(iri, {}).get(self.reading.expand("rdfs:label"), ())
        return choose(_literals(terms), self.reading.language)


def read_tombstone(reading: Reading, name: RecordName) -> Tombstone | None:
    """The tombstone of a record, or None where the graph never had it, or has it still."""
    told = read_document(reading, name)

    def values(property_: str) -> tuple[Term, ...]:
        return told.get(reading.expand(property_), ())

    moment = next(iter(_literals(values("prov:invalidatedAtTime"))), None)
    if moment is None:
        return None
    heirs = [heir for term in values("dcterms:isReplacedBy") if (heir := _named(reading, term))]
    winners = [heir for term in values("ic:mergedInto") if (heir := _named(reading, term))]
    iris = tuple(reading.base.record(heir) for heir in heirs)
    return Tombstone(
        name=name,
        titles=_literals(values("dcterms:title")),
        moment=moment,
        reasons=_literals(values("skos:changeNote")),
        heirs=iris,
        merged_into=winners[0] if winners else None,
        labels=facts(reading, iris, ["rdfs:label"]) if iris else {},
        reading=reading,
    )


def tombstone_graph(reading: Reading, name: RecordName, media_type: str) -> bytes:
    """The same as RDF."""
    return reading.graph(
        _GRAPH,
        media_type,
        g=[NamedNode(reading.base.graph("provenance"))],
        document=[NamedNode(reading.base.document(name))],
    )


def _named(reading: Reading, term: Term) -> RecordName | None:
    return reading.base.name_of(term.value) if isinstance(term, NamedNode) else None


def _literals(terms: tuple[Term, ...]) -> tuple[Literal, ...]:
    return tuple(term for term in terms if isinstance(term, Literal))
