"""Reading tables from the graph, once a revision.

Each facet is read by a query of its own, so that no result is larger than its facet. While they
are asked the graph may change: a table is known by the revision that was the newest before it was
read, so one that mixes two revisions answers those who wait for it, and nobody after them.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from threading import Lock
from types import MappingProxyType
from typing import Final

from pyoxigraph import Literal, NamedNode

from icgraph.discovery.facets import FACETS, YEAR, facet_queries
from icgraph.discovery.folding import fold
from icgraph.discovery.reading import Reading, Row
from icgraph.discovery.records import facts
from icgraph.discovery.tables import Table, Value, bits
from icgraph.errors import ResultTooLarge
from icgraph.model.kinds import KINDS, Kind

#: Years outside are slips of the pen; they must not make a thousand values.
YEARS: Final = range(1900, 2101)

#: Facets whose values' names are sought with the record's own.
_PLACES: Final = frozenset(("city", "country"))
_LABELS_AT_ONCE: Final = 1000


class Tables:
    """The newest table of each kind that was asked for; safe to use from several threads.

    While one thread reads a table, others that need it wait for it; there is never more than
    one of a kind in memory, beside the one that is being read.
    """

    def __init__(self) -> None:
        self._locks = {name: Lock() for name in KINDS}
        self._kept: dict[str, tuple[str, Table]] = {}

    def get(self, reading: Reading, kind: Kind) -> Table:
        """The table of a kind as the newest revision has it."""
        with self._locks[kind.name]:
            fingerprint = reading.reader.fingerprint()
            known, table = self._kept.get(kind.name, ("", None))
            if table is None or known != fingerprint:
                table = read_table(reading, kind)
                self._kept[kind.name] = (fingerprint, table)
            return table


def read_table(reading: Reading, kind: Kind) -> Table:
    """Read the table of a kind from the graph."""
    by_facet = {
        name: _rows(reading, kind, name, query) for name, query in facet_queries(kind.name).items()
    }
    found = {row["record"].value for row in by_facet["label"]}
    iris = tuple(sorted(iri for iri in found if reading.base.name_of(iri)))
    positions = {iri: position for position, iri in enumerate(iris)}
    for name, rows in by_facet.items():
        by_facet[name] = [row for row in rows if row["record"].value in positions]
    facets = _facets(reading, kind, by_facet, positions)
    names = _texts(by_facet["label"], positions)
    others = _texts(by_facet["other"], positions)
    return Table(
        iris,
        names,
        _words(iris, names, others, _places(by_facet, facets, positions)),
        _changed(by_facet["changed"], positions),
        _starts(by_facet.get(YEAR, []), positions),
        MappingProxyType(facets),
    )


def _rows(reading: Reading, kind: Kind, facet: str, query: str) -> list[Row]:
    values = {"type": [NamedNode(kind.type_iri(reading.base.iri))]}
    if "?g" in query:
        values["g"] = [NamedNode(reading.base.graph("provenance"))]
    try:
        return reading.rows(query, **values)
    except ResultTooLarge as error:
        raise ResultTooLarge(
            f"The graph has too many records to list /{kind.path}: what is read of their "
            f"{facet} is more than one result may hold.",
            advice="Ask for them in SPARQL; whoever runs the service can allow more.",
            **error.members,
        ) from None


def _facets(
    reading: Reading, kind: Kind, rows: Mapping[str, list[Row]], positions: Mapping[str, int]
) -> dict[str, Mapping[str, Value]]:
    found: dict[str, dict[str, tuple[set[str], set[int]]]] = {}
    for facet in FACETS[kind.name]:
        values = found[facet.name] = {}
        for row in rows.get(facet.name, []) if facet.name != YEAR else []:
            if isinstance(value := row["value"], NamedNode):
                code = value.value.rpartition("/")[2]
                iris, having = values.setdefault(code, (set(), set()))
                iris.add(value.value)
                having.add(positions[row["record"].value])
    labels = _labels(
        reading, {iri for values in found.values() for iris, _ in values.values() for iri in iris}
    )
    size = len(positions)
    facets: dict[str, Mapping[str, Value]] = {}
    for name, values in found.items():
        facets[name] = {
            code: _value(code, min(iris), labels, bits(having, size))
            for code, (iris, having) in values.items()
        }
    if YEAR in facets:
        facets[YEAR] = _years(rows.get(YEAR, []), positions)
    return facets


def _value(code: str, iri: str, labels: Mapping[str, tuple[Literal, ...]], records: int) -> Value:
    return Value(code, iri, labels.get(iri, ()), records, records)


def _labels(reading: Reading, iris: Iterable[str]) -> dict[str, tuple[Literal, ...]]:
    wanted = sorted(iris)
    found: dict[str, tuple[Literal, ...]] = {}
    for start in range(0, len(wanted), _LABELS_AT_ONCE):
        statements = facts(reading, wanted[start : start + _LABELS_AT_ONCE], ["rdfs:label"])
        for iri, by_property in statements.items():
            terms = [term for terms in by_property.values() for term in terms]
            found[iri] = tuple(term for term in terms if isinstance(term, Literal))
    return found


def _years(rows: Iterable[Row], positions: Mapping[str, int]) -> dict[str, Value]:
    """The years in which records were active: possibly (`records`) and certainly.

    Possibly: not begun after its end and not ended before its start, as far as is known.
    Certainly: begun before its end, and known to go on in it or after it.
    """
    possible: defaultdict[int, set[int]] = defaultdict(set)
    certain: defaultdict[int, set[int]] = defaultdict(set)
    spans = [(positions[row["record"].value], *_span(row)) for row in rows]
    mentioned = [
        year for _, *years in spans for year in years if year is not None and year in YEARS
    ]
    last = max(mentioned, default=YEARS.start)
    for position, begun, surely_begun, surely_on, ended in spans:
        for year in range(max(begun, YEARS.start), min(last if ended is None else ended, last) + 1):
            possible[year].add(position)
            if surely_on is not None and surely_begun <= year <= surely_on:
                certain[year].add(position)
    size = len(positions)
    return {
        str(year): Value(str(year), "", (), bits(having, size), bits(certain[year], size))
        for year, having in sorted(possible.items())
    }


def _span(row: Row) -> tuple[int, int, int | None, int | None]:
    """The years of a row's four days; a start is always known, an end need not be.

    In a graph that nobody checked there may be other texts: they tell nothing.
    """
    days = row["value"].value.split("/")
    years = [int(day[:4]) if day[:4].isdecimal() else None for day in days]
    begun, surely_begun, surely_on, ended = years if len(years) == 4 else [None] * 4
    return (begun or 0, surely_begun or YEARS.stop, surely_on, ended)


def _texts(rows: Iterable[Row], positions: Mapping[str, int]) -> tuple[tuple[Literal, ...], ...]:
    texts: list[tuple[Literal, ...]] = [()] * len(positions)
    for row in rows:
        if isinstance(value := row.get("value"), Literal):
            texts[positions[row["record"].value]] += (value,)
    return tuple(texts)


def _places(
    rows: Mapping[str, list[Row]],
    facets: Mapping[str, Mapping[str, Value]],
    positions: Mapping[str, int],
) -> Iterator[tuple[int, Value]]:
    """Each record's position with each place of it."""
    for facet in _PLACES & set(facets):
        for row in rows.get(facet, []):
            value = facets[facet].get(row["value"].value.rpartition("/")[2])
            if value is not None:
                yield positions[row["record"].value], value


def _words(
    iris: Sequence[str],
    names: Sequence[tuple[Literal, ...]],
    others: Sequence[tuple[Literal, ...]],
    places: Iterable[tuple[int, Value]],
) -> tuple[str, ...]:
    """What is searched for words: names, slugs, and those of places, one a line."""
    lines = [
        [fold(iri.rpartition("/")[2]), *(fold(text.value) for text in (*names[n], *others[n]))]
        for n, iri in enumerate(iris)
    ]
    for position, place in places:
        lines[position] += [fold(place.code), *(fold(label.value) for label in place.labels)]
    return tuple("\n".join(texts) for texts in lines)


def _changed(rows: Iterable[Row], positions: Mapping[str, int]) -> tuple[str, ...]:
    """When each was changed last, in the form of xsd:dateTime; empty where it is not told."""
    moments = [""] * len(positions)
    for row in rows:
        position = positions[row["record"].value]
        moments[position] = max(moments[position], row["value"].value)
    return tuple(moments)


def _starts(rows: Iterable[Row], positions: Mapping[str, int]) -> tuple[int, ...]:
    """The year in which each began at the earliest; 0 where it is not known."""
    years = [0] * len(positions)
    for row in rows:
        years[positions[row["record"].value]] = _span(row)[0]
    return tuple(years)
