"""All that the page of a record shows, read in few steps.

First the record, its document and who points at it; then what it shows whole, its likes and what
sources claim; the names of everything they mention in the end, of which most are known already.
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any, Final

from pyoxigraph import NamedNode

from icgraph.discovery.asking import Asking, answer, once, together
from icgraph.discovery.changed import LastChange, seek_last_change
from icgraph.discovery.claims import Claim, seek_claims
from icgraph.discovery.links import Links, Succession, seek_links, seek_successions
from icgraph.discovery.networks import Members, seek_members
from icgraph.discovery.pictures import Point, seek_points
from icgraph.discovery.reading import Reading, Term
from icgraph.discovery.records import (
    Record,
    merge,
    record_query,
    seek_document,
    seek_records,
    with_neighbours,
)
from icgraph.discovery.similar import Similar, seek_similar
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
    points: Mapping[str, Point]
    last_change: LastChange

    def told(self, name: str) -> tuple[Term, ...]:
        """What provenance says of the record's document by a property."""
        return self.document.get(self.record.reading.expand(name), ())

    @property
    def places(self) -> list[str]:
        """The places a map of it shows: itself, or the places it names but countries."""
        return _places(self.record)

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
    return answer(reading, _seek_view(reading, name, page))


def _seek_view(reading: Reading, name: RecordName, page: int) -> Asking[View | None]:
    found, links, told, last_change, members = yield from together(
        _seek_record(reading, name),
        seek_links(reading, reading.base.record(name), page),
        seek_document(reading, name),
        seek_last_change(reading, name),
        _seek_members(reading, name),
    )
    if found is None:
        return None
    record, related, successions, claims, similar, points = found
    named = {found.successor for each in successions.values() for found in each}
    named |= {iri for claim in claims for iri in claim.named} | {one.iri for one in similar}
    named |= {
        term.value for terms in told.values() for term in terms if isinstance(term, NamedNode)
    }
    own = merge(record.statements, *(each.statements for each in related))
    whole = yield from with_neighbours(reading, own, named)
    statements = merge(whole, links.known, members.known)
    return View(
        replace(record, statements=statements),
        links,
        {each.iri: replace(each, statements=statements) for each in related},
        successions,
        told,
        claims,
        members,
        similar,
        points,
        last_change,
    )


def _seek_record(reading: Reading, name: RecordName) -> Asking[tuple[Any, ...] | None]:
    """The record, and what is read of it once it is known; None where there is none."""
    for record in (yield from seek_records(reading, [name])):
        related = _related(record)
        around = yield from together(
            _seek_related(reading, related),
            seek_successions([record.iri, *map(reading.base.record, related)]),
            seek_claims(reading, record),
            seek_similar(record),
            seek_points([NamedNode(iri) for iri in _places(record)]),
        )
        return (record, *around)
    return None


def _seek_related(reading: Reading, names: list[RecordName]) -> Asking[list[Record]]:
    """Kept, for all practices of a project show the project."""
    return once(
        reading,
        ("whole", reading.language, *names),
        seek_records(reading, names),
        weight=lambda found: 1 + sum(len(each.statements) for each in found),
    )


def _seek_members(reading: Reading, name: RecordName) -> Asking[Members]:
    if name.kind != "organisation":
        return Members((), 0, {})
    return (yield from seek_members(reading, name))


def _related(record: Record) -> list[RecordName]:
    """What the page shows whole besides the record."""
    iris = [
        term.value
        for property_ in _SHOWN_WHOLE
        for term in record.all(property_)
        if isinstance(term, NamedNode)
    ]
    names = [name for iri in dict.fromkeys(iris) if (name := record.reading.base.name_of(iri))]
    return names[:_MOST_WHOLE]


def _places(record: Record) -> list[str]:
    if record.name.kind == "place":
        return [record.iri]
    countries = {term.value for term in record.all("ic:country")}
    named = [term.value for term in record.all("dcterms:spatial") if isinstance(term, NamedNode)]
    return [iri for iri in named if iri not in countries]
