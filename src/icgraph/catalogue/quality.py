"""What the rules find in the published graph, revision by revision.

A file that can be deleted at any time: one process writes it (`Assessments`), any may read it.
Of every assessed revision the numbers are kept, of the newest one the findings, too.
"""

import json
import sqlite3
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from icgraph.errors import BeingMade
from icgraph.guard.report import Report, Severity
from icgraph.store.embedded import Head
from icgraph.store.remade import open_remade, read_remade

#: Revisions whose numbers are kept.
KEPT: Final = 10_000
_FORMAT: Final = 1
_TABLES: Final = """
CREATE TABLE IF NOT EXISTS assessment (
  revision INTEGER PRIMARY KEY, hash TEXT NOT NULL, seconds REAL NOT NULL);
CREATE TABLE IF NOT EXISTS tally (
  revision INTEGER NOT NULL, severity TEXT NOT NULL, shape TEXT NOT NULL,
  count INTEGER NOT NULL, accepted INTEGER NOT NULL,
  PRIMARY KEY (revision, severity, shape));
CREATE TABLE IF NOT EXISTS report (revision INTEGER PRIMARY KEY, body TEXT NOT NULL)
"""


@dataclass(frozen=True, slots=True)
class Tally:
    """How many findings one rule has of one severity, and how many of these are accepted."""

    severity: Severity
    shape: str
    count: int
    accepted: int


@dataclass(frozen=True, slots=True)
class Assessment:
    """The numbers of one revision; the tallies are in order: the gravest, then the most."""

    revision: int
    hash: str
    seconds: float
    tallies: tuple[Tally, ...]

    def count(self, severity: Severity) -> int:
        """How many findings of this severity there are."""
        return sum(tally.count for tally in self.tallies if tally.severity is severity)

    @property
    def accepted(self) -> int:
        """How many Warnings are accepted."""
        return sum(tally.accepted for tally in self.tallies)

    @property
    def conforms(self) -> bool:
        """No Violation, and no Warning that is not accepted."""
        return all(
            tally.severity is Severity.INFO or tally.count == tally.accepted
            for tally in self.tallies
        )


class Assessments:
    """The file, for the one process that writes it."""

    def __init__(self, path: Path) -> None:
        """Open the file at `path`; one that is damaged, or of another program, is begun anew."""
        self._connection = open_remade(path, _TABLES, _FORMAT)

    def holds(self, head: Head) -> bool:
        """Whether this revision was assessed."""
        found = self._connection.execute(
            "SELECT hash FROM assessment WHERE revision = ?", (head.number,)
        ).fetchone()
        return bool(found == (head.hash,))

    def keep(self, head: Head, report: Report, seconds: float) -> None:
        """Keep what was found in a revision, in the place of anything that is said of later ones.

        Later ones can only stem from another log.
        """
        with self._connection as connection:
            for table in ("assessment", "tally"):
                connection.execute(
                    f"DELETE FROM {table} WHERE revision >= ? OR revision <= ?",  # noqa: S608
                    (head.number, head.number - KEPT),
                )
            connection.execute("DELETE FROM report")
            connection.execute(
                "INSERT INTO assessment VALUES (?, ?, ?)", (head.number, head.hash, seconds)
            )
            connection.executemany(
                "INSERT INTO tally VALUES (?, ?, ?, ?, ?)",
                [
                    (head.number, tally.severity.value, tally.shape, tally.count, tally.accepted)
                    for tally in tallies_of(report)
                ],
            )
            body = json.dumps(report.to_json(), ensure_ascii=False)
            connection.execute("INSERT INTO report VALUES (?, ?)", (head.number, body))

    def close(self) -> None:
        """Let go of the file."""
        self._connection.close()


def tallies_of(report: Report) -> tuple[Tally, ...]:
    """The findings counted by severity and shape, with those the report leaves out."""
    counts: Counter[tuple[Severity, str]] = Counter()
    accepted: Counter[tuple[Severity, str]] = Counter()
    for finding in report.findings:
        key = (finding.severity, finding.shape.value)
        counts[key] += 1
        accepted[key] += bool(finding.accepted)
    for cut in report.cuts:
        counts[cut.severity, cut.shape.value] += cut.found - cut.shown
    return _ordered(Tally(*key, count, accepted[key]) for key, count in counts.items())


def read_assessments(path: Path, most: int) -> list[Assessment]:
    """The numbers of the newest assessed revisions, the newest first; raises BeingMade."""
    with read_remade(path, _not_ready) as connection:
        rows = connection.execute(
            "SELECT revision, hash, seconds FROM assessment ORDER BY revision DESC LIMIT ?", (most,)
        ).fetchall()
        if not rows:
            raise _not_ready()
        return [
            Assessment(revision, hash_, seconds, _read_tallies(connection, revision))
            for revision, hash_, seconds in rows
        ]


def read_report(path: Path) -> tuple[int, Report]:
    """The newest assessed revision and what was found in it; raises BeingMade."""
    with read_remade(path, _not_ready) as connection:
        row = connection.execute("SELECT revision, body FROM report").fetchone()
    if row is None:
        raise _not_ready()
    return row[0], Report.from_json(json.loads(row[1]))


def _read_tallies(connection: sqlite3.Connection, revision: int) -> tuple[Tally, ...]:
    rows = connection.execute(
        "SELECT severity, shape, count, accepted FROM tally WHERE revision = ?", (revision,)
    )
    return _ordered(
        Tally(Severity(severity), shape, count, accepted)
        for severity, shape, count, accepted in rows
    )


def _ordered(tallies: Iterator[Tally]) -> tuple[Tally, ...]:
    return tuple(
        sorted(tallies, key=lambda tally: (tally.severity.rank, -tally.count, tally.shape))
    )


def _not_ready() -> BeingMade:
    return BeingMade("The graph is being validated.", advice="Try again in a few seconds.")
