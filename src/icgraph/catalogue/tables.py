"""CSV tables of the records, one a kind: one row a record, in the order of their IRIs.

For spreadsheets: the columns leave out parts and roles, which the RDF has. A column that may
hold several values parts them by `|`; no cell is taken for a formula. What each column means is
told by `metadata`, after the W3C's Metadata Vocabulary for Tabular Data.
"""

import csv
import json
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from enum import Enum
from types import MappingProxyType
from typing import IO, Any, Final, Protocol

from pyoxigraph import Literal, NamedNode, QueryBoolean, QuerySolutions, QueryTriples

from icgraph.catalogue.about import LICENSE
from icgraph.catalogue.cells import plain_cell
from icgraph.model.kinds import KINDS, Kind
from icgraph.model.terms import prefixes

SEPARATOR: Final = "|"
METADATA: Final = "csv-metadata.json"


class Engine(Protocol):
    """What evaluates queries on one revision: `store.embedded.EmbeddedEngine`."""

    def query(self, text: str) -> QuerySolutions | QueryTriples | QueryBoolean:
        """The solutions of a SELECT."""
        ...


class Holds(Enum):
    """What a column holds: IRIs with their names in a column beside them, texts, or one value."""

    LINKS = "links"
    TEXTS = "texts"
    VALUE = "value"


@dataclass(frozen=True, slots=True)
class Column:
    """A column: its name, the path from a record to its values, and what they mean.

    A `language` keeps the texts of that language alone.
    """

    name: str
    path: str
    meaning: str
    holds: Holds = Holds.LINKS
    language: str = ""

    @property
    def heads(self) -> tuple[str, ...]:
        """The heads in the table: links have a second one for names."""
        return (self.name, f"{self.name}_name") if self.holds is Holds.LINKS else (self.name,)


_SOURCES: Final = Column("source", "dcterms:source", "sources that the record cites")
_START: Final = Column("start_year", "ic:startYear", "year in which it began", Holds.VALUE)
_END: Final = Column("end_year", "ic:endYear", "year in which it ended", Holds.VALUE)
_STATUS: Final = Column("status", "ic:status", "state on the day of the harvest")
_PLACES: Final = Column("place", "dcterms:spatial", "where it is")
_TOPICS: Final = Column("topic", "dcterms:subject", "topics, assigned by reading")
_INVOLVES: Final = Column("organisation", "ic:involves", "organisations that take part")
_PROJECT: Final = Column("project", "ic:withinProject", "project to which it belongs")
_ROOTS: Final = Column("grew_out_of", "ic:grewOutOf", "what it grew out of")
_SUMMARY: Final = Column(
    "summary", "dcterms:abstract", "summary in our own words, in English", Holds.TEXTS, "en"
)
_NAMES: Final = (
    Column("name_en", "rdfs:label", "name in English", Holds.TEXTS, "en"),
    Column("name_fr", "rdfs:label", "name in French", Holds.TEXTS, "fr"),
    Column("other_names", "skos:altLabel", "other names, in any language", Holds.TEXTS),
)

#: Kind -> what stands in its table, after the IRI, the name and the names of every kind.
COLUMNS: Final = MappingProxyType(
    {
        "practice": (
            Column("country", "ic:country", "countries"),
            _PLACES, _TOPICS, _START, _END, _STATUS, _SUMMARY,
            Column("target_groups", "ic:targetGroup", "whom it is for", Holds.TEXTS, "en"),
            _INVOLVES,
            Column("partner_place", "ic:partnerPlace", "cities with which it is done"),
            _PROJECT, _ROOTS,
            Column("adapted_from", "ic:adaptedFrom", "what it was adapted from"),
            _SOURCES,
        ),
        "place": (
            Column("country", "ic:country", "country"),
            Column("within", "geo:sfWithin", "larger place in which it lies"),
            Column("network", "ic:memberOf", "networks to which it belongs"),
            Column("code", "dcterms:identifier", "code in ISO 3166-1, of countries", Holds.VALUE),
            Column("population", "ic:population", "inhabitants", Holds.VALUE),
            Column("centroid", "geo:hasCentroid/geo:asWKT", "point as WKT: longitude, latitude",
                   Holds.VALUE),
            Column("same_as", "schema:sameAs", "the same place elsewhere"),
            _SOURCES,
        ),
        "organisation": (
            Column("type", "org:classification", "kind of organisation"),
            _PLACES,
            Column("parent", "org:unitOf|org:subOrganizationOf", "what it is a part of"),
            Column("website", "schema:url", "web site", Holds.TEXTS),
            _START, _END, _STATUS, _INVOLVES, _SOURCES,
        ),
        "project": (
            _PLACES, _START, _END, _STATUS, _SUMMARY, _INVOLVES,
            Column("programme", "ic:partOfProgramme|ic:grant/ic:underProgramme", "programme"),
            Column("funder", "ic:grant/schema:funder", "who gave the grant"),
            Column("grant_number", "ic:grant/dcterms:identifier", "number of the grant",
                   Holds.TEXTS),
            Column("budget", "ic:budget/ic:value", "budget", Holds.TEXTS),
            Column("currency", "ic:budget/ic:currency", "currency of the budget", Holds.TEXTS),
            Column("website", "schema:url", "web site", Holds.TEXTS),
            _ROOTS, _SOURCES,
        ),
        "partnership": (
            _TOPICS, _START, _END, _STATUS, _SUMMARY, _INVOLVES, _PROJECT, _ROOTS, _SOURCES,
        ),
        "activity": (
            Column("type", "dcterms:type", "kind of activity"),
            _PLACES, _START, _END, _STATUS, _SUMMARY, _INVOLVES,
            Column("part_of", "dcterms:isPartOf", "what it is a part of"),
            _PROJECT, _ROOTS, _SOURCES,
        ),
        "programme": (
            Column("managed_by", "ic:managedBy", "who runs it"),
            _SOURCES,
        ),
        "source": (
            Column("url", "schema:url", "address", Holds.TEXTS),
            Column("retrieved", "ic:retrievedAt", "day on which it was read", Holds.VALUE),
            Column("kind", "dcterms:type", "kind of source"),
            Column("language", "dcterms:language", "language, as in the EU's table"),
            Column("drafted_within", "ic:draftedWithin", "project within which it was written"),
            Column("translation_of", "ic:translationOf", "source of which it is a translation"),
        ),
    }
)  # fmt: skip

_VALUES_OF: Final = "SELECT ?record ?value WHERE {{ ?record a <{type}> ; {path} ?value }}"
_ALL: Final = "SELECT ?record WHERE {{ ?record a <{type}> }}"
_LABELS: Final = "SELECT ?thing ?label WHERE { ?thing rdfs:label ?label }"

Term = NamedNode | Literal


def columns(kind: str) -> tuple[Column, ...]:
    """All columns of a kind's table but the first two, the IRI and the name."""
    return (*_NAMES, *COLUMNS[kind])


def heads(kind: str) -> list[str]:
    """The head of a kind's table."""
    return ["iri", "name", *(head for column in columns(kind) for head in column.heads)]


class Tables:
    """The tables of one revision of a graph below `base`."""

    def __init__(self, engine: Engine, base: str) -> None:
        self._engine = engine
        self._base = base
        self._prologue = "".join(
            f"PREFIX {name}: <{iri}>\n" for name, iri in prefixes(base).items()
        )
        self._names = self._read_names()

    def write(self, kind: Kind, target: IO[str]) -> int:
        """Write the table of a kind as CSV (RFC 4180); how many records it has."""
        records = self._records(kind)
        filled = [(column, self._values(kind, column)) for column in columns(kind.name)]
        writer = csv.writer(target)
        writer.writerow(heads(kind.name))
        for record in records:
            cells = [record, self._names.get(record, "")]
            for column, values in filled:
                cells.extend(self._cells(column, values.get(record, ())))
            writer.writerow(map(plain_cell, cells))
        return len(records)

    def _records(self, kind: Kind) -> list[str]:
        start = f"{self._base}id/{kind.name}/"
        rows = self._rows(_ALL.format(type=kind.type_iri(self._base)))
        return sorted(
            {iri.value for (iri,) in rows if iri.value.startswith(start) and "#" not in iri.value}
        )

    def _values(self, kind: Kind, column: Column) -> Mapping[str, Sequence[Term]]:
        """The values of a column by record, each once, in the order of their text."""
        found: dict[str, set[Term]] = defaultdict(set)
        query = _VALUES_OF.format(type=kind.type_iri(self._base), path=column.path)
        for record, value in self._rows(query):
            if not column.language or _language(value) == column.language:
                found[record.value].add(value)
        return {record: sorted(values, key=str) for record, values in found.items()}

    def _cells(self, column: Column, values: Sequence[Term]) -> list[str]:
        if column.holds is Holds.VALUE:
            return [values[0].value if values else ""]
        cells = [SEPARATOR.join(_plain(value.value) for value in values)]
        if column.holds is Holds.LINKS:
            names = (self._names.get(value.value, "") for value in values)
            cells.append(SEPARATOR.join(_plain(name) for name in names))
        return cells

    def _read_names(self) -> dict[str, str]:
        """What things are called: in English, else in French, else in the first language."""
        ranked: dict[str, tuple[tuple[int, str, str], str]] = {}
        order = {"en": 0, "fr": 1}
        for thing, label in self._rows(_LABELS):
            language = _language(label)
            rank = (order.get(language, 2), language, label.value)
            if thing.value not in ranked or rank < ranked[thing.value][0]:
                ranked[thing.value] = (rank, label.value)
        return {thing: name for thing, (_, name) in ranked.items()}

    def _rows(self, query: str) -> Iterator[tuple[Any, ...]]:
        solutions = self._engine.query(self._prologue + query)
        assert isinstance(solutions, QuerySolutions)
        for solution in solutions:
            yield tuple(solution)


def metadata(files: Mapping[str, str]) -> bytes:
    """What the columns mean (CSVW); `files` are the names of the tables by kind."""
    described = {
        "@context": ["http://www.w3.org/ns/csvw", {"@language": "en"}],
        "dc:license": {"@id": LICENSE},
        "tables": [_table(kind, name) for kind, name in files.items()],
    }
    return json.dumps(described, ensure_ascii=False, indent=2).encode() + b"\n"


def _table(kind: str, name: str) -> dict[str, Any]:
    fields = [
        {"name": "iri", "titles": "iri", "dc:description": "IRI of the record",
         "datatype": "anyURI", "required": True},
        {"name": "name", "titles": "name",
         "dc:description": "name in English, else in French, else in another language"},
        *(field for column in columns(kind) for field in _fields(column)),
    ]  # fmt: skip
    return {
        "url": name,
        "dc:title": KINDS[kind].path.capitalize(),
        "tableSchema": {"columns": fields, "primaryKey": "iri"},
    }


def _fields(column: Column) -> Iterator[dict[str, Any]]:
    meaning = {"name": column.name, "titles": column.name, "dc:description": column.meaning}
    if column.holds is Holds.VALUE:
        yield meaning
        return
    links = {"datatype": "anyURI"} if column.holds is Holds.LINKS else {}
    language = {"lang": column.language} if column.language else {}
    yield {**meaning, "separator": SEPARATOR, **links, **language}
    if column.holds is Holds.LINKS:
        beside = f"names of {column.name}, in the same order"
        name = f"{column.name}_name"
        yield {"name": name, "titles": name, "dc:description": beside, "separator": SEPARATOR}


def _language(term: Term) -> str:
    return (term.language or "") if isinstance(term, Literal) else ""


def _plain(text: str) -> str:
    """A value that cannot be taken for several."""
    return text.replace(SEPARATOR, "/")


__all__ = [
    "COLUMNS",
    "METADATA",
    "SEPARATOR",
    "Column",
    "Holds",
    "Tables",
    "columns",
    "heads",
    "metadata",
]
