"""The versions of the dataset: its revisions, as the graph of provenance tells of them."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final

from pyoxigraph import NamedNode

from icgraph.discovery.reading import Reading

_TOLD: Final = """
SELECT ?change ?time ?message WHERE {
  VALUES ?g { UNDEF } VALUES ?change { UNDEF }
  GRAPH ?g { ?change prov:endedAtTime ?time ; rdfs:label ?message }
}
"""


@dataclass(frozen=True, slots=True)
class ToldVersion:
    """A revision, when it was recorded (RFC 3339), and why."""

    number: int
    time: str
    message: str


def read_versions(reading: Reading, numbers: Iterable[int]) -> list[ToldVersion]:
    """These revisions, the newest first; those of which nothing is told are left out."""
    changes = {f"{reading.base.iri}changes/{number}": number for number in numbers if number > 0}
    if not changes:
        return []
    rows = reading.rows(
        _TOLD,
        g=[NamedNode(reading.base.graph("provenance"))],
        change=map(NamedNode, changes),
    )
    told = [
        ToldVersion(changes[row["change"].value], row["time"].value, row["message"].value)
        for row in rows
    ]
    return sorted(told, key=lambda version: -version.number)
