"""The ledger: which record each line of facts, and each name in it, became, and why.

The importer enters every decision where it takes it, so that the ledger is what was done and
no second computation. Nothing is decided here but which occurrence of a name counts as its
first.
"""

import csv
import io
import re
from collections.abc import Container, Iterable
from dataclasses import astuple, dataclass, field, replace
from pathlib import Path
from typing import Final

from pyoxigraph import NamedNode

from icgraph.curation.facts import Fact, tidy
from icgraph.model.terms import prefixes

#: The decisions, with what they mean to a reader.
DECISIONS: Final = {
    "new": "the record was made for this line or name",
    "same-name": "the name of a record that another line or name made, in the same place",
    "same-as-line": "the name, or another name, that the record's own line gives",
    "same-by-rule": "another name of the record by a rule of the importer",
    "same-by-table": "another name of the record by a row of a table in data/mappings",
    "seed": "a hand-made record",
    "part": "several unnamed bodies: a part of the record that names them",
    "not-a-record": "no record, for the reason given",
}
COLUMNS: Final = (
    "file", "line", "path", "name", "country", "place", "record", "decision", "reason", "language",
)  # fmt: skip
#: Keys whose addresses are of a body's own site, not of a page that was read.
_OWN_SITES: Final = frozenset({("organisations", "url"), ("networks", "url")})
_NUMBER: Final = re.compile(r"(\d+)")


@dataclass(frozen=True, slots=True)
class Entry:
    """One row: where a name stands, what it became and why. `place` is the place's slug."""

    file: str
    line: int
    path: str
    name: str
    country: str
    place: str
    record: str
    decision: str
    reason: str
    language: str

    def what(self) -> tuple[str, int, str, str, str]:
        """The name at its spot, and what it became."""
        return self.file, self.line, self.path, self.name, self.record

    def order(self) -> tuple[str, int, list[str | tuple[int]], str]:
        """Files, lines and paths in the order of a reader."""
        parts = _NUMBER.split(self.path)
        path = [f"{int(part):09}" if part.isdigit() else part for part in parts]
        return self.file, self.line, list(path), "\0".join(map(str, astuple(self)))


@dataclass(slots=True)
class Ledger:
    """All entries; entering the same twice changes nothing."""

    entries: set[Entry] = field(default_factory=set)

    def enter(
        self,
        fact: Fact,
        key: str,
        name: str,
        record: NamedNode | None,
        decision: str,
        *,
        reason: str = "",
        country: str | None = None,
        place: str | None = None,
        language: str = "",
    ) -> None:
        """Enter what a name became, at each spot where it stands under the key of the fact."""
        path, _, line = fact.where.rpartition(":")
        for spot in fact.spots(key, name):
            self.entries.add(
                Entry(
                    file=Path(path).name,
                    line=int(line),
                    path=spot,
                    name=name,
                    country=country or "",
                    place=place or "",
                    record="" if record is None else record.value,
                    decision=decision,
                    reason=reason,
                    language=language,
                )
            )

    def enter_address(self, fact: Fact, place: str, record: NamedNode, *, reason: str = "") -> None:
        """Enter the source record of an address, wherever the fact has it."""
        decision = "same-by-table" if reason else "same-name"
        for key, value in fact.values.items():
            if (fact.kind, key) in _OWN_SITES:
                continue
            values = value if isinstance(value, list) else [value]
            if any(isinstance(each, str) and tidy(each) == place for each in values):
                self.enter(fact, key, place, record, decision, reason=reason)

    def rows(self, hand_made: Container[str]) -> list[Entry]:
        """The entries in order; the first name of a record that no other line made is `new`.

        Records whose IRI is in `hand_made` stand in the seeds already. A name that was read again
        after it was decided keeps the first decision.
        """
        decided = {each.what() for each in self.entries if each.decision != "same-name"}
        found = sorted(
            (
                each
                for each in self.entries
                if each.decision != "same-name" or each.what() not in decided
            ),
            key=Entry.order,
        )
        made = {each.record for each in found if each.decision == "new"}
        rows = []
        for each in found:
            decision = each.decision
            if decision in {"new", "same-name"} and each.record in hand_made:
                decision = "seed"
            elif decision == "same-name" and each.record not in made:
                decision = "new"
                made.add(each.record)
            rows.append(replace(each, decision=decision, record=_short(each.record)))
        return rows


def ledger_table(rows: Iterable[Entry]) -> str:
    """`ledger.csv`: one row an entry."""
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(COLUMNS)
    writer.writerows(astuple(row) for row in rows)
    return text.getvalue()


def _short(record: str) -> str:
    for prefix, namespace in prefixes().items():
        if record.startswith(namespace) and "/" not in record[len(namespace) :]:
            return f"{prefix}:{record[len(namespace) :]}"
    return record
