"""Practices like another one, and why: shared projects, organisations, places and topics.

A shared project says more than a shared topic, so each kind of link has a weight; which links
are shared is told, never hidden in the number. Who shares a topic is the same for all practices
about it, so it is kept: in a large graph thousands do.
"""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from heapq import nlargest
from types import MappingProxyType
from typing import Final

from pyoxigraph import NamedNode

from icgraph.discovery.asking import Asking, rows
from icgraph.discovery.reading import Reading
from icgraph.discovery.records import Record
from icgraph.model.iris import RecordName

SHOWN: Final = 6
_MOST_VALUES: Final = 40

_SHARERS: Final = """
SELECT ?shared (GROUP_CONCAT(STR(?practice); SEPARATOR=" ") AS ?practices) WHERE {
  { VALUES ?project { UNDEF } ?practice ic:withinProject ?project BIND(?project AS ?shared) }
  UNION { VALUES ?organisation { UNDEF } ?practice ic:involves ?organisation
    BIND(?organisation AS ?shared) }
  UNION { VALUES ?place { UNDEF } ?practice dcterms:spatial ?place BIND(?place AS ?shared) }
  UNION { VALUES ?topic { UNDEF } ?practice dcterms:subject ?topic BIND(?topic AS ?shared) }
} GROUP BY ?shared
"""

#: Kind of shared thing -> by which property, and how much it weighs.
_SHARED: Final[Mapping[str, tuple[str, int]]] = MappingProxyType(
    {
        "project": ("ic:withinProject", 6),
        "organisation": ("ic:involves", 4),
        "place": ("dcterms:spatial", 3),
        "topic": ("dcterms:subject", 2),
    }
)


@dataclass(frozen=True, slots=True)
class Similar:
    """A practice like another, and what both have: the kind of each shared thing, and its IRI."""

    iri: str
    shared: tuple[tuple[str, str], ...]

    def of(self, kind: str) -> list[str]:
        """The IRIs of the shared `project`, `organisation`, `place` or `topic`."""
        return [iri for kind_, iri in self.shared if kind_ == kind]


def seek_similar(record: Record) -> Asking[list[Similar]]:
    """The practices that share most with this one, at most `SHOWN`; none for other kinds."""
    if record.name.kind != "practice":
        return []
    shared = [
        (kind, term.value)
        for kind, (property_, _) in _SHARED.items()
        for term in record.all(property_)[:_MOST_VALUES]
        if isinstance(term, NamedNode)
    ]
    sharers = yield from _sharers(record.reading, shared)
    scores: Counter[str] = Counter()
    for kind, iri in shared:
        weight = _SHARED[kind][1]
        for slug in sharers[kind, iri].split():
            scores[slug] += weight
    del scores[record.name.slug]
    return [
        Similar(
            record.reading.base.record(RecordName("practice", slug)),
            tuple(pair for pair in shared if slug in sharers[pair].split()),
        )
        for slug in _best(scores)
    ]


def _sharers(
    reading: Reading, shared: list[tuple[str, str]]
) -> Asking[Mapping[tuple[str, str], str]]:
    """The slugs of the practices that have each of these things, with spaces between them."""
    revision = reading.reader.fingerprint()
    found = reading.kept.find(revision, shared)
    missing = [pair for pair in shared if pair not in found]
    if missing:
        values = {
            kind: [NamedNode(iri) for kind_, iri in missing if kind_ == kind] for kind in _SHARED
        }
        told = {
            row["shared"].value: row["practices"].value
            for row in (yield from rows(_SHARERS, **values))
        }
        practices = f"{reading.base.iri}id/practice/"
        read = {
            pair: " ".join(
                iri.removeprefix(practices)
                for iri in told.get(pair[1], "").split()
                if iri.startswith(practices)
            )
            for pair in missing
        }
        for pair, slugs in read.items():
            reading.kept.keep(revision, {pair: slugs}, weight=1 + len(slugs) // 1000)
        found |= read
    return found


def _best(scores: Mapping[str, int]) -> list[str]:
    """Those with the highest scores, of equals the first by name."""
    least = min(nlargest(SHOWN, scores.values()), default=0)
    found = [slug for slug, score in scores.items() if score >= least]
    return sorted(found, key=lambda slug: (-scores[slug], slug))[:SHOWN]
