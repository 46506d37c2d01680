"""The versions of the dataset: its revisions, as the graph of provenance tells of them."""

from collections.abc import Iterable
from typing import Final

from pyoxigraph import NamedNode

from icgraph.discovery.reading import Reading
from icgraph.model.versions import Version

_TOLD: Final = """
SELECT ?change ?time ?message WHERE {
  VALUES ?g { UNDEF } VALUES ?change { UNDEF }
  GRAPH ?g { ?change prov:endedAtTime ?time ; rdfs:label ?message }
}
"""


def read_versions(reading: Reading, numbers: Iterable[int]) -> list[Version]:
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
        Version(changes[row["change"].value], row["time"].value, row["message"].value)
        for row in rows
    ]
    return sorted(told, key=lambda version: -version.number)
