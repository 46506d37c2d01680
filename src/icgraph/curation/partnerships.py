"""Partnership records: lasting ties between two or more organisations that are known by name.

Study visits, consortia and networks are no partnerships and are not made here. A row of the
table of partnerships gives a line the slug of a hand-made record, or leaves it out.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from pyoxigraph import NamedNode

from icgraph.curation.facts import Fact
from icgraph.curation.mappings import Row
from icgraph.curation.mentions import Mention, read_mention
from icgraph.curation.names import fold
from icgraph.curation.organisations import Bodies
from icgraph.curation.places import Gazetteer
from icgraph.curation.projects import ProjectIndex, read_timing
from icgraph.curation.sources import Library
from icgraph.curation.statements import (
    Subject,
    new_record,
    record_iri,
    state_names,
    state_timing,
)
from icgraph.curation.tally import Tally
from icgraph.model.iris import SLUG_LENGTH, slugify

KINDS: Final = frozenset({"city-partnership", "institutional", "mentoring"})


@dataclass(frozen=True, slots=True)
class PartnershipDesk:
    """What is needed to write partnership records; `special` is keyed by the folded `about`."""

    special: Mapping[str, Row]
    index: ProjectIndex
    bodies: Bodies
    library: Library
    places: Gazetteer
    tally: Tally

    def records(self, facts: Sequence[Fact]) -> list[Subject]:
        """One record for each line of the kinds that are partnerships."""
        made: dict[str, Subject] = {}
        for fact in facts:
            kind = fact.text("kind")
            if kind not in KINDS:
                self.tally.leave_out("partnerships", "kind", f"`{kind}` is no partnership")
                continue
            record = self._record(fact, taken=made)
            if record is not None:
                made[record.node.value] = record
        return list(made.values())

    def _record(self, fact: Fact, taken: Mapping[str, Subject]) -> Subject | None:
        about = fact.text("about")
        row = self.special.get(fold(about))
        if row is not None and not row["slug"]:
            self.tally.leave_out("partnerships", "about", row["note"])
            self._enter(fact, None, "not-a-record", row["note"])
            return None
        mentions = self._mentions(fact)
        found = (self.bodies.resolution.slug_of(mention) for mention in mentions)
        names = [self.bodies.short_name(slug) for slug in dict.fromkeys(found) if slug is not None]
        if len(names) < 2:
            self.tally.leave_out("partnerships", "parties", "fewer than two are known by name")
            self.tally.note("Partnerships with fewer than two known parties", about)
            self._enter(fact, None, "not-a-record", "fewer than two parties are known by name")
            return None
        title = _title(names, about)
        short = title if len(fold(title)) <= SLUG_LENGTH else about
        slug = row["slug"] if row is not None else slugify(short)
        if record_iri("partnership", slug).value in taken:
            raise fact.broken(
                "about", f"is that of another line: {about!r}", "Tell them apart in words."
            )
        record = new_record("partnership", slug)
        self._enter(fact, record.node, "new", "" if row is None else row["note"])
        state_names(record, {"en": title}, [])
        record.state("dcterms:source", self.library.cite(fact.text("source"), fact))
        state_timing(record, read_timing(fact), "und")
        self.bodies.state_parties(
            record, [(mention, "partner") for mention in mentions], "partnerships"
        )
        self._state_project(record, fact)
        return record

    def _enter(self, fact: Fact, record: NamedNode | None, decision: str, reason: str) -> None:
        about = fact.text("about")
        self.tally.ledger.enter(fact, "about", about, record, decision, reason=reason)

    def _mentions(self, fact: Fact) -> list[Mention]:
        return gather_mentions(fact, self.library, self.places)

    def _state_project(self, record: Subject, fact: Fact) -> None:
        name = fact.optional_text("project")
        if name is None:
            return
        slug = self.index.find_name(name)
        self._enter_project(name, slug, fact)
        if slug is None:
            self.tally.leave_out("partnerships", "project", "no line of the projects' file matches")
            self.tally.note("Projects named by partnerships that no line describes", name)
        else:
            record.state("ic:withinProject", record_iri("project", slug))

    def _enter_project(self, name: str, slug: str | None, fact: Fact) -> None:
        project = None if slug is None else record_iri("project", slug)
        decision, reason = "same-as-line", "a name that the project's line gives"
        if slug is None:
            decision, reason = "not-a-record", "no line of the projects' file matches"
        self.tally.ledger.enter(fact, "project", name, project, decision, reason=reason)


def _title(names: Sequence[str], about: str) -> str:
    """Two or three parties and what ties them; of more, only that."""
    if len(names) > 3:
        return about[0].upper() + about[1:]
    return f"{' – '.join(names)}: {about}"


def gather_mentions(fact: Fact, library: Library, places: Gazetteer) -> list[Mention]:
    """All organisations that a line of the file of partnerships names as parties."""
    sources = {library.cite(fact.text("source"), fact)}
    return [read_mention(each, sources, places) for each in fact.within("parties")]
