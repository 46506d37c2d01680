"""Projects that practices name and no line of the file of projects describes.

A reviewable table says of every such name what it is: a project with a record of its own, a
reference document (a strategy, a plan), a practice with a record of its own, another name of
the practice itself, or none of these. What several practices say of one project is put
together; what differs is left out and listed.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Final

from pyoxigraph import Literal, NamedNode

from icgraph.curation.facts import Fact
from icgraph.curation.funding import Funding
from icgraph.curation.mappings import Row, keyed
from icgraph.curation.names import Languages, fold
from icgraph.curation.sources import HARVEST
from icgraph.curation.statements import (
    Subject,
    new_record,
    state_names,
    state_timing,
    text,
)
from icgraph.curation.tally import Tally
from icgraph.errors import InputError
from icgraph.model.periods import Timing, timing

TARGETS: Final = ("project", "reference-document", "other-practice", "practice", "none")
_WITH_SLUG: Final = frozenset(TARGETS[:3])
_OTHERWISE: Final = "What practices say of projects otherwise than the projects' own lines"


@dataclass(frozen=True, slots=True)
class Naming:
    """A practice's word on a project: the object within its line, and the practice's sources.

    `own` is false where the words are those of a local project within the one they lead to.
    """

    named: Fact
    sources: frozenset[NamedNode]
    own: bool = True


@dataclass(frozen=True, slots=True)
class NestedProjects:
    """The table, by practice and folded name, and what the practices said meanwhile."""

    rows: Mapping[tuple[str, str], Row]
    namings: dict[str, list[Naming]] = field(default_factory=lambda: defaultdict(list))

    def of(self, practice: str, name: str) -> Row | None:
        """The row of a name within a practice."""
        return self.rows.get((practice, fold(name)))

    def names_of_practice(self, fact: Fact) -> list[str]:
        """The names of projects, its own and other practices', that are names of the practice."""
        names = [named.text("name") for named in fact.within("projects")]
        found = [(name, self.of(fact.text("id"), name)) for name in names]
        names = [name for name, row in found if row is not None and row["target"] == "practice"]
        return names + [
            row["name"]
            for row in self.rows.values()
            if row["target"] == "other-practice" and row["slug"] == fact.text("id")
        ]

    def acronyms_of_practice(self, fact: Fact) -> list[str]:
        """The acronyms that stand beside such names."""
        found = [
            (named.optional_text("acronym"), self.of(fact.text("id"), named.text("name")))
            for named in fact.within("projects")
        ]
        return [
            acronym
            for acronym, row in found
            if acronym is not None and row is not None and row["target"] == "practice"
        ]

    def slugs(self) -> dict[str, str]:
        """The projects of the table by folded name."""
        found: dict[str, str] = {}
        for row in self.rows.values():
            if row["target"] == "project":
                slug = row.listed("slug")[0]
                for name in (row["name"], row["label"]):
                    if name:
                        found.setdefault(fold(name), slug)
        return found

    def take(
        self, slug: str, named: Fact, sources: Iterable[NamedNode], *, own: bool = True
    ) -> None:
        """Keep what a practice says of a project."""
        self.namings[slug].append(Naming(named, frozenset(sources), own))

    def own(self, slug: str) -> list[Naming]:
        """What practices say of the project itself, and not of a part of it."""
        return [naming for naming in self.namings.get(slug, ()) if naming.own]

    def names_of_project(self, slug: str, languages: Languages) -> list[Literal]:
        """How practices name a project, with the acronyms they give."""
        own = [naming.named for naming in self.own(slug)]
        names = [text(name, languages.of(name)) for name in sorted({n.text("name") for n in own})]
        acronyms = [acronym for n in own if (acronym := n.optional_text("acronym")) is not None]
        return names + [text(each) for each in acronyms]

    def compare(self, slug: str, fact: Fact, funding: Funding, tally: Tally) -> None:
        """List what practices say of a project otherwise than its own line."""
        for naming in self.own(slug):
            for key in ("start", "end", "programme"):
                there, here = naming.named.optional_text(key), fact.optional_text(key)
                if there is None or here is None or there == here:
                    continue
                if key == "programme":
                    there, here = funding.slug(there), funding.slug(here)
                if there != here:
                    why = "less exact" if here.startswith(there) else "claims.csv has both"
                    tally.note(_OTHERWISE, f"{slug}, `{key}`: {there}, its line {here}: {why}")

    def agreed(self, slug: str, key: str, tally: Tally) -> str | None:
        """What the practices say under a key of a project, if they agree."""
        said = {
            value
            for naming in self.own(slug)
            if (value := naming.named.optional_text(key)) is not None
        }
        if len(said) > 1:
            tally.note("What practices say differently of one project", f"{slug}: `{key}`")
            return None
        return said.pop() if said else None


def told_beside(named: Fact) -> str:
    """The dates and the programme that stand beside a name, in words; empty where none do."""
    start, end = named.optional_text("start"), named.optional_text("end")
    told = []
    if start is not None and end is not None:
        told.append(f"dated {start} to {end}")
    elif start is not None or end is not None:
        told.append(f"dated from {start}" if start is not None else f"dated until {end}")
    programme = named.optional_text("programme")
    if programme is not None:
        told.append(f"said to be under the programme “{programme}”")
    return " and ".join(told)


def nested_projects(rows: Sequence[Row]) -> NestedProjects:
    """The table; raises InputError for a target that is none, and a name that stands twice."""
    for row in rows:
        if row["target"] not in TARGETS or (bool(row["slug"]) != (row["target"] in _WITH_SLUG)):
            raise InputError(
                f"{row.where}: {row['target']!r} with the slug {row['slug']!r} means nothing.",
                advice=f"The target is one of {', '.join(TARGETS)}; the first three have a slug.",
            )
    by_key = keyed(rows, lambda row: f"{row['practice']} {fold(row['name'])}")
    return NestedProjects({(row["practice"], fold(row["name"])): row for row in by_key.values()})


@dataclass(frozen=True, slots=True)
class NestedDesk:
    """What is needed to write records of projects that only practices name."""

    nested: NestedProjects
    languages: Languages
    funding: Funding
    tally: Tally

    def records(self, described: Iterable[str]) -> list[Subject]:
        """One record for each of them; `described` are the slugs that have a line or a seed."""
        labels: dict[str, str] = {}
        for row in self.nested.rows.values():
            for slug in row.listed("slug") if row["target"] == "project" else ():
                labels[slug] = row["label"] or labels.get(slug, "")
        wanted = labels.keys() & self.nested.namings.keys() - set(described)
        return [self._record(slug, labels[slug]) for slug in sorted(wanted)]

    def _record(self, slug: str, label: str) -> Subject:
        namings = self.nested.namings[slug]
        names = sorted({naming.named.text("name") for naming in self.nested.own(slug)})
        record = new_record("project", slug)
        record.state("dcterms:source", *(each for naming in namings for each in naming.sources))
        chosen = label or (names or [slug])[0]
        others = self.nested.names_of_project(slug, self.languages)
        state_names(record, {self.languages.of(chosen): chosen}, others)
        state_timing(record, self._timing(slug, namings[0].named), "und")
        for naming in self.nested.own(slug):
            name = naming.named.optional_text("programme")
            if name is not None:
                programme = self.funding.programme(name, naming.named, naming.sources)
                record.state("ic:partOfProgramme", *([programme] if programme else []))
        return record

    def _timing(self, slug: str, where: Fact) -> Timing:
        start = self.nested.agreed(slug, "start", self.tally)
        end = self.nested.agreed(slug, "end", self.tally)
        try:
            return timing(start=start, end=end, ongoing=False, wording=None, observed=HARVEST)
        except ValueError as error:
            raise where.broken(
                "start", f"or `end` cannot be read: {error}", "Write 2012, 2012-05 or 2012-05-31."
            ) from None
