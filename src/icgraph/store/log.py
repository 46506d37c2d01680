"""The change log: append-only, in SQL, on disk before anybody is told.

Every revision carries a hash over its content and the hash before it, so damage is
found and named. The log is the truth; projections are made from it and follow it.
"""

import json
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from hashlib import sha256
from pathlib import Path
from typing import Any, Final

import sqlalchemy as sql
from sqlalchemy.exc import SQLAlchemyError

from icgraph.errors import HeadMoved, HomeUnwritable, LogDamaged, SettingInvalid
from icgraph.model.terms import DEFAULT_BASE
from icgraph.store.changes import (
    Change,
    Revision,
    WrittenChange,
    WrittenRevision,
    decode_change,
    encode_change,
)
from icgraph.store.home import Home
from icgraph.store.news import tell_news

FORMAT: Final = "1"
_KIND: Final = "kind"
_BARE: Final = "bare"
_NO_HASH: Final = "0" * 64

_metadata = sql.MetaData()
_facts = sql.Table(
    "fact",
    _metadata,
    sql.Column("name", sql.String, primary_key=True),
    sql.Column("value", sql.String, nullable=False),
)
_revisions = sql.Table(
    "revision",
    _metadata,
    sql.Column("number", sql.Integer, primary_key=True, autoincrement=False),
    sql.Column("time", sql.String, nullable=False),
    sql.Column("agent", sql.String, nullable=False),
    sql.Column("message", sql.String, nullable=False),
    sql.Column("additions", sql.LargeBinary, nullable=False),
    sql.Column("removals", sql.LargeBinary, nullable=False),
    sql.Column("hash", sql.String(64), nullable=False),
)


@dataclass(frozen=True, slots=True)
class PackedRevision:
    """A revision as the file has it: N-Quads, compressed with zlib."""

    number: int
    time: datetime
    agent: str
    message: str
    additions: bytes = field(repr=False)
    removals: bytes = field(repr=False)


class ChangeLog:
    """The log of one home. Open it with `open_log`.

    `base` is the IRI below which the graph lies; `bare` says that it has no ontology and no rules.
    """

    def __init__(self, engine: sql.Engine, path: Path, base: str, *, bare: bool) -> None:
        self._engine = engine
        self._path = path
        self.base = base
        self.bare = bare

    def head(self) -> int:
        """The newest revision; 0 for an empty log."""
        with _naming_damage(self._path), self._engine.connect() as connection:
            return _head(connection, self._path)

    def append(self, change: Change, *, after: int, time: datetime) -> Revision:
        """Record a change as the revision after `after`; it is on disk when this returns.

        Raises HeadMoved when the log's head is another.
        """
        written = self.append_written(encode_change(change), after=after, time=time)
        return Revision(written.number, time, change, written.hash)

    def append_written(
        self, change: WrittenChange, *, after: int, time: datetime
    ) -> WrittenRevision:
        """The same for a change that is text already, which must be as `encode_quads` makes it."""
        writing = self._engine.execution_options(writing=True)
        with _naming_damage(self._path), writing.begin() as connection:
            head = _head(connection, self._path)
            if head != after:
                raise HeadMoved(
                    f"Revision {head} was recorded while this change was made on {after}.",
                    advice="Run the same command again.",
                )
            row = _row(after + 1, time, change, _hash_at(connection, after))
            connection.execute(_revisions.insert().values(**row))
            newest = {"name": "head", "value": f"{after + 1} {row['hash']}"}
            connection.execute(_facts.delete().where(_facts.c.name == "head"))
            connection.execute(_facts.insert().values(**newest))
        self._settle()
        tell_news(Home(self._path.parent).run)
        return WrittenRevision(after + 1, time, change, row["hash"])

    def read(self, *, after: int = 0) -> Iterator[Revision]:
        """The revisions after `after`, in order; raises LogDamaged at the first not whole."""
        for written in self.read_written(after=after):
            change = decode_change(written.change)
            yield Revision(written.number, written.time, change, written.hash)

    def read_written(self, *, after: int = 0) -> Iterator[WrittenRevision]:
        """The same, their quads left as text."""
        with _naming_damage(self._path), self._engine.connect() as connection:
            _head(connection, self._path)
            previous = _hash_at(connection, after)
            selection = sql.select(_revisions).where(_revisions.c.number > after)
            rows = connection.execution_options(yield_per=1).execute(
                selection.order_by(_revisions.c.number)
            )
            for expected, row in enumerate(rows.mappings(), start=after + 1):
                revision = self._checked(dict(row), expected, previous)
                previous = revision.hash
                yield revision

    def packed(self, *, before: int, most: int) -> list["PackedRevision"]:
        """Revisions before `before`, the newest first, at most `most`: their texts compressed.

        Nothing is unpacked and no checksum is looked at: readers who search the past need few.
        """
        with _naming_damage(self._path), self._engine.connect() as connection:
            selection = sql.select(_revisions).where(_revisions.c.number < before)
            newest = selection.order_by(_revisions.c.number.desc()).limit(most)
            return [_packed(dict(row)) for row in connection.execute(newest).mappings()]

    def hash_of(self, number: int) -> str:
        """The hash of a revision, which says what the graph was then; raises LogDamaged."""
        with _naming_damage(self._path), self._engine.connect() as connection:
            _head(connection, self._path)
            return _hash_at(connection, number)

    def close(self) -> None:
        """Let go of the file."""
        self._engine.dispose()

    def _settle(self) -> None:
        """Bring what was written into the one file, so that a copy of it is a whole backup."""
        with self._engine.connect() as connection:
            driver = connection.connection.driver_connection
            assert driver is not None
            driver.execute("PRAGMA wal_checkpoint(TRUNCATE)").close()

    def _checked(self, row: dict[str, Any], expected: int, previous: str) -> WrittenRevision:
        if row["number"] != expected:
            raise _damaged(self._path, f"revision {expected} is missing")
        if row["hash"] != _hash(row, previous):
            raise _damaged(self._path, f"revision {expected} does not match its checksum")
        change = WrittenChange(
            agent=row["agent"],
            message=row["message"],
            additions=zlib.decompress(row["additions"]),
            removals=zlib.decompress(row["removals"]),
        )
        return WrittenRevision(expected, datetime.fromisoformat(row["time"]), change, row["hash"])


def open_log(path: Path, base: str | None, *, bare: bool | None = None) -> ChangeLog:
    """The change log at `path`, made when there is none.

    `base` None takes the one the log was made with, for a new log the default; `bare` None
    takes a log of either kind. Raises LogDamaged for a file that is no log, SettingInvalid when
    the log has another base or is of the other kind.
    """
    engine = sql.create_engine(f"sqlite:///{path}", connect_args={"timeout": 30})
    sql.event.listen(engine, "connect", _configure)
    sql.event.listen(engine, "begin", _begin)
    with _naming_damage(path), engine.execution_options(writing=True).begin() as connection:
        _metadata.create_all(connection)
        facts: dict[str, str] = {
            row.name: row.value for row in connection.execute(sql.select(_facts))
        }
        if not facts:
            facts = {"format": FORMAT, "base": base or DEFAULT_BASE}
            if bare:
                facts[_KIND] = _BARE
            rows = [{"name": name, "value": value} for name, value in facts.items()]
            connection.execute(_facts.insert(), rows)
    if facts.get("format") != FORMAT:
        engine.dispose()
        raise _damaged(path, f"its format is {facts.get('format', 'not stated')}, not {FORMAT}")
    if "base" not in facts:
        engine.dispose()
        raise _damaged(path, "it does not state its base")
    if base is not None and facts["base"] != base:
        engine.dispose()
        raise SettingInvalid(
            f"This home was made with the base {facts['base']}, not {base}.",
            advice="Leave the setting base out, or give another home with --home.",
        )
    is_bare = facts.get(_KIND) == _BARE
    if bare is not None and bare != is_bare:
        engine.dispose()
        raise _other_kind(is_bare)
    return ChangeLog(engine, path, facts["base"], bare=is_bare)


def _other_kind(is_bare: bool) -> SettingInvalid:
    if is_bare:
        return SettingInvalid(
            "This home was made with --bare: it has no ontology, no data and no rules.",
            advice="Give --bare again, or another home with --home.",
        )
    return SettingInvalid(
        "This home holds a graph with its rules; it cannot be opened with --bare.",
        advice="Leave --bare out, or give another home with --home.",
    )


def now() -> datetime:
    """The time to record a change with, in whole seconds of UTC."""
    return datetime.now(UTC).replace(microsecond=0)


def _configure(connection: Any, _record: object) -> None:
    connection.isolation_level = None  # SQLAlchemy's own BEGIN is sent by `_begin`
    connection.execute("PRAGMA journal_mode=WAL")
    connection.execute("PRAGMA synchronous=FULL")


def _begin(connection: sql.Connection) -> None:
    # A writer takes its lock at once: it would be refused later, after it has read the head.
    writing = connection.get_execution_options().get("writing", False)
    connection.exec_driver_sql("BEGIN IMMEDIATE" if writing else "BEGIN")


def _head(connection: sql.Connection, path: Path) -> int:
    """The newest revision, stated twice so that losing the last rows does not go unseen."""
    newest = connection.execute(sql.select(sql.func.max(_revisions.c.number))).scalar() or 0
    selection = sql.select(_facts.c.value).where(_facts.c.name == "head")
    stated = connection.execute(selection).scalar() or f"0 {_NO_HASH}"
    if stated != f"{newest} {_hash_at(connection, newest)}":
        raise _damaged(path, f"its newest revision is {stated.split()[0]}, but {newest} was found")
    return newest


def _hash_at(connection: sql.Connection, number: int) -> str:
    selection = sql.select(_revisions.c.hash).where(_revisions.c.number == number)
    return connection.execute(selection).scalar() or _NO_HASH


def _packed(row: dict[str, Any]) -> PackedRevision:
    time = datetime.fromisoformat(row["time"])
    texts = (row["additions"], row["removals"])
    return PackedRevision(row["number"], time, row["agent"], row["message"], *texts)


def _row(number: int, time: datetime, change: WrittenChange, previous: str) -> dict[str, Any]:
    row = {
        "number": number,
        "time": time.isoformat(),
        "agent": change.agent,
        "message": change.message,
        "additions": zlib.compress(change.additions),
        "removals": zlib.compress(change.removals),
    }
    return {**row, "hash": _hash(row, previous)}


def _hash(row: dict[str, Any], previous: str) -> str:
    description = json.dumps([previous, row["number"], row["time"], row["agent"], row["message"]])
    digest = sha256(description.encode())
    digest.update(sha256(row["additions"]).digest())
    digest.update(sha256(row["removals"]).digest())
    return digest.hexdigest()


def _damaged(path: Path, what: str) -> LogDamaged:
    return LogDamaged(
        f"The change log {path} is damaged: {what}.",
        advice=(
            f"Put back a backup of {path.name}, without {path.name}-wal and {path.name}-shm beside "
            "it. If the home held nothing but the packaged data, delete the home and start again."
        ),
    )


@contextmanager
def _naming_damage(path: Path) -> Iterator[None]:
    try:
        yield
    except sql.exc.OperationalError as error:
        if "malformed" in str(error.orig) or "not a database" in str(error.orig):
            raise _damaged(path, str(error.orig)) from None
        raise HomeUnwritable(
            f"The change log {path} cannot be written: {error.orig}.",
            advice="Look at the free space and the permissions of the home, then try again.",
        ) from None
    except (SQLAlchemyError, zlib.error) as error:
        raise _damaged(path, str(getattr(error, "orig", error))) from None
