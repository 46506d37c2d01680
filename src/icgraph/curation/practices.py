"""Practice records: where, when, about what, in whose words, and who took part.

Summaries and sections of the facts are in our own words, in English. Topics were assigned by
reading, which the provenance says. The write-up's link to a project stands on the source, never
on the practice.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from pyoxigraph import NamedNode

from icgraph.curation.documents import cite_further_pages, cite_reference_documents, entry_year
from icgraph.curation.facts import Fact
from icgraph.curation.figures import FigureDesk
from icgraph.curation.mappings import Row
from icgraph.curation.mentions import Mention, read_mention
from icgraph.curation.names import Languages, fold
from icgraph.curation.nested import NestedProjects, told_beside
from icgraph.curation.organisations import Bodies
from icgraph.curation.places import Gazetteer
from icgraph.curation.projectindex import ProjectIndex
from icgraph.curation.projects import read_timing
from icgraph.curation.sources import SOURCE_KINDS, Library
from icgraph.curation.statements import (
    Subject,
    new_record,
    plain,
    record_iri,
    state_names,
    state_timing,
    term,
    text,
)
from icgraph.curation.tally import Tally
from icgraph.curation.ties import state_partner_cities
from icgraph.model.iris import SLUG

_SECTIONS = ("purpose", "rationale", "process", "impact")
_DERIVED = "canonical form derived from the slug"
EVIDENCE = frozenset({"full", "excerpt", "listing"})
_ONGOING = (
    "No source says that it is ongoing: that follows from its stated end, {}, which lies after "
    "the day on which the facts were gathered."
)
_OWN_PAGES = frozenset({"icc-practice", "congress-toolkit"})


@dataclass(frozen=True, slots=True)
class PracticeDesk:
    """What is needed to write practice records.

    `texts` are bettered wordings by practice and key; `shared` are addresses of several practices;
    `pages` the addresses by practice.
    """

    topics: Mapping[str, str]
    texts: Mapping[tuple[str, str], str]
    index: ProjectIndex
    bodies: Bodies
    library: Library
    places: Gazetteer
    tally: Tally
    shared: frozenset[str]
    pages: Mapping[str, str]
    figures: FigureDesk
    nested: NestedProjects
    languages: Languages

    def record(self, fact: Fact) -> Subject:
        """The record of one line."""
        slug = fact.text("id")
        if not SLUG.fullmatch(slug):
            raise fact.broken("id", f"is {slug!r}", "Use small letters, digits and hyphens.")
        record = new_record("practice", slug)
        language = fact.language("language")
        self._state_texts(record, fact, language)
        self._state_places(record, fact)
        wording = fact.optional_text("year_label")
        found = read_timing(fact, ongoing=fact.truth("ongoing"), wording=wording)
        state_timing(record, found, language)
        if found.period.status == "ongoing" and not fact.truth("ongoing"):
            self.tally.remark(record.node, _ONGOING.format(fact.text("end")))
        for label in fact.texts("topics"):
            record.state("dcterms:subject", term(f"topic:{self._topic(label, fact)}"))
        sources = set(self.library.cite_all(addresses(fact), fact))
        record.state("dcterms:source", *sources)
        self._describe_page(record, fact, language)
        cite_further_pages(record, fact, self.library)
        self._state_surroundings(record, fact)
        mentions = [
            (read_mention(each, sources, self.places), self.bodies.role(each, "participant"))
            for each in fact.within("organisations")
        ]
        self.bodies.state_parties(record, mentions, "practices")
        for named in fact.within("projects"):
            self._state_project(record, named, fact)
        self._remark(record, fact)
        return record

    def _state_surroundings(self, record: Subject, fact: Fact) -> None:
        """State what lies around the practice: places, documents, numbers, the contact."""
        place = self._place(fact)
        sources = set(self.library.cite_all([fact.text("url")], fact))
        state_partner_cities(record, fact, self.places, sources)
        self.figures.state(record, fact, record_iri("place", place))
        cite_reference_documents(record, fact, self.library, self.languages, place)
        contact = fact.optional_text("contact_role")
        if contact is not None:
            record.state("ic:contactRole", plain(contact))

    def _remark(self, record: Subject, fact: Fact) -> None:
        """Keep what is said of the record and not of the practice."""
        for words in fact.texts("notes"):
            self.tally.remark(record.node, words)
        evidence = fact.optional_text("evidence")
        if evidence is not None:
            fact.choice("evidence", EVIDENCE, f"It is one of {', '.join(sorted(EVIDENCE))}.")
            self.tally.evidence[record.node] = evidence

    def _state_texts(self, record: Subject, fact: Fact, language: str) -> None:
        titles = fact.by_language("title")
        if not titles:
            raise fact.broken("title", "is missing", 'Write {"en": "the title as printed"}.')
        others = [text(each, language) for each in fact.texts("alt_titles")]
        others += [
            text(each, self.languages.of(each)) for each in self.nested.names_of_practice(fact)
        ]
        others += [text(each) for each in self.nested.acronyms_of_practice(fact)]
        state_names(record, titles, others)
        self._enter_titles(record, titles, fact, language)
        summary = self._bettered(fact, "summary", fact.text("summary"))
        record.state("dcterms:abstract", text(summary, "en"))
        sections = fact.part("sections")
        for name in _SECTIONS:
            words = sections.optional_text(name)
            if words is not None:
                record.state(f"ic:{name}", text(self._bettered(fact, name, words), "en"))
        record.state("ic:targetGroup", *(text(each, "en") for each in fact.texts("target_groups")))

    def _enter_titles(
        self, record: Subject, titles: Mapping[str, str], fact: Fact, language: str
    ) -> None:
        names = [(f"title.{tag}", name, tag) for tag, name in titles.items()]
        names += [("alt_titles", name, language) for name in fact.texts("alt_titles")]
        for number, (key, name, tag) in enumerate(names):
            decision = ("same-as-line", "another title in its line") if number else ("new", "")
            self.tally.ledger.enter(
                fact, key, name, record.node, decision[0], reason=decision[1],
                country=fact.text("country_code"), language=tag,
            )  # fmt: skip

    def _bettered(self, fact: Fact, key: str, words: str) -> str:
        return self.texts.get((fact.text("id"), key), words)

    def _state_places(self, record: Subject, fact: Fact) -> None:
        code = fact.text("country_code")
        sources = set(self.library.cite_all([fact.text("url")], fact))
        for key in ("city", "cities"):
            for name in [fact.text("city")] if key == "city" else fact.texts("cities"):
                place = self.places.find(name, code, sources, fact, key)
                record.state("dcterms:spatial", record_iri("place", place))
        record.state("ic:country", record_iri("place", self.places.country(code, sources, fact)))

    def _place(self, fact: Fact) -> str:
        """The slug of the place that the line names first."""
        sources = set(self.library.cite_all([fact.text("url")], fact))
        return self.places.find(fact.text("city"), fact.text("country_code"), sources, fact)

    def _topic(self, label: str, fact: Fact) -> str:
        if fold(label) not in self.topics:
            raise fact.broken(
                "topics", f"names {label!r}, which topics.csv lacks", "Mend the label."
            )
        return self.topics[fold(label)]

    def _describe_page(self, record: Subject, fact: Fact, language: str) -> None:
        """Say of the practice's own page what the line says of it; of a listing only its kind."""
        place = fact.text("url")
        kind = fact.choice("source_kind", SOURCE_KINDS, f"It is one of {', '.join(SOURCE_KINDS)}.")
        year = entry_year(fact)
        if year is not None and (place in self.shared or place.startswith("seeds/")):
            self.tally.entry_years[record.node] = year
        if place.startswith("seeds/"):
            return
        page = self.library.page(place, fact)
        page.kinds.add(kind)
        page.was_read = page.was_read and not _was_derived(fact)
        if year is not None and place not in self.shared:
            page.entry_years.add(year)
        listing = fact.optional_text("listing_url")
        if listing is not None:
            self.library.page(listing, fact).kinds.add("icc-listing")
        if kind == "icc-listing" or place in self.shared:
            return
        page.languages.add(language)
        title = fact.by_language("title").get(language)
        if title is not None and kind in _OWN_PAGES:
            page.labels.setdefault(language, set()).add(title)

    def _state_project(self, record: Subject, named: Fact, fact: Fact) -> None:
        name = named.text("name")
        row = self.nested.of(fact.text("id"), name)
        if row is not None:
            self._state_nested(record, row, named, fact)
            return
        slug = self.index.find(named)
        self.index.enter(named, slug, "no line of the projects' file matches", self.tally.ledger)
        if slug is None:
            self.tally.leave_out("practices", "projects", "nested-projects.csv lacks the name")
            self.tally.note("Projects named by practices that nested-projects.csv lacks", name)
        elif named.optional_text("relation") is not None:
            page = self.library.page(fact.text("url"), fact)
            page.drafted_within.add(record_iri("project", slug))
        else:
            self.nested.take(slug, named, self.library.cite_all(addresses(fact), fact))
            record.state("ic:withinProject", record_iri("project", slug))

    def _state_nested(self, record: Subject, row: Row, named: Fact, fact: Fact) -> None:
        """State what the table says that the name of a project means."""
        name, target = named.text("name"), row["target"]
        language = self.languages.of(name)
        meant, decision = None, "not-a-record"
        if target == "project":
            meant, decision = record_iri("project", row.listed("slug")[0]), "same-by-table"
            for number, slug in enumerate(row.listed("slug")):
                sources = self.library.cite_all(addresses(fact), fact)
                self.nested.take(slug, named, sources, own=number == 0)
                record.state("ic:withinProject", record_iri("project", slug))
        elif target == "reference-document":
            meant = self.library.cite_document(row["slug"], name, language)
            acronym = named.optional_text("acronym")
            if acronym is not None:
                self.library.document(row["slug"]).acronyms.add(acronym)
            decision = "same-by-table"
            record.state("dcterms:references", meant)
        elif target == "other-practice":
            meant, decision = record_iri("practice", row["slug"]), "same-by-table"
            if row["slug"] not in self.pages:
                raise fact.broken("projects", f"names {name!r}, of no practice", "Mend the table.")
            page = self.library.cite(self.pages[row["slug"]], fact)
            record.state("dcterms:references", page)
        elif target == "practice":
            meant, decision = record.node, "same-by-table"
        else:
            reason = "nested-projects.csv says that it is none"
            self.tally.leave_out("practices", "projects", reason)
            told = [told_beside(named), named.optional_text("acronym")]
            beside = ", ".join(each for each in told if each)
            shown = f"{name} ({beside})" if beside else name
            self.tally.note(
                "Projects named by practices that are none", f"{shown}: {row['reason']}"
            )
        if target not in {"project", "none"} and meant is not None:
            self._remark_on_named(meant, named, fact)
        self.tally.ledger.enter(
            named, "name", name, meant, decision, reason=row["reason"], language=language
        )

    def _remark_on_named(self, meant: NamedNode, named: Fact, fact: Fact) -> None:
        """Keep what is told beside the name of a project that is no project."""
        told = told_beside(named)
        if told:
            titles = fact.by_language("title")
            title = titles.get("en") or next(iter(titles.values()))
            name = named.text("name")
            self.tally.remark(meant, f"Named “{name}” by the page of “{title}”, and {told}.")


def _was_derived(fact: Fact) -> bool:
    """Whether the address of the page was made from the slug of another that was seen."""
    derived = any(note.startswith(_DERIVED) for note in fact.texts("notes"))
    return derived and fact.text("url") not in fact.texts("seen_in")


def addresses(fact: Fact) -> list[str]:
    """Where a practice was seen: its page, the pages that speak of it, the listing it stands in."""
    listing = fact.optional_text("listing_url")
    found = [fact.text("url"), *fact.texts("seen_in"), *([listing] if listing else [])]
    return list(dict.fromkeys(found))


def shared_addresses(facts: Sequence[Fact]) -> frozenset[str]:
    """The addresses that more than one practice has as its page."""
    places = [fact.text("url") for fact in facts]
    return frozenset(place for place in places if places.count(place) > 1)


def gather_mentions(fact: Fact, library: Library, places: Gazetteer) -> list[Mention]:
    """All organisations that a line of the file of practices names."""
    sources = {library.cite(fact.text("url"), fact)}
    nested = [each for named in fact.within("projects") for each in named.within("organisations")]
    return [
        read_mention(each, sources, places) for each in (*fact.within("organisations"), *nested)
    ]
