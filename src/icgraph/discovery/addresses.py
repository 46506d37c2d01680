"""Which records there are, with the time of their last change: what a site map lists."""

from dataclasses import dataclass
from typing import Final

from pyoxigraph import Literal, NamedNode

from icgraph.discovery.reading import Reading
from icgraph.model.iris import RecordName

#: So many addresses stand on a page of the map; the protocol allows 50 000.
PAGE_LENGTH: Final = 10_000

# A record that was withdrawn has a document still, and no type any more.
_RECORDS: Final = """
  VALUES ?g { UNDEF }
  GRAPH ?g { ?document foaf:primaryTopic ?record ; dcterms:modified ?modified }
  FILTER EXISTS { ?record a ?type }
"""
_COUNT: Final = f"SELECT (COUNT(*) AS ?count) WHERE {{ {_RECORDS} }}"
_PAGE: Final = (
    f"SELECT ?record ?modified WHERE {{ {_RECORDS} }} ORDER BY ?record LIMIT {PAGE_LENGTH} OFFSET "
)


@dataclass(frozen=True, slots=True)
class Listed:
    """A record, and when it last changed (RFC 3339)."""

    name: RecordName
    modified: str


def count_pages(reading: Reading) -> int:
    """How many pages of records there are; none in an empty graph."""
    count = reading.rows(_COUNT, g=_provenance(reading))[0]["count"]
    assert isinstance(count, Literal)
    return -(-int(count.value) // PAGE_LENGTH)


def list_records(reading: Reading, page: int) -> list[Listed]:
    """The records of a page (from 1), in the order of their IRIs; none beyond the last."""
    query = f"{_PAGE}{(page - 1) * PAGE_LENGTH}"
    listed = []
    for row in reading.rows(query, g=_provenance(reading)):
        name = reading.base.name_of(row["record"].value)
        if name is not None:
            listed.append(Listed(name, row["modified"].value))
    return listed


def _provenance(reading: Reading) -> list[NamedNode]:
    return [NamedNode(reading.base.graph("provenance"))]
