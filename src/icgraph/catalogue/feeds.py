"""The change feed: which records every revision added, changed or took away.

An index made from the change log, in a file that can be deleted at any time. One process
follows the log and writes it (`Feed`); any may read its pages (`read_page`). Pages are counted
from the oldest happening on, so that what stands on one stays there for ever.
"""

from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from typing import Final

from icgraph.errors import BeingMade
from icgraph.model.iris import Base, RecordName
from icgraph.model.kinds import KINDS
from icgraph.model.terms import FOREIGN_PREFIXES
from icgraph.store.changes import WrittenChange, WrittenRevision
from icgraph.store.log import ChangeLog
from icgraph.store.remade import begin_anew, open_remade, read_remade

PAGE: Final = 50
_FORMAT: Final = 1
_TYPE: Final = f"<{FOREIGN_PREFIXES['rdf']}type>".encode()
_TABLES: Final = """
CREATE TABLE IF NOT EXISTS revision (
  number INTEGER PRIMARY KEY, time TEXT NOT NULL, agent TEXT NOT NULL, message TEXT NOT NULL,
  hash TEXT NOT NULL);
CREATE TABLE IF NOT EXISTS happening (
  number INTEGER PRIMARY KEY, revision INTEGER NOT NULL, effect TEXT NOT NULL,
  kind TEXT NOT NULL, slug TEXT NOT NULL);
CREATE INDEX IF NOT EXISTS happening_revision ON happening (revision)
"""
_PAGE_OF: Final = """
SELECT h.number, h.revision, h.effect, h.kind, h.slug, r.time, r.agent, r.message
FROM happening h JOIN revision r ON r.number = h.revision
WHERE h.number BETWEEN ? AND ? ORDER BY h.number DESC
"""


class Effect(StrEnum):
    """What a change did to a record; `OTHER` is a change that touched no record."""

    ADDED = "added"
    CHANGED = "changed"
    WITHDRAWN = "withdrawn"
    OTHER = "other"


@dataclass(frozen=True, slots=True)
class Happening:
    """One record in one change; `name` is None where the change touched no record.

    `time` is in UTC, in the form of RFC 3339; `number` counts all happenings from 1.
    """

    number: int
    revision: int
    effect: Effect
    name: RecordName | None
    time: str
    agent: str
    message: str


@dataclass(frozen=True, slots=True)
class FeedPage:
    """Happenings, the newest first. `number` is None for the newest ones, the feed itself.

    `older` and `newer` are the numbers of the pages beside it; `newer` 0 stands for the feed
    itself, None for no page.
    """

    happenings: tuple[Happening, ...]
    number: int | None
    pages: int
    total: int
    older: int | None
    newer: int | None


class Feed:
    """The index of one home, brought up to its log by the one process that follows it."""

    def __init__(self, path: Path, base: str) -> None:
        """Open the index at `path`; one that is damaged is begun anew."""
        self._path = path
        self._base = Base(base)
        self._indexed = 0
        self._connection = open_remade(path, _TABLES, _FORMAT)

    def indexed(self) -> int:
        """The newest revision that was indexed; 0 while nothing was compared with the log."""
        return self._indexed

    def follow(self, log: ChangeLog) -> None:
        """Index what the log has and this lacks; raises sqlite3.Error when it cannot be written."""
        number, known_as = self._head()
        target = log.head()
        if number > target or (number and known_as != log.hash_of(number)):
            self._connection.close()
            self._connection = begin_anew(self._path, _TABLES, _FORMAT)
            number = 0
        for revision in log.read_written(after=number):
            self._add(revision)
        self._indexed = target

    def close(self) -> None:
        """Let go of the file."""
        self._connection.close()

    def _head(self) -> tuple[int, str]:
        found = self._connection.execute(
            "SELECT number, hash FROM revision ORDER BY number DESC LIMIT 1"
        ).fetchone()
        return found or (0, "")

    def _add(self, revision: WrittenRevision) -> None:
        change = revision.change
        effects = touched(change, self._base) or {None: Effect.OTHER}
        with self._connection:
            self._connection.execute(
                "INSERT INTO revision VALUES (?, ?, ?, ?, ?)",
                (
                    revision.number,
                    revision.time.isoformat(),
                    change.agent,
                    change.message,
                    revision.hash,
                ),
            )
            self._connection.executemany(
                "INSERT INTO happening (revision, effect, kind, slug) VALUES (?, ?, ?, ?)",
                [
                    (revision.number, effect, name.kind if name else "", name.slug if name else "")
                    for name, effect in effects.items()
                ],
            )


def read_page(path: Path, number: int | None, *, revision: int) -> FeedPage | None:
    """A page of the feed as of a revision, the newest happenings for None; None for no such page.

    Raises BeingMade while the index lacks that revision.
    """
    with read_remade(path, _not_ready) as connection:
        indexed = connection.execute("SELECT max(number) FROM revision").fetchone()[0] or 0
        if indexed < revision:
            raise _not_ready()
        total = connection.execute(
            "SELECT coalesce(max(number), 0) FROM happening WHERE revision <= ?", (revision,)
        ).fetchone()[0]
        pages = max(1, -(-total // PAGE))
        if number is not None and not 1 <= number <= pages:
            return None
        # The newest page may be short, so the feed itself begins with the one before.
        first = max(1, pages - 1) if number is None else number
        last = pages if number is None else number
        rows = connection.execute(_PAGE_OF, ((first - 1) * PAGE + 1, min(last * PAGE, total)))
        happenings = tuple(_happening(row) for row in rows)
    newer = None if number is None else (number + 1 if number < pages else 0)
    return FeedPage(happenings, number, pages, total, first - 1 if first > 1 else None, newer)


def touched(change: WrittenChange, base: Base) -> dict[RecordName | None, Effect]:
    """What a change does to each record it touches; read from the last, practices come first.

    A record begins and ends with the statement of its kind's class; only the default graph
    counts, where records stand.
    """
    begun, seen_added = _records(change.additions, base)
    ended, seen_removed = _records(change.removals, base)
    effects: dict[RecordName | None, Effect] = {}
    kinds = list(KINDS)
    in_order = sorted(
        seen_added | seen_removed, key=lambda name: (kinds.index(name.kind), name.slug)
    )
    for name in reversed(in_order):
        if name in begun and name not in ended:
            effects[name] = Effect.ADDED
        elif name in ended and name not in begun:
            effects[name] = Effect.WITHDRAWN
        else:
            effects[name] = Effect.CHANGED
    return effects


def _records(text: bytes, base: Base) -> tuple[set[RecordName], set[RecordName]]:
    """The records that are given or denied their class in N-Quads, and all that are touched."""
    start = f"<{base.iri}id/".encode()
    classes = {f"<{kind.type_iri(base.iri)}> .".encode(): kind.name for kind in KINDS.values()}
    typed: set[RecordName] = set()
    seen: set[RecordName] = set()
    for line in text.splitlines():
        if not line.startswith(start):
            continue
        subject, predicate, rest = line.split(b" ", 2)
        name = base.name_of(subject[1:-1].decode())
        if name is None or _in_named_graph(rest):
            continue
        seen.add(name)
        if predicate == _TYPE and b"#" not in subject and classes.get(rest) == name.kind:
            typed.add(name)
    return typed, seen


def _in_named_graph(rest: bytes) -> bool:
    """Whether the end of an N-Quads line, from the object on, names a graph."""
    stated = rest.removesuffix(b" .")
    if stated.startswith(b"<"):
        return b" " in stated
    last = stated.rpartition(b" ")[2]
    return last.startswith(b"<") and b'"' not in last


def _happening(row: tuple[int, int, str, str, str, str, str, str]) -> Happening:
    number, revision, effect, kind, slug, time, agent, message = row
    name = RecordName(kind, slug) if kind else None
    return Happening(number, revision, Effect(effect), name, time, agent, message)


def _not_ready() -> BeingMade:
    return BeingMade("The list of changes is being made.", advice="Try again in a few seconds.")
