"""What a reader chose from a list, and how many there would be with one more value.

Of several values of one facet a record has any; it has one of every facet that is chosen. The
count beside a value is the number of results once it is added to what is chosen already.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from functools import reduce
from operator import and_, or_
from typing import Final

from icgraph.discovery.facets import YEAR
from icgraph.discovery.folding import fold
from icgraph.discovery.tables import SORTS, Table, Value

#: Words beyond these are not sought, nor letters of one beyond this.
MOST_WORDS: Final = 8
WORD_LENGTH: Final = 60


@dataclass(frozen=True, slots=True)
class Selection:
    """Values by facet, words, whether years must be certain, and the order of the results."""

    values: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    text: str = ""
    certain: bool = False
    sort: str = SORTS[0]

    @property
    def words(self) -> list[str]:
        """The words sought, as they are compared."""
        return [word[:WORD_LENGTH] for word in fold(self.text).split()][:MOST_WORDS]

    def without(self, facet: str, code: str) -> "Selection":
        """The same without one value."""
        left = {name: codes for name, codes in self.values.items() if name != facet}
        codes = tuple(other for other in self.values.get(facet, ()) if other != code)
        return replace(self, values={**left, facet: codes} if codes else left)


@dataclass(frozen=True, slots=True)
class Choice:
    """A value that can be added, and the number of results with it; or one that is chosen."""

    value: Value
    count: int
    chosen: bool


class Narrowed:
    """A table narrowed by a selection: the results, and the choices that are left."""

    def __init__(self, table: Table, selection: Selection) -> None:
        self.table = table
        self.selection = selection
        self._found = table.matching(selection.words)
        self._parts = {
            name: reduce(or_, (self._having(name, code) for code in codes), 0)
            for name, codes in selection.values.items()
            if codes
        }
        self.records = reduce(and_, self._parts.values(), self._found)

    @property
    def total(self) -> int:
        """How many results there are."""
        return self.records.bit_count()

    def positions(self, language: str) -> list[int]:
        """The results in their order."""
        return self.table.sorted(self.records, self.selection.sort, language)

    def choices(self, facet: str) -> list[Choice]:
        """The values of a facet that results have, and those that are chosen.

        Left out are values that would add nothing, whatever else is chosen.
        """
        chosen = self.selection.values.get(facet, ())
        others = (part for name, part in self._parts.items() if name != facet)
        rest = reduce(and_, others, self._found)
        here = self._parts.get(facet, 0) & rest
        left = rest & ~here
        already = here.bit_count()
        choices = []
        for code, value in self.table.facets[facet].items():
            having = self._having(facet, code)
            if code in chosen or having & rest:
                choices.append(Choice(value, already + (having & left).bit_count(), code in chosen))
        return choices

    def unknown(self) -> list[tuple[str, str]]:
        """The (facet, code) pairs chosen that no record has."""
        return [
            (name, code)
            for name, codes in self.selection.values.items()
            for code in codes
            if code not in self.table.facets[name]
        ]

    def certainly(self, position: int) -> bool:
        """Whether a result has a chosen year beyond doubt."""
        years = self.table.facets[YEAR]
        codes = self.selection.values.get(YEAR, ())
        return any(years[code].certain >> position & 1 for code in codes if code in years)

    def _having(self, facet: str, code: str) -> int:
        value = self.table.facets[facet].get(code)
        if value is None:
            return 0
        return value.certain if self.selection.certain else value.records
