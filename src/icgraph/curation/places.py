"""Places: cities, areas and countries, found by any of their names or made from a mention.

A name means a place only together with its country: Salisbury may lie in Australia. A place
that no line describes is made from the lines that mention it, with its country and sources and
nothing else.
"""

from typing import Final

from pyoxigraph import NamedNode

from icgraph.curation.facts import Fact
from icgraph.curation.ledger import Ledger
from icgraph.curation.localities import Place, describe_locality, place_slug
from icgraph.curation.mappings import Row
from icgraph.curation.names import fold
from icgraph.curation.regions import Regions
from icgraph.curation.sources import Library
from icgraph.curation.statements import (
    Subject,
    new_record,
    plain,
    record_iri,
    state_names,
    text,
)
from icgraph.curation.tally import Tally
from icgraph.errors import InputError

COUNTRY_WIDE: Final = " (country-wide)"


class Gazetteer:
    """All places, by slug and by name within their country."""

    def __init__(
        self,
        countries: dict[str, Row],
        special: list[Row],
        kinds: dict[str, Row],
        library: Library,
        ledger: Ledger,
    ) -> None:
        self._countries = countries
        self._kinds = kinds
        self._library = library
        self._ledger = ledger
        self._special = {(row["country"], fold(row["name"])): row for row in special}
        self._by_name: dict[tuple[str, str], str] = {}
        self._places: dict[str, Place] = {}
        self._countries_used: dict[str, set[NamedNode]] = {}
        for row in special:
            slug = row["slug"] or place_slug(row["country"], row["name"])
            for name in (row["name"], *row.listed("alternatives")):
                self._by_name[row["country"], fold(name)] = slug

    def describe(self, fact: Fact) -> None:
        """Take in a line of the file of cities."""
        name, code = fact.text("name"), fact.text("country_code")
        sources = set(self._library.cite_all(fact.texts("sources"), fact))
        place = self._make(name, code, sources, fact, "name")
        if place.fact is not None:
            raise fact.broken("name", f"is described in {place.fact.where} too", "Keep one line.")
        self._enter(place.slug, name, fact, "name", ("new", ""))
        place.fact = fact
        place.sources = sources
        place.kind = fact.optional_text("kind") or place.kind
        for key, language, other in (
            *(("alt_names", "", each) for each in fact.texts("alt_names")),
            *((f"names.{tag}", tag, each) for tag, each in fact.by_language("names").items()),
        ):
            owner = self._by_name.setdefault((code, fold(other)), place.slug)
            decision = ("same-as-line", "another name in its line")
            if owner != place.slug and key == "alt_names":
                decision = ("same-by-table", "the name of another place, by places.csv")
            else:
                owner = place.slug
            self._enter(owner, other, fact, key, decision, language=language)

    def find(
        self, name: str, code: str, sources: set[NamedNode], where: Fact, key: str = "city"
    ) -> str:
        """The slug of a place that a line names under the key, made if it is new."""
        if name.endswith(COUNTRY_WIDE):
            self._ledger.enter(
                where, key, name, record_iri("place", code.lower()), "same-by-rule",
                reason="the whole country is the place", country=code, place=code.lower(),
            )  # fmt: skip
            return self.country(code, sources, where)
        place = self._make(name, code, sources, where, key)
        self._enter(place.slug, name, where, key, self._decision(place, name))
        return place.slug

    def _decision(self, place: Place, name: str) -> tuple[str, str]:
        if fold(name) == fold(place.name):
            return "same-name", ""
        row = self._special.get((place.country, fold(place.name)))
        if row is not None and fold(name) in map(fold, row.listed("alternatives")):
            return "same-by-table", f"an alternative of {place.name} in places.csv"
        return "same-as-line", f"another name that the line of {place.name} gives"

    def _enter(
        self,
        place: str,
        name: str,
        where: Fact,
        key: str,
        decision: tuple[str, str],
        *,
        language: str = "",
    ) -> None:
        decided, reason = decision
        self._ledger.enter(
            where, key, name, record_iri("place", place), decided,
            reason=reason, country=self.country_of(place).upper(), place=place, language=language,
        )  # fmt: skip

    def line(self, fact: Fact) -> str:
        """The slug of the place that a line of the file of cities describes."""
        return self._by_name[fact.text("country_code"), fold(fact.text("name"))]

    def known(self, name: str, code: str) -> str | None:
        """The slug of a place that lines name already; None where none does."""
        slug = self._by_name.get((code, fold(name)))
        return slug if slug in self._places else None

    def country(self, code: str, sources: set[NamedNode], where: Fact) -> str:
        """The slug of a country, by its code of two letters."""
        if code not in self._countries:
            raise where.broken(
                "country_code", f"is {code!r}, which countries.csv lacks", "Add the country there."
            )
        self._countries_used.setdefault(code, set()).update(sources)
        return code.lower()

    def names_of(self, slug: str) -> list[str]:
        """Every name a place is known by."""
        place = self._places.get(slug)
        if place is None:
            return []
        known = [place.name]
        if place.fact is not None:
            known += [*place.fact.texts("alt_names"), *place.fact.by_language("names").values()]
        row = self._special.get((place.country, fold(place.name)))
        return known + (row.listed("alternatives") if row else [])

    def name_of(self, slug: str) -> str:
        """The name a place is shown by."""
        return self._places[slug].name

    def country_of(self, slug: str) -> str:
        """The slug of the country of a place, which may be a country itself."""
        return slug.partition("-")[0]

    def by_name(self, name: str, codes: set[str] | None = None) -> set[str]:
        """The places of that name, in these countries or in any."""
        return {
            slug
            for (code, folded), slug in self._by_name.items()
            if folded == fold(name) and slug in self._places and (codes is None or code in codes)
        }

    def records(self, tally: Tally) -> list[Subject]:
        """One record for each place, the regions they lie in, and each country."""
        regions = Regions(self._places, self._by_name, self._special, self._kinds, self._ledger)
        regions.put(tally)
        made = [
            self._place_record(self._places[slug], regions.label(self._places[slug]), tally)
            for slug in sorted(self._places)
        ]
        return made + [self._country_record(code) for code in sorted(self._countries_used)]

    def _make(self, name: str, code: str, sources: set[NamedNode], where: Fact, key: str) -> Place:
        slug = self._by_name.setdefault((code, fold(name)), place_slug(code, name))
        place = self._places.get(slug)
        if place is None:
            self.country(code, set(), where)
            row = self._special.get((code, fold(name)))
            place = Place(slug, name, code)
            if row is not None:
                place.kind = row["kind"] or place.kind
            self._places[slug] = place
            if row is not None and row["within"]:
                around = self._make(row["within"], code, set(), where, key)
                place.within = around.slug
                if row["within"] in name:
                    reason = f"the larger place that {name} lies in, by places.csv"
                    self._enter(around.slug, row["within"], where, key, ("same-name", reason))
        if place.fact is None:
            place.sources |= sources
        return place

    def _place_record(self, place: Place, label: str, tally: Tally) -> Subject:
        if place.kind not in self._kinds:
            raise InputError(
                f"{place.fact.where if place.fact else place.slug}: the kind of place "
                f"{place.kind!r} is not in place-kinds.csv.",
                advice="Add it there.",
            )
        record = new_record("place", place.slug, self._kinds[place.kind]["class"])
        country = record_iri("place", place.country.lower())
        record.state("ic:country", country)
        record.state("geo:sfWithin", record_iri("place", place.within) if place.within else country)
        record.state("dcterms:source", *self._sources_of(place))
        others = [text(each) for each in self._alternatives(place)]
        if place.fact is not None:
            others += describe_locality(record, place.fact, tally)
        others += [text(place.name)] if label != place.name else []
        state_names(record, {"en": label}, others)
        return record

    def _alternatives(self, place: Place) -> list[str]:
        seen = place.fact.texts("alt_names") if place.fact else []
        row = self._special.get((place.country, fold(place.name)))
        seen += row.listed("alternatives") if row else []
        return [
            name for name in seen if self._by_name.get((place.country, fold(name))) == place.slug
        ]

    def _sources_of(self, place: Place) -> list[NamedNode]:
        own = place.sources or {
            source
            for other in self._places.values()
            if other.within == place.slug
            for source in self._sources_of(other)
        }
        return sorted(own, key=str)

    def _country_record(self, code: str) -> Subject:
        row = self._countries[code]
        record = new_record("place", code.lower(), "ic:Country")
        state_names(record, {"en": row["en"], "fr": row["fr"]}, [])
        record.state("dcterms:identifier", plain(code))
        inside = sorted(slug for slug, place in self._places.items() if place.country == code)
        seen = [source for slug in inside for source in self._sources_of(self._places[slug])[:1]]
        record.state("dcterms:source", *(seen[:1] or self._countries_used[code]))
        return record
