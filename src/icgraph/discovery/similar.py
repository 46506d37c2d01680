"""Practices like another one, and why: shared projects, organisations, places and topics.

A shared project says more than a shared topic, so each kind of link has a weight. The engine
adds the weights up and gives the first few; which links are shared is told, never hidden in
the number.
"""

from dataclasses import dataclass
from typing import Final

from pyoxigraph import NamedNode

from icgraph.discovery.asking import Asking, rows
from icgraph.discovery.records import Record

SHOWN: Final = 6
_MOST_VALUES: Final = 40

_SIMILAR: Final = f"""
SELECT ?other (SUM(?weight) AS ?score) (GROUP_CONCAT(STR(?shared); SEPARATOR=" ") AS ?why) WHERE {{
  {{ VALUES ?project {{ UNDEF }} ?other ic:withinProject ?project .
    BIND(?project AS ?shared) BIND(6 AS ?weight) }}
  UNION {{ VALUES ?organisation {{ UNDEF }} ?other ic:involves ?organisation .
    BIND(?organisation AS ?shared) BIND(4 AS ?weight) }}
  UNION {{ VALUES ?place {{ UNDEF }} ?other dcterms:spatial ?place .
    BIND(?place AS ?shared) BIND(3 AS ?weight) }}
  UNION {{ VALUES ?topic {{ UNDEF }} ?other dcterms:subject ?topic .
    BIND(?topic AS ?shared) BIND(2 AS ?weight) }}
  VALUES ?record {{ UNDEF }} FILTER(?other != ?record)
  ?other a ic:Practice
}} GROUP BY ?other ORDER BY DESC(?score) ?other LIMIT {SHOWN}
"""

_SHARED: Final = {
    "project": "ic:withinProject",
    "organisation": "ic:involves",
    "place": "dcterms:spatial",
    "topic": "dcterms:subject",
}


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
    values = {
        kind: [term for term in record.all(name) if isinstance(term, NamedNode)][:_MOST_VALUES]
        for kind, name in _SHARED.items()
    }
    kinds = {term.value: kind for kind, terms in values.items() for term in terms}
    if not kinds:
        return []
    found = yield from rows(_SIMILAR, record=[NamedNode(record.iri)], **values)
    order = list(_SHARED)
    return [
        Similar(
            row["other"].value,
            tuple(
                sorted(
                    {(kinds[iri], iri) for iri in row["why"].value.split()},
                    key=lambda pair: (order.index(pair[0]), pair[1]),
                )
            ),
        )
        for row in found
    ]
