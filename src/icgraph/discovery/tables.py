"""All records of a kind with their values, held in memory for one revision, to count from.

A set of records is an integer with a bit for each, so that the count beside a value costs an
`and` and a count of bits: microseconds, where the engine would take a query. How a table is read
from the graph is the matter of `tabulation`.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Final

from pyoxigraph import Literal

from icgraph.discovery.folding import fold
from icgraph.model.labels import choose

#: How a list can be sorted, the first unless another is asked for.
SORTS: Final = ("name", "year", "changed")


@dataclass(frozen=True, slots=True)
class Value:
    """A value of a facet: its code in addresses, what it is called, which records have it.

    `iri` is empty for a year. `certain` are the records that have a year beyond doubt; for all
    other facets they are the same as `records`.
    """

    code: str
    iri: str
    labels: tuple[Literal, ...]
    records: int
    certain: int


@dataclass(frozen=True, slots=True)
class Table:
    """The records of a kind by position, sorted by IRI, and the values of each facet by code."""

    iris: tuple[str, ...]
    labels: tuple[tuple[Literal, ...], ...]
    words: tuple[str, ...]
    changed: tuple[str, ...]
    starts: tuple[int, ...]
    facets: Mapping[str, Mapping[str, Value]]
    _orders: dict[tuple[str, str], Sequence[int]] = field(default_factory=dict)

    @property
    def everything(self) -> int:
        """The set of all records."""
        return (1 << len(self.iris)) - 1

    def matching(self, words: Iterable[str]) -> int:
        """The records in whose names, or their places' names, every one of these words occurs.

        Words are in the form that `fold` gives them.
        """
        found = self.everything
        for word in words:
            hits = (n for n, text in enumerate(self.words) if word in text)
            found &= bits(hits, len(self.iris))
        return found

    def values_of(self, positions: Iterable[int]) -> dict[int, dict[str, list[Value]]]:
        """The values of these records by position and facet; years are left out."""
        found: dict[int, dict[str, list[Value]]] = {position: {} for position in positions}
        wanted = bits(found, len(self.iris))
        for name, values in self.facets.items():
            for value in values.values():
                for position in members(value.records & wanted) if value.iri else ():
                    found[position].setdefault(name, []).append(value)
        return found

    def sorted(self, records: int, sort: str, language: str) -> list[int]:
        """The positions of a set of records: by name, newest start first, or newest change first.

        Records without a start or a change come last; equals are sorted by name.
        """
        marks = f"{records:0{len(self.iris)}b}"[::-1]
        return [position for position in self._order(sort, language) if marks[position] == "1"]

    def _order(self, sort: str, language: str) -> Sequence[int]:
        known = self._orders.get((sort, language))
        if known is None:
            known = self._orders[sort, language] = self._make_order(sort, language)
        return known

    def _make_order(self, sort: str, language: str) -> Sequence[int]:
        if sort == "name":
            names = [
                fold((choose(labels, language) or Literal(iri)).value)
                for labels, iri in zip(self.labels, self.iris, strict=True)
            ]
            return sorted(range(len(names)), key=lambda position: (names[position], position))
        newest: Sequence[int | str] = self.starts if sort == "year" else self.changed
        return sorted(
            self._order("name", language), key=lambda position: newest[position], reverse=True
        )


def members(records: int) -> list[int]:
    """The positions in a small set, in ascending order."""
    found = []
    while records:
        lowest = records & -records
        found.append(lowest.bit_length() - 1)
        records ^= lowest
    return found


def bits(positions: Iterable[int], size: int) -> int:
    """The set of these positions, each below `size`."""
    octets = bytearray(size // 8 + 1)
    for position in positions:
        octets[position >> 3] |= 1 << (position & 7)
    return int.from_bytes(octets, "little")
