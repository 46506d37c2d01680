"""The ledger: which record each line of facts, and each name in it, became, and why.

The importer enters every decision where it takes it, so that the ledger is what was done and
no second computation. Nothing is decided here but which occurrence of a name counts as its
first.
"""

import csv
import io
import re
from collections.abc import Iterable
from dataclasses import astuple, dataclass, field, replace
from pathlib import Path
from typing import Final

from pyoxigraph import NamedNode

from icgraph.curation.facts import Fact
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
                    record=_short(record),
                    decision=decision,
                    reason=reason,
                    language=language,
                )
            )

    def rows(self) -> list[Entry]:
        """The entries in order; the first name of a record that nothing else made is `new`."""
        found = sorted(self.entries, key=Entry.order)
        made = {each.record for each in found if each.decision in {"new", "seed"}}
        rows = []
        for each in found:
            if each.decision == "same-name" and each.record not in made:
                each = replace(each, decision="new")
            if each.decision == "new":
                made.add(each.record)
            rows.append(each)
        return rows


def ledger_table(rows: Iterable[Entry]) -> str:
    """`ledger.csv`: one row an entry."""
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(COLUMNS)
    writer.writerows(astuple(row) for row in rows)
    return text.getvalue()


def _short(record: NamedNode | None) -> str:
    if record is None:
        return ""
    for prefix, namespace in prefixes().items():
        if namespace.endswith("/") and record.value.startswith(namespace):
            local = record.value[len(namespace) :]
            if "/" not in local:
                return f"{prefix}:{local}"
    return record.value
