"""Organisation records, and the participations of organisations in everything else.

A body's record joins what all mentions say of it. What was written from memory stays out
unless a mention that was seen says the same; a kind that differs is decided by the described
line, else by the majority.
"""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from pyoxigraph import Literal

from icgraph.curation.clusters import best_name
from icgraph.curation.facts import Fact
from icgraph.curation.localities import FROM_MEMORY
from icgraph.curation.mappings import Row
from icgraph.curation.mentions import PART_OF, Mention
from icgraph.curation.names import Languages, without_abbreviation
from icgraph.curation.places import Gazetteer
from icgraph.curation.remarks import Remarks
from icgraph.curation.resolution import Body, Resolution, SpecialCases
from icgraph.curation.sources import HARVEST
from icgraph.curation.statements import (
    Subject,
    address,
    day,
    integer,
    new_record,
    record_iri,
    state_cohort,
    state_names,
    state_participation,
    state_period,
    state_years,
    term,
    text,
)
from icgraph.curation.tally import Tally
from icgraph.errors import InputError
from icgraph.model.periods import timing

_MUNICIPALITY: Final = "-municipality"
_CLASSES: Final = {
    "public": "cv:PublicOrganisation",
    "formal": "org:FormalOrganization",
    "unit": "org:OrganizationalUnit",
    "group": "ic:StakeholderGroup",
}


@dataclass(frozen=True, slots=True)
class Bodies:
    """All organisations, and how to speak of them."""

    resolution: Resolution
    types: Mapping[str, Row]
    roles: Mapping[str, Row]
    special: SpecialCases
    languages: Languages
    places: Gazetteer
    remarks: Remarks
    tally: Tally

    def records(self) -> list[Subject]:
        """One record for each body."""
        bodies = self.resolution.bodies
        return [self._record(bodies[slug]) for slug in sorted(bodies)]

    def short_name(self, slug: str) -> str:
        """The name of an organisation within a longer title: a municipality's is its city's."""
        place = slug.removesuffix(_MUNICIPALITY)
        if slug.endswith(_MUNICIPALITY) and self.places.names_of(place):
            return self.places.name_of(place)
        return next(iter(self._label(self.resolution.bodies[slug]).values()))

    def party_name(self, mention: Mention) -> str | None:
        """The short name of a party, also of unnamed ones; None where it is no party."""
        slug = self.resolution.slug_of(mention)
        if slug is not None:
            return self.short_name(slug)
        row = self.special.of(mention.name, mention.country, mention.city)
        return mention.name if row is not None and row["treat"] == "cohort" else None

    def state_parties(
        self, record: Subject, parties: Sequence[tuple[Mention, str]], kind: str
    ) -> list[str]:
        """State who takes part in which role; the slugs of the organisations named."""
        roles: dict[str, set[str]] = {}
        for mention, role in parties:
            slug = self.resolution.slug_of(mention)
            row = self.special.of(mention.name, mention.country, mention.city)
            if slug is not None:
                roles.setdefault(slug, set()).add(role)
            elif row is not None and row["treat"] == "cohort":
                label, language = mention.name, self.languages.of(mention.name)
                state_cohort(record, label, language, self._type(mention)["type"], [role])
            else:
                self.tally.leave_out(kind, "organisations", "the name is of no single organisation")
                self.tally.note("Names that stand for no organisation", mention.name)
        for slug, found in roles.items():
            state_participation(record, slug, found - {"partner"} if "lead" in found else found)
        return sorted(roles)

    def role(self, fact: Fact, otherwise: str) -> str:
        """The slug of the role that an object within a line states."""
        word = fact.optional_text("role") or otherwise
        if word not in self.roles:
            raise fact.broken("role", f"is {word!r}, which roles.csv lacks", "Add it there.")
        return self.roles[word]["role"]

    def _type(self, mention: Mention) -> Row:
        if mention.word not in self.types:
            raise InputError(
                f"{mention.where.where}: the type {mention.word!r} of {mention.name!r} is not in "
                "organisation-types.csv.",
                advice="Add it there, with the type of ours that it means.",
            )
        return self.types[mention.word]

    def _record(self, body: Body) -> Subject:
        place = body.slug.removesuffix(_MUNICIPALITY)
        is_municipality = body.slug.endswith(_MUNICIPALITY) and bool(self.places.names_of(place))
        described = [each.described for each in body.mentions if each.described is not None]
        row = self._classification(body)
        parent = None if is_municipality else self._parent(body, described)
        kind = "public" if is_municipality else row["class"]
        if kind == "unit" and parent is None:
            kind = "public"
        if body.unit_of is not None and not is_municipality:
            kind = "unit"
        record = new_record("organisation", body.slug, _CLASSES[kind])
        type_ = "municipality" if is_municipality else row["type"]
        record.state("org:classification", term(f"organisation-type:{type_}"))
        if parent is not None and parent != body.slug:
            link = "org:unitOf" if kind == "unit" else "org:subOrganizationOf"
            record.state(link, record_iri("organisation", parent))
        telling = [m for m in body.mentions if m.described is not None] or body.mentions
        record.state("dcterms:source", *{each for mention in telling for each in mention.sources})
        self._state_places(record, body)
        labels = (
            {"en": f"Municipality of {self.places.name_of(place)}"}
            if is_municipality
            else self._label(body)
        )
        for fact in described:
            for tag, name in fact.by_language("names").items():
                labels.setdefault(tag, name)
            self._describe(record, fact)
        state_names(record, labels, self._other_names(body))
        return record

    def types_told(self, slug: str) -> tuple[set[str], str]:
        """The types that lines give a body, and by what one of them was chosen."""
        body = self.resolution.bodies[slug]
        told = {self._type(mention)["type"] for mention in body.mentions if mention.word}
        if slug.endswith(_MUNICIPALITY):
            return told, "the authority of its place is a municipality"
        if _is_network(body):
            return told, "a line of the file of networks describes it"
        if any(mention.described is not None for mention in body.mentions):
            return told, "the line that describes it says so"
        return told, "most lines say so, or of as many the first by name"

    def _classification(self, body: Body) -> Row:
        if _is_network(body):
            return self.types["city network"]
        described = sorted((m for m in body.mentions if m.described is not None), key=_by_name)
        if described:
            return self._type(described[0])
        rows = [self._type(mention) for mention in body.mentions if mention.word]
        counts = Counter(row["type"] for row in rows)
        chosen = min(counts, key=lambda type_: (-counts[type_], type_))
        return min(
            (row for row in rows if row["type"] == chosen),
            key=lambda row: (row["class"], row["word"]),
        )

    def _parent(self, body: Body, described: Sequence[Fact]) -> str | None:
        if body.unit_of in self.resolution.bodies:
            return body.unit_of
        found = [
            self.resolution.verdicts[fact.where, fact.at, PART_OF, name].slug
            for fact in described
            if (name := fact.optional_text(PART_OF)) is not None
        ]
        if None in found:
            self.tally.leave_out("organisations", PART_OF, "the facts say nothing else of it")
        return next((slug for slug in found if slug is not None), None)

    def _label(self, body: Body) -> dict[str, str]:
        name = body.label or without_abbreviation(best_name(body.mentions))[0]
        return {self.languages.of(name): name}

    def _other_names(self, body: Body) -> list[Literal]:
        names = set(body.names)
        for mention in body.mentions:
            for name in (mention.name, *self._seen_names(mention, body)):
                row = self.special.of(name, mention.country, mention.city)
                if row is not None:
                    names |= set() if row["treat"] == "remark" else {name}
                    continue
                full, short = without_abbreviation(name)
                names |= {full} | ({short} if short else set())
        return [text(name, self.languages.of(name)) for name in sorted(names)]

    def _seen_names(self, mention: Mention, body: Body) -> list[str]:
        fact = mention.described
        if fact is None:
            of_unit = mention.word == "municipality" and body.unit_of is not None
            return [] if of_unit else list(mention.others)
        abbreviation = fact.optional_text("abbreviation")
        if abbreviation is None:
            return []
        if fact.optional_text("abbreviation_basis") == FROM_MEMORY:
            self.tally.leave_out("organisations", "abbreviation", "written from memory")
            return []
        return [abbreviation]

    def _state_places(self, record: Subject, body: Body) -> None:
        seen = {mention.city for mention in body.mentions if mention.city and mention.city_stated}
        for mention in body.mentions:
            if mention.city and not mention.city_stated and mention.city not in seen:
                self.tally.leave_out("organisations", "city", "written from memory or inferred")
        place = body.slug.removesuffix(_MUNICIPALITY)
        if seen and body.slug.endswith(_MUNICIPALITY) and self.places.names_of(place):
            seen = {place}
        countries = {mention.country.lower() for mention in body.mentions if mention.country}
        within = {self.places.country_of(city) for city in seen}
        record.state(
            "dcterms:spatial", *(record_iri("place", slug) for slug in seen | (countries - within))
        )

    def _describe(self, record: Subject, fact: Fact) -> None:
        members = fact.whole("members_count")
        if members is not None:
            part = record.part("members", "ic:memberCount", "ic:MemberCount")
            part.state("ic:value", integer(members))
            part.state("ic:statedOn", day(HARVEST))
        for key in ("note", "founded_note"):
            self.tally.remark(record.node, self.remarks.of(fact, key))
        url = fact.optional_text("url")
        if url is not None and fact.optional_text("url_basis") == FROM_MEMORY:
            self.tally.leave_out("organisations", "url", "written from memory")
        elif url is not None:
            record.state("schema:url", address(url))
        start, end = fact.optional_text("founded"), fact.optional_text("end")
        if start is not None and fact.optional_text("founded_basis") == FROM_MEMORY:
            self.tally.leave_out("organisations", "founded", "written from memory")
            start = None
        if start is None and end is None:
            return
        try:
            period = timing(
                start=start,
                end=end,
                ongoing=False,
                wording=None,
                observed=HARVEST,
            ).period
        except ValueError as error:
            raise fact.broken("founded", f"cannot be read: {error}", "Mend the date.") from None
        state_years(record, period)
        state_period(record, period, "und")


def _is_network(body: Body) -> bool:
    return any(
        mention.where.kind == "networks" and mention.key == "name" for mention in body.mentions
    )


def _by_name(mention: Mention) -> str:
    return mention.name
