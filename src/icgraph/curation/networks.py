"""Networks: bodies whose members are places; who runs them, since when, how many they count.

A line of the file of networks is one more mention of a body, which other lines may name as
well. Who coordinates it stands in a reviewable table, because the facts' wording mixes bodies,
persons and years; no person is carried over.
"""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from pyoxigraph import NamedNode

from icgraph.curation.facts import Fact
from icgraph.curation.mappings import Row
from icgraph.curation.mentions import Mention
from icgraph.curation.organisations import Bodies
from icgraph.curation.places import Gazetteer
from icgraph.curation.projects import read_dates
from icgraph.curation.sources import Library
from icgraph.curation.statements import (
    Subject,
    add_name,
    address,
    integer,
    slug_of,
    state_part_period,
    state_participation,
    state_period,
    state_years,
    term,
    text,
)
from icgraph.curation.tally import Tally

NETWORK = "city network"
#: A key says the country of a network in brackets behind its name.
_COUNTRY: Final = re.compile(r" \([^()]+\)$")
_REMARKS = ("founded_note", "members_note", "note")


@dataclass(frozen=True, slots=True)
class NetworkDesk:
    """What is needed to speak of networks; `coordinators` are the rows by the network's name."""

    coordinators: Mapping[str, Sequence[Row]]
    bodies: Bodies
    library: Library
    places: Gazetteer
    tally: Tally

    def slug(self, fact: Fact) -> str:
        """The slug of the body that a line is about."""
        slug = self.bodies.resolution.slug_of(read_network(fact, self.library, self.places))
        if slug is None:
            raise fact.broken("name", "is of no single body", "Look at organisations.csv.")
        return slug

    def state(self, facts: Sequence[Fact], organisations: Iterable[Subject]) -> None:
        """Complete the records of the bodies that the lines are about."""
        made = {slug_of(record): record for record in organisations}
        for fact in facts:
            self._complete(made[self.slug(fact)], fact)

    def _complete(self, record: Subject, fact: Fact) -> None:
        record.state("dcterms:source", *_cited(fact, self.library))
        key = fact.optional_text("key")
        if key is not None:
            name = _COUNTRY.sub("", key)
            add_name(record, text(name, self.bodies.languages.of(name)))
        url = fact.optional_text("url")
        if url is not None and not _says(record, "schema:url"):
            record.state("schema:url", address(url))
        founded = fact.optional_text("founded")
        if founded is not None and not _says(record, "ic:period"):
            period = read_dates(fact, founded, None).period
            state_years(record, period)
            state_period(record, period, "und")
        self._state_coordinators(record, fact)
        for key in _REMARKS:
            self.tally.remark(record.node, fact.optional_text(key))
        listed = fact.optional_text("members_as_of")
        if listed is not None:
            self.tally.remark(record.node, f"Members as of: {listed}.")
        state_member_counts(record, fact)

    def _state_coordinators(self, record: Subject, fact: Fact) -> None:
        told = fact.optional_text("coordinator")
        rows = self.coordinators.get(fact.text("name"), ())
        if told is not None and not any(row["key"] == "coordinator" for row in rows):
            self.tally.leave_out("networks", "coordinator", "it names persons or itself alone")
            self._enter_no_coordinator(record, fact, told)
        for name in set(fact.texts("supported_by")) - {row["name"] for row in rows}:
            self.tally.leave_out("networks", "supported_by", "network-coordinators.csv lacks it")
            self.tally.note("Names that stand for no organisation", name)
        for row in rows:
            mention = read_coordinator(row, fact, self.library, self.places)
            slug = self.bodies.resolution.slug_of(mention)
            if slug is None or record.node.value.endswith(f"/{slug}"):
                continue
            part = state_participation(record, slug, [row["role"]])
            start, end = row["start"] or None, row["end"] or None
            if start is not None or end is not None:
                period = read_dates(fact, start, end).period
                state_part_period(part, period)

    def _enter_no_coordinator(self, record: Subject, fact: Fact, told: str) -> None:
        ledger = self.tally.ledger
        if told in fact.by_language("names").values():
            reason = "a name that the line of the network gives"
            ledger.enter(fact, "coordinator", told, record.node, "same-as-line", reason=reason)
        else:
            ledger.enter(fact, "coordinator", "", None, "not-a-record", reason="persons only")


def read_network(fact: Fact, library: Library, places: Gazetteer) -> Mention:
    """The mention that a line of the file of networks makes."""
    country = fact.optional_text("country_code")
    sources = _cited(fact, library)
    if country is not None:
        places.country(country, set(sources), fact)
    names = [*fact.by_language("names").values()]
    abbreviation = fact.optional_text("abbreviation")
    if abbreviation is not None:
        names.append(abbreviation)
    return Mention(
        fact.text("name"), NETWORK, country, None, frozenset(sources), fact, tuple(names)
    )


def read_coordinator(row: Row, fact: Fact, library: Library, places: Gazetteer) -> Mention:
    """The mention of a body that a row says to run or support the network of a line."""
    sources = _cited(fact, library)
    city = places.known(row["city"], row["country"]) if row["city"] else None
    return Mention(
        row["name"], row["type"], row["country"] or None, city, frozenset(sources), fact,
        key=row["key"],
    )  # fmt: skip


def gather_mentions(
    fact: Fact, coordinators: Mapping[str, Sequence[Row]], library: Library, places: Gazetteer
) -> list[Mention]:
    """All organisations that a line of the file of networks names."""
    rows = coordinators.get(fact.text("name"), ())
    found = [read_coordinator(row, fact, library, places) for row in rows]
    return [read_network(fact, library, places), *found]


def state_member_counts(record: Subject, fact: Fact) -> None:
    """State how many members a network had at which dates, as its line counts them."""
    for count in fact.within("member_counts"):
        date, members = count.text("date"), count.whole("members")
        if members is None:
            raise count.broken("members", "is missing", "Add it as a number.")
        stated = read_dates(count, date, None).period.start
        assert stated is not None
        part = record.part(f"members-{date}", "ic:memberCount", "ic:MemberCount")
        part.state("ic:value", integer(members))
        part.state("ic:year", integer(stated.first.year))
        countries = count.whole("countries")
        if countries is not None:
            part.state("ic:countries", integer(countries))
        if len(date) > 4:
            part.state("skos:note", text(f"Stated for {date}.", "en"))
        note = count.optional_text("note")
        if note is not None:
            part.state("skos:note", text(note, "en"))


def _cited(fact: Fact, library: Library) -> list[NamedNode]:
    return library.cite_all([fact.text("source"), *fact.texts("sources")], fact)


def _says(record: Subject, predicate: str) -> bool:
    return any(
        quad.predicate == term(predicate) and quad.subject == record.node for quad in record.quads
    )
