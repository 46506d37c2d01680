"""Regions: the areas that lines of the file of cities name beside a place.

A region written from memory is left out. The name of a region may be that of a city, or of a
place that has a line or a row of its own; the largest place around a city lies in the region.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Final

from icgraph.curation.ledger import Ledger
from icgraph.curation.localities import FROM_MEMORY, Place, place_slug
from icgraph.curation.mappings import Row
from icgraph.curation.names import fold
from icgraph.curation.statements import record_iri
from icgraph.curation.tally import Tally

_REGION: Final = "region"
_AREA: Final = "ic:AdministrativeArea"


@dataclass(frozen=True, slots=True)
class Regions:
    """All places, to which regions are added; `made` are the slugs of these by country and name."""

    places: dict[str, Place]
    by_name: Mapping[tuple[str, str], str]
    special: Mapping[tuple[str, str], Row]
    kinds: Mapping[str, Row]
    ledger: Ledger
    made: dict[tuple[str, str], str] = field(default_factory=dict)

    def put(self, tally: Tally) -> None:
        """Let every place whose line names a region lie in it, by the largest place around it."""
        for place in [self.places[slug] for slug in sorted(self.places)]:
            name = place.fact.optional_text("admin_region") if place.fact else None
            if name is None or place.fact is None:
                continue
            if place.fact.optional_text("admin_region_basis") == FROM_MEMORY:
                tally.leave_out("cities", "admin_region", "written from memory")
                self._enter(place, name, None, "not-a-record", "written from memory")
                continue
            region = self._region(name, place.country)
            self._enter(place, name, region, "same-name", "")
            outermost = place
            while outermost.within is not None:
                outermost = self.places[outermost.within]
            if outermost.slug != region.slug:
                outermost.within = region.slug

    def label(self, place: Place) -> str:
        """The name a place is shown by; a region says so where a city has the same name."""
        if place.slug not in self.made.values():
            return place.name
        other = self.by_name.get((place.country, fold(place.name)))
        return f"{place.name} region" if other in self.places else place.name

    def _region(self, name: str, code: str) -> Place:
        """The area of that name, made if no line or table has it."""
        known = self.by_name.get((code, fold(name)))
        if known in self.places and self._is_area(self.places[known]):
            return self.places[known]
        row = self.special.get((code, fold(name)))
        slug = row["slug"] if row is not None else ""
        slug = self.made.setdefault((code, fold(name)), slug or place_slug(code, f"{name} region"))
        return self.places.setdefault(slug, Place(slug, name, code, _REGION))

    def _is_area(self, place: Place) -> bool:
        return place.kind in self.kinds and self.kinds[place.kind]["class"] == _AREA

    def _enter(
        self, place: Place, name: str, region: Place | None, decision: str, reason: str
    ) -> None:
        assert place.fact is not None
        self.ledger.enter(
            place.fact, "admin_region", name,
            None if region is None else record_iri("place", region.slug), decision,
            reason=reason, country=place.country, place="" if region is None else region.slug,
        )  # fmt: skip
