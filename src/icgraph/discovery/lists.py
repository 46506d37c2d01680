"""Lists of records: a page of what was selected, and the numbers that the home page shows.

Sorting and counting happen in a table held in memory; the engine is asked for the records of
the page alone, so that a page costs what it shows.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Final

from pyoxigraph import Literal, NamedNode

from icgraph.discovery.reading import Reading
from icgraph.discovery.records import BRIEF, Record, facts
from icgraph.discovery.selection import Narrowed
from icgraph.model.iris import RecordName, slugify
from icgraph.model.kinds import KINDS

PAGE_LENGTH: Final = 25

#: What a list shows of each record.
LISTED: Final = (
    *BRIEF, "dcterms:abstract", "dcterms:subject", "ic:involves", "ic:managedBy", "ic:grant",
    "ic:withinProject", "geo:sfWithin", "dcterms:isPartOf",
)  # fmt: skip

_NUMBERS: Final = """
SELECT ?type (COUNT(?record) AS ?count) WHERE { VALUES ?type { UNDEF } ?record a ?type }
GROUP BY ?type
"""

_BY_TOPIC: Final = """
SELECT ?thing (COUNT(?practice) AS ?count) WHERE {
  ?thing skos:inScheme ?scheme . VALUES ?scheme { UNDEF }
  OPTIONAL { ?practice dcterms:subject ?thing ; a ic:Practice }
} GROUP BY ?thing
"""

_BY_COUNTRY: Final = """
SELECT ?thing (COUNT(?practice) AS ?count) WHERE {
  ?practice a ic:Practice ; ic:country ?thing
} GROUP BY ?thing
"""


@dataclass(frozen=True, slots=True)
class Page:
    """One page of a list; `number` counts from 1, `positions` are those of the table."""

    records: list[Record]
    positions: list[int]
    total: int
    number: int
    length: int

    @property
    def pages(self) -> int:
        """How many pages the list has, at least one."""
        return max(1, -(-self.total // self.length))

    @property
    def first(self) -> int:
        """The position of the page's first record in the list, from 1."""
        return (self.number - 1) * self.length + 1


@dataclass(frozen=True, slots=True)
class Counted:
    """A topic or a country, its name in the reader's language, and how many practices it has."""

    iri: str
    slug: str
    label: Literal
    count: int


def read_page(reading: Reading, narrowed: Narrowed, number: int, length: int) -> Page:
    """A page of the list; a number beyond the last page gives an empty one."""
    start = (number - 1) * length
    positions = narrowed.positions(reading.language)[start : start + length]
    iris = [narrowed.table.iris[position] for position in positions]
    return Page(_records(reading, iris), positions, narrowed.total, number, length)


def read_numbers(reading: Reading) -> dict[str, int]:
    """How many records each kind has; read once a revision."""
    return reading.once("numbers", lambda: _numbers(reading))


def _numbers(reading: Reading) -> dict[str, int]:
    types = {kind.type_iri(reading.base.iri): kind.name for kind in KINDS.values()}
    rows = reading.rows(_NUMBERS, type=map(NamedNode, types))
    counts = {types[row["type"].value]: int(row["count"].value) for row in rows}
    return {name: counts.get(name, 0) for name in KINDS}


def count_topics(reading: Reading) -> list[Counted]:
    """All topics by name, with the number of practices about each; read once a revision."""
    scheme = NamedNode(f"{reading.base.iri}scheme/topic")
    return reading.once(
        ("topics", reading.language), lambda: _counted(reading, _BY_TOPIC, scheme=[scheme])
    )


def count_countries(reading: Reading) -> list[Counted]:
    """The countries that have practices, by name; read once a revision."""
    return reading.once(("countries", reading.language), lambda: _counted(reading, _BY_COUNTRY))


def _records(reading: Reading, iris: Sequence[str]) -> list[Record]:
    statements = facts(reading, iris, LISTED)
    names = ((iri, reading.base.name_of(iri)) for iri in iris)
    return [
        Record(name, iri, (iri,), statements, reading) for iri, name in names if name is not None
    ]


def _counted(
    reading: Reading, query: str, **values: Iterable[NamedNode | Literal]
) -> list[Counted]:
    counts = {
        row["thing"].value: int(row["count"].value)
        for row in reading.rows(query, **values)
        if isinstance(row["thing"], NamedNode)  # a graph that nobody checked may have others
    }
    known = facts(reading, counts, ["rdfs:label"])
    things = []
    for iri, count in counts.items():
        slug = iri.rpartition("/")[2]
        name = RecordName("place", slug)
        label = Record(name, iri, (iri,), known, reading).label() or Literal(slug)
        things.append(Counted(iri, slug, label, count))
    return sorted(things, key=lambda thing: (slugify(thing.label.value), thing.iri))
