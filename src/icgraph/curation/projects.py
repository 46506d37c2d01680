"""Projects, their grants and the programmes that fund them.

A line whose own `projects` name another project is the title of a page about it, and becomes a
source. A project has one lead at most; who gave money without a grant number takes part as
funder.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from pyoxigraph import NamedNode

from icgraph.curation.facts import Fact
from icgraph.curation.figures import state_amount
from icgraph.curation.funding import Funding
from icgraph.curation.mappings import Row
from icgraph.curation.mentions import Mention, read_mention
from icgraph.curation.names import Languages, fold
from icgraph.curation.nested import NestedProjects
from icgraph.curation.organisations import Bodies
from icgraph.curation.places import Gazetteer
from icgraph.curation.projectindex import ProjectIndex, is_page_title
from icgraph.curation.sources import HARVEST, Library
from icgraph.curation.statements import (
    Subject,
    new_record,
    number,
    record_iri,
    slug_of,
    state_names,
    state_participation,
    state_timing,
    text,
)
from icgraph.curation.tally import Tally
from icgraph.model.periods import Timing, timing


def read_timing(fact: Fact, *, ongoing: bool = False, wording: str | None = None) -> Timing:
    """The period that a line's `start` and `end` mean."""
    start, end = fact.optional_text("start"), fact.optional_text("end")
    return read_dates(fact, start, end, ongoing=ongoing, wording=wording)


def read_dates(
    fact: Fact,
    start: str | None,
    end: str | None,
    *,
    ongoing: bool = False,
    wording: str | None = None,
) -> Timing:
    """The period that two dates mean; the line is named where they mean none."""
    try:
        return timing(start=start, end=end, ongoing=ongoing, wording=wording, observed=HARVEST)
    except ValueError as error:
        raise fact.broken(
            "start", f"or `end` cannot be read: {error}", "Write 2012, 2012-05 or 2012-05-31."
        ) from None


@dataclass(frozen=True, slots=True)
class ProjectDesk:
    """What is needed to write project records; programmes gather their sources meanwhile."""

    index: ProjectIndex
    bodies: Bodies
    library: Library
    places: Gazetteer
    languages: Languages
    coordinators: Mapping[str, Row]
    funding: Funding
    nested: NestedProjects
    tally: Tally

    def records(self, facts: Sequence[Fact]) -> list[Subject]:
        """One record for each project; the lines that are page titles become sources of them."""
        pages: dict[str, set[NamedNode]] = {}
        for fact in facts:
            if is_page_title(fact):
                self._take_page(fact, pages)
        made = [self._record(fact) for fact in facts if not is_page_title(fact)]
        for record in made:
            slug = slug_of(record)
            record.state("dcterms:source", *pages.get(slug, ()))
        return made

    def _take_page(self, fact: Fact, pages: dict[str, set[NamedNode]]) -> None:
        place, name = fact.text("source"), fact.text("name")
        self.tally.leave_out("projects", "name", "the line is the title of a page: made a source")
        page = self.library.page(place, fact)
        page.labels.setdefault(self.languages.of(name), set()).add(name)
        self.tally.ledger.enter(
            fact, "name", name, self.library.cite(place, fact), "same-by-rule",
            reason="the title of a page about a project", language=self.languages.of(name),
        )  # fmt: skip
        for city in fact.texts("cities"):
            self._enter_city(fact, city, self._city(city, fact))
        for named in fact.within("projects"):
            slug = self.index.find(named)
            if slug is None:
                raise named.broken("name", "matches no project", "Add the project's own line.")
            self.index.enter(named, slug, "", self.tally.ledger)
            pages.setdefault(slug, set()).add(self.library.cite(place, fact))
            if named.optional_text("relation") is not None:
                page.drafted_within.add(record_iri("project", slug))

    def _record(self, fact: Fact) -> Subject:
        sources = set(self.library.cite_all(_addresses(fact), fact))
        name = fact.text("name")
        record = new_record("project", self.index.slugs[fold(name)])
        record.state("dcterms:source", *sources)
        record.state("dcterms:abstract", text(fact.text("summary"), "en"))
        labels = {self.languages.of(name): name}
        others = []
        for tag, other in fact.by_language("names").items():
            if labels.setdefault(tag, other) != other:
                others.append(text(other, tag))
        acronym = fact.optional_text("acronym")
        if acronym is not None:
            others.append(text(acronym))
        slug = slug_of(record)
        others += self.nested.names_of_project(slug, self.languages)
        state_names(record, labels, others)
        self._enter_names(record, fact)
        state_timing(record, self._timing(record, fact), "und")
        self.nested.compare(slug, fact, self.funding, self.tally)
        for key in ("cities_note", "partners_note", "end_note"):
            self.tally.remark(record.node, fact.optional_text(key))
        for city in fact.texts("cities"):
            self._state_city(record, city, fact)
        self._state_parties(record, fact, sources)
        return record

    def _said(self, record: Subject, key: str) -> str | None:
        """What practices say of the project under a key that its line lacks."""
        return self.nested.agreed(slug_of(record), key, self.tally)

    def _timing(self, record: Subject, fact: Fact) -> Timing:
        start = fact.optional_text("start") or self._said(record, "start")
        end = fact.optional_text("end") or self._said(record, "end")
        return read_dates(fact, start, end)

    def _enter_names(self, record: Subject, fact: Fact) -> None:
        name = fact.text("name")
        ledger, beside = self.tally.ledger, "another name in its line"
        ledger.enter(fact, "name", name, record.node, "new", language=self.languages.of(name))
        for tag, other in fact.by_language("names").items():
            ledger.enter(
                fact, f"names.{tag}", other, record.node, "same-as-line", reason=beside,
                language=tag,
            )  # fmt: skip
        acronym = fact.optional_text("acronym")
        if acronym is not None:
            ledger.enter(fact, "acronym", acronym, record.node, "same-as-line", reason=beside)

    def _city(self, city: str, fact: Fact) -> NamedNode | None:
        found = self.places.by_name(city, _countries(fact)) or self.places.by_name(city)
        return record_iri("place", found.pop()) if len(found) == 1 else None

    def _state_city(self, record: Subject, city: str, fact: Fact) -> None:
        place = self._city(city, fact)
        self._enter_city(fact, city, place)
        if place is not None:
            record.state("dcterms:spatial", place)
        else:
            self.tally.leave_out("projects", "cities", "the name fits no place, or several")
            self.tally.note(
                "Cities of projects that were not found", f"{city} ({fact.text('name')})"
            )

    def _enter_city(self, fact: Fact, city: str, place: NamedNode | None) -> None:
        slug = "" if place is None else place.value.rpartition("/")[2]
        decision, reason = "not-a-record", "the name fits no place, or several"
        if place is not None:
            decision, reason = "same-as-line", "the one place of that name"
            if fold(city) == fold(self.places.name_of(slug)):
                decision, reason = "same-name", ""
        country = slug.partition("-")[0].upper()
        self.tally.ledger.enter(
            fact, "cities", city, place, decision, reason=reason, country=country, place=slug
        )

    def _state_parties(self, record: Subject, fact: Fact, sources: set[NamedNode]) -> None:
        parties = [
            (read_mention(each, sources, self.places), self.bodies.role(each, role))
            for key, role in (("partners", "partner"), ("associates", "associated-partner"))
            for each in fact.within(key)
        ]
        mentions = [mention for mention, _ in parties]
        lead = self._lead(fact, mentions, sources)
        parties = [
            (mention, role)
            for mention, role in parties
            if lead is None or self.bodies.resolution.slug_of(mention) != lead
        ]
        self.bodies.state_parties(record, parties, "projects")
        if lead is not None:
            state_participation(record, lead, ["lead"])
        funders = [self.bodies.resolution.slug_of(mention) for mention in _funders(fact, sources)]
        programme = fact.optional_text("programme") or self._said(record, "programme")
        self.funding.state(record, fact, programme, [each for each in funders if each], sources)
        budget = fact.number("budget_eur")
        if budget is not None:
            state_amount(record, "budget", number(budget), "EUR")

    def _lead(self, fact: Fact, mentions: Sequence[Mention], sources: set[NamedNode]) -> str | None:
        name = fact.optional_text("coordinator")
        if name is None:
            return None
        row = self.coordinators.get(name)
        if row is not None:
            name = row["lead"]
        if not name:
            self.tally.leave_out("projects", "coordinator", "it names no single body")
            return None
        lead = self.bodies.resolution.slug_of(_coordinator(name, fact, mentions, sources))
        if lead is None:
            self.tally.leave_out("projects", "coordinator", "the name is of no single organisation")
            self.tally.note("Names that stand for no organisation", name)
        return lead


def _countries(fact: Fact) -> set[str]:
    return {
        code
        for key in ("partners", "associates")
        for each in fact.within(key)
        if (code := each.optional_text("country_code")) is not None
    }


def _addresses(fact: Fact) -> list[str]:
    own = [value for key in ("url", "source") if (value := fact.optional_text(key)) is not None]
    return own + fact.texts("sources")


def gather_mentions(
    fact: Fact, library: Library, places: Gazetteer, coordinators: Mapping[str, Row]
) -> list[Mention]:
    """All organisations that a line of the file of projects names."""
    sources = set(library.cite_all(_addresses(fact), fact))
    found = [
        read_mention(each, sources, places)
        for key in ("partners", "associates")
        for each in fact.within(key)
    ]
    found += [
        read_mention(each, sources, places)
        for named in fact.within("projects")
        for each in named.within("organisations")
    ]
    name = fact.optional_text("coordinator")
    if name is not None and name in coordinators:
        name = coordinators[name]["lead"]
    coordinator = [_coordinator(name, fact, found, sources)] if name else []
    return found + _funders(fact, sources) + coordinator


def _funders(fact: Fact, sources: set[NamedNode]) -> list[Mention]:
    return [
        Mention(
            name, "international-organisation", None, None, frozenset(sources), fact, key="funders"
        )
        for name in fact.texts("funders")
    ]


def _coordinator(
    name: str, fact: Fact, others: Sequence[Mention], sources: set[NamedNode]
) -> Mention:
    """The mention of a coordinator, whose place is that of the partner of the same name."""
    for other in others:
        if fold(other.name) == fold(name):
            return replace(other, name=name, where=fact, key="coordinator")
    return Mention(name, "", None, None, frozenset(sources), fact, key="coordinator")
