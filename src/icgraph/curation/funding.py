"""Funding programmes, the grants that projects have under them, and who pays.

The names of programmes in the facts are told apart by a reviewable table. A funder without a
grant number takes part in the project; with one, it stands on the grant.
"""

from collections.abc import Container, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Final

from pyoxigraph import NamedNode

from icgraph.curation.facts import Fact
from icgraph.curation.mappings import Row
from icgraph.curation.names import Languages, fold, without_abbreviation
from icgraph.curation.statements import (
    Subject,
    add_name,
    new_record,
    plain,
    record_iri,
    state_names,
    state_participation,
    term,
    text,
)
from icgraph.curation.tally import Tally
from icgraph.errors import InputError
from icgraph.model.iris import source_slug

_CALL = "(call)"
#: A printed text that says more than the programme's name, and is none of its names.
REMARK: Final = "remark"


def grant_number(fact: Fact) -> str | None:
    """The number of a grant; the name of a call is none."""
    number = fact.optional_text("grant")
    return None if number is None or number.endswith(_CALL) else number


@dataclass(frozen=True, slots=True)
class Funding:
    """The table of programmes by their names in the facts; their sources gather meanwhile."""

    programmes: Mapping[str, Row]
    languages: Languages
    tally: Tally
    sources: dict[str, set[NamedNode]] = field(default_factory=dict)

    def records(self) -> list[Subject]:
        """One record for each programme that a project names."""
        made: dict[str, Subject] = {}
        for name, sources in sorted(self.sources.items()):
            row = self.programmes[name]
            record = made.setdefault(row["slug"], new_record("programme", row["slug"]))
            others = [text(each) for each in row.listed("others")]
            if row["treat"] != REMARK:
                full, short = without_abbreviation(name)
                others += [text(full, self.languages.of(full)), *([text(short)] if short else [])]
            state_names(record, {"en": row["en"]}, [])
            for each in others:
                add_name(record, each)
            record.state("dcterms:source", *sources)
            if row["managed_by"]:
                record.state("ic:managedBy", record_iri("organisation", row["managed_by"]))
        return list(made.values())

    def take_nested(self, named: Fact, sources: Iterable[NamedNode]) -> None:
        """Take in the programme that a line names beside a project of another line."""
        name = named.optional_text("programme")
        if name is not None and (name not in self.programmes or self.programmes[name]["slug"]):
            self.programme(name, named, sources)

    def take_claims(self, rows: Sequence[Row], made: Container[str]) -> None:
        """Take in the programmes that claims on records that were made name."""
        names = {row["slug"]: name for name, row in self.programmes.items()}
        for row in rows:
            if row["predicate"] != "ic:underProgramme" or term(row["record"]).value not in made:
                continue
            slug, place = row["value"].partition(":")[2], row["source"]
            if slug not in names:
                raise InputError(
                    f"{row.where}: the programme {slug!r} is not in programmes.csv.",
                    advice="Add it there.",
                )
            page = source_slug(place) if place.startswith("http") else place
            self.sources.setdefault(names[slug], set()).add(record_iri("source", page))

    def slug(self, name: str) -> str:
        """The slug of the programme of a name, or the name where it is of none."""
        return (self.programmes[name]["slug"] if name in self.programmes else "") or name

    def programme(self, name: str, fact: Fact, sources: Iterable[NamedNode]) -> NamedNode | None:
        """The record of a programme that a line names; None where the name is of no fund."""
        if name not in self.programmes:
            raise InputError(
                f"{fact.where}: the programme {name!r} is not in programmes.csv.",
                advice="Add it there.",
            )
        row = self.programmes[name]
        if not row["slug"]:
            self.tally.leave_out(fact.kind, "programme", f"`{name}` is no funding programme")
            self._enter(fact, name, None, "not-a-record", "no funding programme")
            return None
        self.sources.setdefault(name, set()).update(sources)
        record = record_iri("programme", row["slug"])
        same = fold(name) == fold(row["en"])
        decision, reason = ("same-name", "") if same else ("same-by-table", _reason(row))
        self._enter(fact, name, record, decision, reason)
        return record

    def state(
        self,
        record: Subject,
        fact: Fact,
        programme: str | None,
        funders: Sequence[str],
        sources: Iterable[NamedNode],
    ) -> None:
        """State the grant of a project, or else its programme and funders."""
        number = grant_number(fact)
        if fact.optional_text("grant") is not None and number is None:
            self.tally.leave_out("projects", "grant", "it is the name of a call, not a number")
        found = None if programme is None else self.programme(programme, fact, sources)
        if number is None:
            if found is not None:
                record.state("ic:partOfProgramme", found)
            for slug in funders:
                state_participation(record, slug, ["funder"])
            return
        grant = record.part("grant", "ic:grant", "ic:Grant")
        grant.state("dcterms:identifier", plain(number))
        grant.state("schema:funder", *(record_iri("organisation", slug) for slug in funders))
        if found is not None:
            grant.state("ic:underProgramme", found)

    def _enter(
        self, fact: Fact, name: str, record: NamedNode | None, decision: str, reason: str
    ) -> None:
        if fact.optional_text("programme") == name:
            self.tally.ledger.enter(
                fact, "programme", name, record, decision, reason=reason, language="en"
            )


def _reason(row: Row) -> str:
    more = ": the text says more than its name" if row["treat"] == REMARK else ""
    return f"in programmes.csv{more}"
