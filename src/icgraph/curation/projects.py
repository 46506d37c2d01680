"""Projects, their grants and the programmes that fund them.

A line whose own `projects` name another project is the title of a page about it, and becomes a
source. A project has one lead at most; who gave money without a grant number takes part as
funder.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from pyoxigraph import NamedNode

from icgraph.curation.facts import Fact
from icgraph.curation.mappings import Row
from icgraph.curation.mentions import Mention, read_mention
from icgraph.curation.names import Languages, fold
from icgraph.curation.organisations import Bodies
from icgraph.curation.places import Gazetteer
from icgraph.curation.sources import HARVEST, Library
from icgraph.curation.statements import (
    Subject,
    new_record,
    plain,
    record_iri,
    state_names,
    state_participation,
    state_timing,
    text,
)
from icgraph.curation.tally import Tally
from icgraph.errors import InputError
from icgraph.model.iris import slugify
from icgraph.model.periods import Timing, timing

_CALL = "(call)"


def read_timing(fact: Fact, *, ongoing: bool = False, wording: str | None = None) -> Timing:
    """The period that a line's `start` and `end` mean."""
    start, end = fact.optional_text("start"), fact.optional_text("end")
    try:
        return timing(start=start, end=end, ongoing=ongoing, wording=wording, observed=HARVEST)
    except ValueError as error:
        raise fact.broken(
            "start", f"or `end` cannot be read: {error}", "Write 2012, 2012-05 or 2012-05-31."
        ) from None


@dataclass(frozen=True, slots=True)
class ProjectIndex:
    """Projects by folded name, acronym or grant number."""

    slugs: Mapping[str, str]

    def find(self, fact: Fact) -> str | None:
        """The project that an object within a line names by any of these."""
        for key in ("grant", "acronym", "name"):
            value = fact.optional_text(key)
            if value is not None and fold(value) in self.slugs:
                return self.slugs[fold(value)]
        return None

    def find_name(self, name: str) -> str | None:
        """The project of a name or acronym."""
        return self.slugs.get(fold(name))


def is_page_title(fact: Fact) -> bool:
    """Whether a line of the file of projects is the title of a page about a project."""
    return any(True for _ in fact.within("projects"))


def index_projects(facts: Sequence[Fact], known: Mapping[str, Sequence[str]]) -> ProjectIndex:
    """Index the lines and the projects of the seeds, which are given as names by slug."""
    slugs = {fold(name): slug for slug, names in sorted(known.items()) for name in names}
    for fact in facts:
        if is_page_title(fact):
            continue
        names = _names(fact)
        slug = next((slugs[fold(name)] for name in names if fold(name) in slugs), None)
        for name in names:
            slugs.setdefault(fold(name), slug or _slug(fact))
    return ProjectIndex(slugs)


def _names(fact: Fact) -> list[str]:
    given = [fact.text("name"), *fact.by_language("names").values()]
    given += [value for key in ("acronym",) if (value := fact.optional_text(key)) is not None]
    number = _grant(fact)
    return given + ([number] if number is not None else [])


def _grant(fact: Fact) -> str | None:
    number = fact.optional_text("grant")
    return None if number is None or number.endswith(_CALL) else number


def _slug(fact: Fact) -> str:
    return slugify(fact.optional_text("acronym") or fact.text("name"))


@dataclass(frozen=True, slots=True)
class ProjectDesk:
    """What is needed to write project records; programmes gather their sources meanwhile."""

    index: ProjectIndex
    bodies: Bodies
    library: Library
    places: Gazetteer
    languages: Languages
    coordinators: Mapping[str, Row]
    programmes: Mapping[str, Row]
    tally: Tally
    programme_sources: dict[str, set[NamedNode]] = field(default_factory=dict)

    def records(self, facts: Sequence[Fact]) -> list[Subject]:
        """One record for each project; the lines that are page titles become sources of them."""
        pages: dict[str, set[NamedNode]] = {}
        for fact in facts:
            if is_page_title(fact):
                self._take_page(fact, pages)
        made = [self._record(fact) for fact in facts if not is_page_title(fact)]
        for record in made:
            slug = record.node.value.rpartition("/")[2]
            record.state("dcterms:source", *pages.get(slug, ()))
        return made

    def programme_records(self) -> list[Subject]:
        """One record for each programme that a project names."""
        made: dict[str, Subject] = {}
        for name, sources in sorted(self.programme_sources.items()):
            row = self.programmes[name]
            record = made.setdefault(row["slug"], new_record("programme", row["slug"]))
            state_names(record, {"en": row["en"]}, [text(each) for each in row.listed("others")])
            record.state("dcterms:source", *sources)
            if row["managed_by"]:
                record.state("ic:managedBy", record_iri("organisation", row["managed_by"]))
        return list(made.values())

    def _take_page(self, fact: Fact, pages: dict[str, set[NamedNode]]) -> None:
        place, name = fact.text("source"), fact.text("name")
        self.tally.leave_out("projects", "name", "the line is the title of a page: made a source")
        page = self.library.page(place, fact)
        page.labels.setdefault(self.languages.of(name), set()).add(name)
        for named in fact.within("projects"):
            slug = self.index.find(named)
            if slug is None:
                raise named.broken("name", "matches no project", "Add the project's own line.")
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
        state_names(record, labels, others)
        state_timing(record, read_timing(fact), "und")
        for city in fact.texts("cities"):
            self._state_city(record, city, fact, sources)
        self._state_parties(record, fact, sources)
        return record

    def _state_city(self, record: Subject, city: str, fact: Fact, sources: set[NamedNode]) -> None:
        found = self.places.by_name(city, _countries(fact)) or self.places.by_name(city)
        if len(found) == 1:
            record.state("dcterms:spatial", record_iri("place", found.pop()))
        else:
            self.tally.leave_out("projects", "cities", "the name fits no place, or several")
            self.tally.note(
                "Cities of projects that were not found", f"{city} ({fact.text('name')})"
            )

    def _state_parties(self, record: Subject, fact: Fact, sources: set[NamedNode]) -> None:
        parties = [
            (read_mention(each, sources, self.places), self.bodies.role(each, role))
            for key, role in (("partners", "partner"), ("associates", "associated-partner"))
            for each in fact.within(key)
        ]
        mentions = [mention for mention, _ in parties]
        lead = self._lead(fact, mentions)
        parties = [
            (mention, role)
            for mention, role in parties
            if lead is None or self.bodies.resolution.slug_of(mention) != lead
        ]
        self.bodies.state_parties(record, parties, "projects")
        if lead is not None:
            state_participation(record, lead, ["lead"])
        self._state_money(record, fact, sources)

    def _lead(self, fact: Fact, mentions: Sequence[Mention]) -> str | None:
        name = fact.optional_text("coordinator")
        if name is None:
            return None
        row = self.coordinators.get(name)
        if row is not None:
            name = row["lead"]
        if not name:
            self.tally.leave_out("projects", "coordinator", "it names no single body")
            return None
        lead = self.bodies.slug_by_name(name, mentions)
        if lead is None:
            self.tally.leave_out("projects", "coordinator", "the name is of no single organisation")
            self.tally.note("Names that stand for no organisation", name)
        return lead

    def _state_money(self, record: Subject, fact: Fact, sources: set[NamedNode]) -> None:
        number, programme = _grant(fact), fact.optional_text("programme")
        funders = [self.bodies.slug_by_name(name) for name in fact.texts("funders")]
        if fact.optional_text("grant") is not None and number is None:
            self.tally.leave_out("projects", "grant", "it is the name of a call, not a number")
        if programme is not None:
            self._check_programme(programme, fact)
            self.programme_sources.setdefault(programme, set()).update(sources)
        if number is None:
            if programme is not None:
                record.state("ic:partOfProgramme", self._programme(programme))
            for slug in funders:
                if slug is not None:
                    state_participation(record, slug, ["funder"])
            return
        grant = record.part("grant", "ic:grant", "ic:Grant")
        grant.state("dcterms:identifier", plain(number))
        grant.state(
            "schema:funder", *(record_iri("organisation", slug) for slug in funders if slug)
        )
        if programme is not None:
            grant.state("ic:underProgramme", self._programme(programme))

    def _programme(self, name: str) -> NamedNode:
        return record_iri("programme", self.programmes[name]["slug"])

    def _check_programme(self, name: str, fact: Fact) -> None:
        if name not in self.programmes:
            raise InputError(
                f"{fact.where}: the programme {name!r} is not in programmes.csv.",
                advice="Add it there.",
            )


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


def gather_mentions(fact: Fact, library: Library, places: Gazetteer) -> list[Mention]:
    """All organisations that a line of the file of projects names."""
    sources = set(library.cite_all(_addresses(fact), fact))
    found = [
        read_mention(each, sources, places)
        for key in ("partners", "associates")
        for each in fact.within(key)
    ]
    found += [
        Mention(name, "international-organisation", None, None, frozenset(sources), fact)
        for name in fact.texts("funders")
    ]
    coordinator = fact.optional_text("coordinator")
    if coordinator is not None and all(fold(coordinator) != fold(each.name) for each in found):
        found.append(Mention(coordinator, "", None, None, frozenset(sources), fact))
    return found
