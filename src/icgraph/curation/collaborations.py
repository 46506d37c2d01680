"""Lines of the file of partnerships, told apart: what each of them is a line about.

By its kind a line is a partnership, an activity (a visit, an event), or says who takes part in
a project or body; a row of the table of partnerships overrules the kind, and says who had which
role where the facts tell it.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from types import MappingProxyType
from typing import Final

from pyoxigraph import NamedNode

from icgraph.curation.facts import Fact
from icgraph.curation.mappings import Row, keyed
from icgraph.curation.mentions import Mention, read_mention
from icgraph.curation.names import fold
from icgraph.curation.organisations import Bodies
from icgraph.curation.places import Gazetteer
from icgraph.curation.projectindex import ProjectIndex
from icgraph.curation.sources import Library
from icgraph.curation.statements import record_iri
from icgraph.curation.tally import Tally
from icgraph.errors import InputError

#: What a line of each kind is about, unless the table says otherwise.
KINDS: Final = MappingProxyType(
    {
        "city-partnership": "partnership",
        "institutional": "partnership",
        "mentoring": "partnership",
        "network": "partnership",
        "project-consortium": "project",
        "study-visit": "activity",
    }
)
#: The role of a party of which nothing is told, by what the line is about.
_ROLES: Final = {
    "partnership": "partner",
    "project": "partner",
    "organisation": "partner",
    "activity": "participant",
    "event": "participant",
}


@dataclass(frozen=True, slots=True)
class Line:
    """One line: what it is about, who is party in which role, and the row that says more."""

    fact: Fact
    target: str
    parties: tuple[tuple[Mention, str], ...]
    project: str | None
    slug: str
    note: str

    @property
    def about(self) -> str:
        """What ties the parties, in the words of the facts."""
        return self.fact.text("about")


@dataclass(frozen=True, slots=True)
class Reader:
    """What is needed to read lines; `rows` are keyed by the folded words and first party."""

    rows: Mapping[tuple[str, str], Row]
    index: ProjectIndex
    bodies: Bodies
    library: Library
    places: Gazetteer
    tally: Tally

    def lines(self, facts: Sequence[Fact]) -> list[Line]:
        """All lines, told apart."""
        return [self._line(fact) for fact in facts]

    def enter(self, line: Line, record: NamedNode | None, decision: str, reason: str = "") -> None:
        """Enter into the ledger what a line became."""
        self.tally.ledger.enter(
            line.fact, "about", line.about, record, decision, reason=reason or line.note
        )

    def source(self, line: Line) -> NamedNode:
        """The source of a line."""
        return self.library.cite(line.fact.text("source"), line.fact)

    def _line(self, fact: Fact) -> Line:
        kind = fact.choice("kind", KINDS, f"It is one of {', '.join(KINDS)}.")
        mentions = gather_mentions(fact, self.library, self.places)
        about = fold(fact.text("about"))
        first = fold(mentions[0].name) if mentions else ""
        row = self.rows.get((about, first)) or self.rows.get((about, ""))
        target = KINDS[kind] if row is None else row["record"]
        roles = {} if row is None else _roles(row, self.bodies)
        otherwise = _ROLES.get(target, "partner")
        parties = [(each, roles.get(fold(each.name), otherwise)) for each in mentions]
        return Line(
            fact=fact,
            target=target,
            parties=tuple(parties),
            project=self._project(fact, row),
            slug="" if row is None else row["slug"],
            note="" if row is None else row["note"],
        )

    def _project(self, fact: Fact, row: Row | None) -> str | None:
        name = fact.optional_text("project")
        told = "" if row is None else row["project"]
        slug = told or (None if name is None else self.index.find_name(name))
        if name is not None:
            self._enter_project(name, slug, fact, by_table=bool(told))
            if slug is None:
                self.tally.leave_out("partnerships", "project", "it matches no project")
                self.tally.note("Projects named by partnerships that no line describes", name)
        return slug

    def _enter_project(self, name: str, slug: str | None, fact: Fact, *, by_table: bool) -> None:
        project = None if slug is None else record_iri("project", slug)
        decision, reason = "same-as-line", "a name that the project's line gives"
        if slug is None:
            decision, reason = "not-a-record", "it matches no project"
        elif by_table:
            decision, reason = "same-by-table", "a row of partnerships.csv"
        self.tally.ledger.enter(fact, "project", name, project, decision, reason=reason)


def table_of_lines(rows: Sequence[Row]) -> dict[tuple[str, str], Row]:
    """The rows by folded words and first party; raises InputError for one that means nothing."""
    for row in rows:
        if row["record"] not in {*_ROLES, "none"}:
            raise InputError(
                f"{row.where}: {row['record']!r} is nothing that a line can be about.",
                advice=f"Write one of {', '.join(_ROLES)}, none.",
            )
    keyed(rows, lambda row: f"{fold(row['about'])}|{fold(row['first_party'])}")
    return {(fold(row["about"]), _folded(row["first_party"])): row for row in rows}


def _folded(name: str) -> str:
    return fold(name) if name else ""


def _roles(row: Row, bodies: Bodies) -> dict[str, str]:
    found: dict[str, str] = {}
    for each in row.listed("roles"):
        name, _, role = each.rpartition("=")
        if role not in {known["role"] for known in bodies.roles.values()}:
            raise InputError(
                f"{row.where}: {role!r} is no role that roles.csv has.", advice="Mend the role."
            )
        found[fold(name)] = role
    return found


def gather_mentions(fact: Fact, library: Library, places: Gazetteer) -> list[Mention]:
    """All organisations that a line names as parties."""
    sources = {library.cite(fact.text("source"), fact)}
    return [read_mention(each, sources, places) for each in fact.within("parties")]
