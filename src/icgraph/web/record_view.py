"""All that the page of a record shows, read with few questions to the graph.

The record, who points at it, what it shows whole, its likes, what sources claim: each is read
once, and the names of everything they mention in one go at the end.
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Final

from pyoxigraph import NamedNode

from icgraph.discovery.claims import Claim, read_claims
from icgraph.discovery.links import Links, Succession, read_links, read_successions
from icgraph.discovery.networks import Members, read_members
from icgraph.discovery.reading import Reading, Term
from icgraph.discovery.records import (
    Record,
    merge,
    read_alone,
    read_document,
    record_query,
    with_neighbours,
)
from icgraph.discovery.similar import Similar, read_similar
from icgraph.discovery.timeline import Timeline, timeline
from icgraph.model.iris import RecordName
from icgraph.web.citation import Citation

#: Things a page shows with their own parts, such as the group a practice centres on.
_SHOWN_WHOLE: Final = ("ic:centresOn", "ic:withinProject", "dcterms:isPartOf", "ic:grewOutOf")
_MOST_WHOLE: Final = 20


@dataclass(frozen=True, slots=True)
class View:
    """All that the page of a record shows."""

    record: Record
    links: Links
    related: Mapping[str, Record]
    successions: Mapping[str, list[Succession]]
    document: Mapping[str, tuple[Term, ...]]
    claims: list[Claim]
    members: Members
    similar: list[Similar]

    def told(self, name: str) -> tuple[Term, ...]:
        """What provenance says of the record's document by a property."""
        return self.document.get(self.record.reading.expand(name), ())

    @property
    def timeline(self) -> Timeline | None:
        """When it was, to be drawn."""
        return timeline(self.record)

    @property
    def query(self) -> str:
        """The question that was asked for the record's own statements."""
        return record_query(self.record.reading, self.record.name)

    @property
    def citation(self) -> Citation:
        """How to cite it, as it is now."""
        return cite(self.record, self.document)


def cite(record: Record, document: Mapping[str, tuple[Term, ...]]) -> Citation:
    """How to cite a record, given what provenance says of its document."""
    modified = document.get(record.reading.expand("dcterms:modified"), ())
    title = record.label()
    return Citation(
        title.value if title else record.name.slug,
        record.iri,
        f"icgraph-{record.name.kind}-{record.name.slug}",
        record.reading.reader.head(),
        max((term.value[:10] for term in modified), default=None),
        title.language if title else None,
    )


def read_view(reading: Reading, name: RecordName, page: int = 1) -> View | None:
    """The record with this name and what its page shows besides, or None.

    `page` is that of the links that point at it.
    """
    for record in read_alone(reading, [name]):
        return _view(reading, record, page)
    return None


def _view(reading: Reading, record: Record, page: int) -> View:
    links = read_links(reading, record.iri, page)
    related = _related(reading, record)
    successions = read_successions(reading, [record.iri, *(each.iri for each in related)])
    claims = read_claims(reading, record)
    of_network = record.name.kind == "organisation"
    members = read_members(reading, record.name) if of_network else Members((), 0, {})
    similar = read_similar(reading, record)
    told = read_document(reading, record.name)
    named = {found.successor for each in successions.values() for found in each}
    named |= {iri for claim in claims for iri in claim.named} | {one.iri for one in similar}
    named |= {
        term.value for terms in told.values() for term in terms if isinstance(term, NamedNode)
    }
    own = merge(record.statements, *(each.statements for each in related))
    statements = merge(with_neighbours(reading, own, named), links.known, members.known)
    return View(
        replace(record, statements=statements),
        links,
        {each.iri: replace(each, statements=statements) for each in related},
        successions,
        told,
        claims,
        members,
        similar,
    )


def _related(reading: Reading, record: Record) -> list[Record]:
    iris = [
        term.value
        for property_ in _SHOWN_WHOLE
        for term in record.all(property_)
        if isinstance(term, NamedNode)
    ]
    names = [name for iri in dict.fromkeys(iris) if (name := reading.base.name_of(iri))]
    return read_alone(reading, names[:_MOST_WHOLE])
