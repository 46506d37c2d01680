"""Several records side by side: the same rows for each, and what they have in common.

A row stands for a property, or for what lists count of a place. Rows that none of the records
fills are left out; a cell shows its first values and says how many there are.
"""

from bisect import bisect_left
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from typing import Final

from pyoxigraph import Literal, NamedNode

from icgraph.discovery.facets import FACETS
from icgraph.discovery.participants import participants
from icgraph.discovery.reading import Reading
from icgraph.discovery.records import Record
from icgraph.discovery.selection import Narrowed, Selection
from icgraph.discovery.tables import Table
from icgraph.discovery.tabulation import Tables
from icgraph.model.kinds import KINDS
from icgraph.model.labels import choose

#: Values shown in a cell.
SHOWN: Final = 12

#: Row -> the properties it is filled from, the first that says something.
_PROPERTIES: Final = {
    "place": ("dcterms:spatial", "geo:sfWithin"),
    "country": ("ic:country",),
    "status": ("ic:status",),
    "topic": ("dcterms:subject",),
    "target-group": ("ic:targetGroup",),
    "project": ("ic:withinProject",),
    "programme": ("ic:partOfProgramme",),
    "network": ("ic:memberOf",),
    "purpose": ("ic:purpose",),
    "process": ("ic:process",),
    "impact": ("ic:impact",),
    "source": ("dcterms:source",),
}
#: Kinds whose records are counted at a place.
_AT_PLACES: Final = ("practice", "organisation", "partnership")
_TEXTS: Final = frozenset(("target-group", "purpose", "process", "impact"))

#: Rows in the order in which they stand; `practice` and the like count what is at a place.
ROWS: Final = (
    "summary", "kind", "place", "country", "start", "end", "status", "topic", "target-group",
    "participant", "project", "programme", "population", "network", *_AT_PLACES, "purpose",
    "process", "impact", "source",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Item:
    """One value of a cell; `notes` say more of it, such as roles. `shared`: all records have it.

    A number that lists give says by which `facet` they give it.
    """

    text: Literal | str
    iri: str = ""
    notes: tuple[Literal | str, ...] = ()
    facet: str = ""
    shared: bool = False


@dataclass(frozen=True, slots=True)
class Cell:
    """The values of one record: those shown, and how many there are."""

    items: tuple[Item, ...]
    total: int


@dataclass(frozen=True, slots=True)
class Row:
    """A row: its name, and a cell for each record."""

    name: str
    cells: tuple[Cell, ...]


def rows_of(records: Sequence[Record], tables: Tables) -> list[Row]:
    """The rows that at least one of these records fills."""
    rows = []
    for name in ROWS:
        filled = [_items(record, name, tables) for record in records]
        if any(filled):
            rows.append(Row(name, tuple(_cells(filled))))
    return rows


def _cells(filled: Sequence[Sequence[Item]]) -> Iterable[Cell]:
    """Cells with what all have in common marked and put first."""
    common = set.intersection(*({_key(item) for item in items} for items in filled))
    for items in filled:
        marked = [replace(item, shared=len(filled) > 1 and _key(item) in common) for item in items]
        shown = sorted(marked, key=lambda item: not item.shared)[:SHOWN]
        yield Cell(tuple(shown), len(items))


def _key(item: Item) -> str:
    return item.iri or (item.text if isinstance(item.text, str) else item.text.value)


def _items(record: Record, name: str, tables: Tables) -> list[Item]:
    special: dict[str, Callable[[], list[Item]]] = {
        "kind": lambda: _kinds(record),
        "summary": lambda: _text(record, "dcterms:abstract"),
        "start": lambda: _values(record, "ic:startYear"),
        "end": lambda: _values(record, "ic:endYear"),
        "population": lambda: _values(record, "ic:population"),
        "participant": lambda: _participants(record),
    }
    if name in special:
        return special[name]()
    if name in _AT_PLACES:
        return _at_place(record, name, tables)
    if name == "topic" and record.name.kind == "place":
        return _topics_at_place(record, tables)
    for property_ in _PROPERTIES[name]:
        if name in _TEXTS:
            return [Item(text) for text in record.texts(property_)]
        if found := _things(record, property_):
            return found
    return []


def _things(record: Record, property_: str) -> list[Item]:
    return [
        Item(record.label(term.value) or "", term.value)
        for term in record.all(property_)
        if isinstance(term, NamedNode)
    ]


def _kinds(record: Record) -> list[Item]:
    """What it is: its classification, or its class, the more special one where there are two."""
    general = KINDS[record.name.kind].type_iri(record.reading.base.iri)
    found = [
        item
        for property_ in ("org:classification", "dcterms:type", "rdf:type")
        for item in _things(record, property_)
    ]
    special = [item for item in found if item.iri != general]
    return special or found


def _text(record: Record, property_: str) -> list[Item]:
    text = record.text(property_)
    return [] if text is None else [Item(text)]


def _values(record: Record, property_: str) -> list[Item]:
    return [Item(term) for term in record.all(property_) if isinstance(term, Literal)]


def _participants(record: Record) -> list[Item]:
    """Who takes part, with roles; several that have no name lead nowhere."""
    return [
        Item(
            record.label(one.member) or "",
            one.member,
            tuple(record.label(role) or role.rpartition("/")[2] for role in one.roles),
        )
        for one in participants(record)
    ]


def _at_place(record: Record, kind: str, tables: Tables) -> list[Item]:
    """How many records of a kind a place has, as a number."""
    facet = _place_facet(record, kind)
    if not facet:
        return []
    table = tables.get(record.reading, KINDS[kind])
    chosen = Selection({facet: (record.name.slug,)})
    return [Item(str(Narrowed(table, chosen).total), facet=facet)]


def _topics_at_place(record: Record, tables: Tables) -> list[Item]:
    """The topics of the practices in the place."""
    table = tables.get(record.reading, KINDS["place"])
    position = bisect_left(table.iris, record.iri)
    if table.iris[position : position + 1] != (record.iri,):
        return []
    values = table.values_of([position])[position].get("topic", [])
    language = record.reading.language
    return [Item(choose(value.labels, language) or value.code, value.iri) for value in values]


def _place_facet(record: Record, kind: str) -> str:
    """The facet by which records of this kind are found at the place; empty for no place."""
    if record.name.kind != "place":
        return ""
    country = NamedNode(record.reading.base.term("Country")) in record.all("rdf:type")
    facet = "country" if country else "city"
    return facet if any(facet == one.name for one in FACETS[kind]) else ""


def find(
    reading: Reading, tables: Tables, kinds: Iterable[str], text: str, most: int
) -> list[tuple[str, Table, int]]:
    """Records whose names hold these words: (IRI, table, position), at most so many a kind."""
    found = []
    for kind in kinds:
        table = tables.get(reading, KINDS[kind])
        narrowed = Narrowed(table, Selection(text=text))
        positions = narrowed.positions(reading.language)[:most]
        found += [(table.iris[position], table, position) for position in positions]
    return found
