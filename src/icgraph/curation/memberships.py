"""Where places stand in the programme: memberships with their dates, results of the index.

A place is a member of the programme's network where its line says so, and of a national or
regional one where either line says so. A year of joining belongs to the network that a table
tells; what the facts only note (a holder, a doubt) stands in another. That something "is" so
was said at the harvest, unless a source has a date of its own.
"""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from icgraph.curation.facts import Fact
from icgraph.curation.mappings import Row
from icgraph.curation.networks import NetworkDesk
from icgraph.curation.sources import HARVEST, Library
from icgraph.curation.statements import (
    Subject,
    decimal,
    integer,
    record_iri,
    slug_of,
    state_part_period,
    term,
    text,
)
from icgraph.curation.tally import Tally
from icgraph.model.periods import Period, parse_date

PROGRAMME: Final = "intercultural-cities-network"
_FORMER: Final = "former"


@dataclass(frozen=True, slots=True)
class MembershipDesk:
    """What is needed to state memberships: the tables by what was joined, and by place."""

    joined: Mapping[str, Row]
    exceptions: Mapping[tuple[str, str], Row]
    networks: NetworkDesk
    library: Library
    tally: Tally

    def state(
        self, cities: Sequence[Fact], networks: Sequence[Fact], places: Sequence[Subject]
    ) -> None:
        """State all memberships on the records of places."""
        made = {slug_of(record): record for record in places}
        listed = self._listed(networks)
        gazetteer = self.networks.places
        for fact in cities:
            slug = gazetteer.line(fact)
            for network in sorted(self._networks(fact, networks) | listed.pop(slug, set())):
                self._state(made, slug, network, fact)
            state_index(made[slug], fact, self.library)
            self._remark(made[slug], fact)
        for slug, found in sorted(listed.items()):
            for network in sorted(found):
                self._state(made, slug, network, None)

    def _listed(self, networks: Sequence[Fact]) -> dict[str, set[str]]:
        """The networks of each place by the networks' own lists of members."""
        found: dict[str, set[str]] = defaultdict(set)
        for fact in networks:
            for name in fact.texts("members"):
                found[self._member(name, fact)].add(self.networks.slug(fact))
        return found

    def _member(self, name: str, fact: Fact) -> str:
        code = fact.optional_text("country_code")
        if code is None:
            raise fact.broken("members", "stand without a country", "Add `country_code`.")
        return self.networks.places.find(name, code, set(), fact, "members")

    def _networks(self, fact: Fact, networks: Sequence[Fact]) -> set[str]:
        """The networks that a place's line names by their keys, and the programme's."""
        keys = set(fact.texts("networks"))
        by_key = {network.optional_text("key"): self.networks.slug(network) for network in networks}
        found = {by_key[key] for key in keys & by_key.keys()}
        for key in sorted(keys):
            self._enter_network(fact, key, by_key.get(key))
        for key in sorted(keys - by_key.keys()):
            self.tally.leave_out("cities", "networks", f"`{key}`: the networks' own lists tell")
        if networks and fact.truth_or_word("member"):
            found.add(PROGRAMME)
        return found

    def _enter_network(self, fact: Fact, key: str, slug: str | None) -> None:
        record, decision = None, "not-a-record"
        reason = "no network's line has this key; the networks' own lists tell"
        if slug is not None:
            record, decision = record_iri("organisation", slug), "same-by-rule"
            reason = "the key in the line of the network"
        self.tally.ledger.enter(fact, "networks", key, record, decision, reason=reason)

    def _state(
        self, made: Mapping[str, Subject], slug: str, network: str, fact: Fact | None
    ) -> None:
        row = self.exceptions.get((slug, network))
        record = made[(row["holder"] if row else "") or slug]
        part = record.part(f"member-{network}", "ic:membership", "org:Membership")
        part.state("org:member", record.node)
        part.state("org:organization", record_iri("organisation", network))
        part.state("org:role", term("role:member"))
        record.state("ic:memberOf", record_iri("organisation", network))
        if row is not None:
            part.state("skos:note", text(_sentence(row["reason"]), "en"))
        state_part_period(part, self._period(network, fact, row))

    def _period(self, network: str, fact: Fact | None, row: Row | None) -> Period:
        former = fact is not None and fact.truth_or_word("member") == _FORMER
        status = (row["status"] if row else "") or ("ended" if former else "ongoing")
        start = row["start"] if row and row["start"] else None
        wording = None
        if fact is not None and start is None and self._what_was_joined(fact) == network:
            start = fact.optional_text("joined_date") or fact.optional_text("joined")
            what = fact.optional_text("joined_what")
            wording = what if what is not None and any(map(str.isdigit, what)) else None
        try:
            begun = parse_date(start) if start else None
        except ValueError as error:
            assert fact is not None
            raise fact.broken("joined", f"cannot be read: {error}", "Mend the date.") from None
        stated_on = HARVEST if status == "ongoing" or begun is None else None
        return Period(begun, None, status, wording, stated_on)

    def _what_was_joined(self, fact: Fact) -> str:
        what = fact.optional_text("joined_what")
        if what is None:
            return PROGRAMME
        if what not in self.joined:
            raise fact.broken("joined_what", f"is {what!r}, which joined.csv lacks", "Add it.")
        return self.joined[what]["network"]

    def _remark(self, record: Subject, fact: Fact) -> None:
        self.tally.remark(record.node, fact.optional_text("note"))
        role = fact.optional_text("role")
        if role is not None:
            self.tally.remark(record.node, f"How it was seen in the programme: {role}.")
        sample = fact.optional_text("in_index_sample")
        if sample is not None:
            record.state("dcterms:source", self.library.cite(sample, fact))
            self.tally.remark(record.node, f"Named in the sample of the index by {sample}")
        profile = fact.optional_text("profile_url")
        if profile is not None:
            record.state("dcterms:source", self.library.cite(profile, fact))


def state_index(record: Subject, fact: Fact, library: Library) -> None:
    """State what reports of the index say of a place."""
    for result in fact.within("index"):
        year = result.year("year")
        part = record.part(f"index-{year or 'undated'}", "ic:indexResult", "ic:IndexResult")
        part.state("dcterms:source", library.cite(result.text("source"), result))
        if year is not None:
            part.state("ic:year", integer(year))
        score = result.number("score")
        if score is not None:
            part.state("ic:score", decimal(score))
        for key, predicate in (("rank", "ic:rank"), ("of", "ic:outOf")):
            count = result.whole(key)
            if count is not None:
                part.state(predicate, integer(count))
        notes = [note] if (note := result.optional_text("note")) else []
        domains = result.part("domains")
        notes += [f"{name}: {domains.whole(name)}" for name in sorted(domains.values)]
        if notes:
            part.state("skos:note", text("; ".join(notes), "en"))


def _sentence(words: str) -> str:
    return words[0].upper() + words[1:] + "."
