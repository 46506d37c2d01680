"""The search index: SQLite's full text (FTS5) over folded words, in one file beside the graph.

It is derived from the graph: it can be deleted at any time, and is made again. It says which
revision it is of. What reaches SQLite's tokenizer are words that `fold` has made.

home/search/
├── current               the name of the file that readers open
└── index-….sqlite        one whole index; a change of it is one transaction
"""

import json
import sqlite3
import threading
import unicodedata
from collections.abc import Iterable, Iterator, Sequence
from contextlib import AbstractContextManager, contextmanager, suppress
from hashlib import sha256
from pathlib import Path
from typing import Final, NamedTuple, Protocol
from urllib.parse import quote

from icgraph.discovery import entries, folding
from icgraph.discovery.entries import Entry, Link, sort_of
from icgraph.discovery.folding import fold
from icgraph.errors import ServiceNotReady
from icgraph.model.iris import RecordName

CURRENT: Final = "current"
_WAIT_SECONDS: Final = 5

_SCHEMA: Final = """
CREATE TABLE fact (name TEXT PRIMARY KEY, value TEXT NOT NULL) WITHOUT ROWID;
CREATE TABLE record (
  id INTEGER PRIMARY KEY, kind TEXT NOT NULL, slug TEXT NOT NULL, weight REAL NOT NULL,
  entry TEXT NOT NULL, UNIQUE (kind, slug)
);
CREATE TABLE name (
  record INTEGER NOT NULL, folded TEXT NOT NULL, PRIMARY KEY (record, folded)
) WITHOUT ROWID;
CREATE TABLE link (
  thing TEXT NOT NULL, record INTEGER NOT NULL, PRIMARY KEY (thing, record)
) WITHOUT ROWID;
CREATE INDEX link_of ON link (record);
CREATE VIRTUAL TABLE word USING fts5 (
  name, other_name, link, text,
  tokenize = "unicode61 remove_diacritics 0 categories 'L* N* Co Mn Mc'", prefix = '2 3'
);
CREATE VIRTUAL TABLE vocabulary USING fts5vocab (word, row);
"""

_ENTRIES: Final = """
SELECT id, kind, slug, entry FROM record WHERE id IN (SELECT value FROM json_each(?))
"""

#: Between equal matches: what readers come for stands before its sources.
_WEIGHTS: Final = {
    "practice": 1.0, "place": 1.0, "organisation": 0.9, "project": 0.9, "partnership": 0.9,
    "activity": 0.8, "programme": 0.8, "source": 0.5, "topic": 1.0,
}  # fmt: skip
#: Concepts that are no topics: there are few, and their short entries match well.
_LEAST_WEIGHT: Final = 0.6


class IndexHead(NamedTuple):
    """The revision an index is of."""

    number: int
    hash: str


class Index(Protocol):
    """An index to ask."""

    def reading(self) -> AbstractContextManager[sqlite3.Connection]:
        """A context in which the connection sees one revision; raises ServiceNotReady."""
        ...


class FileIndex:
    """The index in a folder that another process keeps; safe in several threads."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._lock = threading.Lock()
        self._opened = ""
        self._idle: list[sqlite3.Connection] = []

    @contextmanager
    def reading(self) -> Iterator[sqlite3.Connection]:
        """See `Index.reading`."""
        name, connection = self._take()
        try:
            connection.execute("BEGIN")
            yield connection
            connection.execute("ROLLBACK")
        except sqlite3.DatabaseError as error:
            connection.close()
            if not is_damaged(error):
                raise
            if current_file(self._folder) == name:
                # Whoever keeps the index finds it gone, and makes another.
                (self._folder / CURRENT).unlink(missing_ok=True)
            raise _not_ready() from None
        except BaseException:
            connection.close()
            raise
        with self._lock:
            if name == self._opened:
                self._idle.append(connection)
                return
        connection.close()

    def close(self) -> None:
        """Let go of the file."""
        with self._lock:
            idle, self._idle, self._opened = self._idle, [], ""
        for connection in idle:
            connection.close()

    def _take(self) -> tuple[str, sqlite3.Connection]:
        """A connection to the file that is to be read now, and that file's name."""
        name, before = current_file(self._folder), ""
        while name not in {"", before}:  # another whenever it was replaced before it was opened
            idle = self._idle_of(name)
            if idle is not None:
                return name, idle
            with suppress(sqlite3.Error):
                return name, connect(self._folder / name, read_only=True)
            name, before = current_file(self._folder), name
        raise _not_ready()

    def _idle_of(self, name: str) -> sqlite3.Connection | None:
        """A connection to this file that nobody uses; those to any other file are closed."""
        outdated: list[sqlite3.Connection] = []
        with self._lock:
            if name != self._opened:
                outdated, self._idle, self._opened = self._idle, [], name
            idle = self._idle.pop() if self._idle else None
        for connection in outdated:
            connection.close()
        return idle


class MemoryIndex:
    """An index in memory, made from entries; for one process, one question at a time."""

    def __init__(self, found: Iterable[Entry], head: IndexHead) -> None:
        self._lock = threading.Lock()
        self._connection = sqlite3.connect(
            ":memory:", isolation_level=None, check_same_thread=False
        )
        write_all(self._connection, found, head)

    @contextmanager
    def reading(self) -> Iterator[sqlite3.Connection]:
        """See `Index.reading`."""
        with self._lock:
            yield self._connection

    def close(self) -> None:
        """Forget everything."""
        self._connection.close()


def connect(path: Path, *, read_only: bool) -> sqlite3.Connection:
    """A connection that commits when it is told to; raises sqlite3.Error."""
    return sqlite3.connect(
        f"file:{quote(str(path))}?mode={'ro' if read_only else 'rwc'}",
        uri=True,
        isolation_level=None,
        check_same_thread=False,
        timeout=_WAIT_SECONDS,
    )


def current_file(folder: Path) -> str:
    """The name of the file that readers open; empty when there is none."""
    try:
        return (folder / CURRENT).read_text(encoding="ascii").strip()
    except FileNotFoundError:
        return ""


def form() -> str:
    """What tells how an index is made: it changes whenever the program makes another one."""
    digest = sha256(f"{unicodedata.unidata_version} {sqlite3.sqlite_version}".encode())
    for path in (entries.__file__, folding.__file__, __file__):
        digest.update(Path(path).read_bytes())
    return digest.hexdigest()[:16]


def read_head(connection: sqlite3.Connection) -> IndexHead:
    """The revision an index is of."""
    facts = dict(connection.execute("SELECT name, value FROM fact").fetchall())
    return IndexHead(int(facts["revision"]), facts["hash"])


def is_whole(connection: sqlite3.Connection) -> bool:
    """Whether a file is an index that this program makes, and undamaged as far as SQLite sees."""
    try:
        made = connection.execute("SELECT value FROM fact WHERE name = 'form'").fetchone()
        sound = connection.execute("PRAGMA quick_check(1)").fetchone()
    except sqlite3.DatabaseError:
        return False
    return bool(made == (form(),) and sound == ("ok",))


def write_all(connection: sqlite3.Connection, found: Iterable[Entry], head: IndexHead) -> None:
    """Make a new index of these entries in an empty database."""
    connection.executescript(_SCHEMA)
    connection.execute("BEGIN")
    for entry in found:
        _insert(connection, entry)
    _state(connection, head)
    connection.execute("COMMIT")


def linking(connection: sqlite3.Connection, things: Iterable[str]) -> set[RecordName]:
    """The records that show the names of these things."""
    found: set[RecordName] = set()
    for thing in things:
        found |= {
            RecordName(*row)
            for row in connection.execute(
                "SELECT kind, slug FROM link JOIN record ON id = record WHERE thing = ?", (thing,)
            )
        }
    return found


def write_change(
    connection: sqlite3.Connection,
    changed: Iterable[tuple[RecordName, Entry | None]],
    head: IndexHead,
) -> None:
    """Bring an index to a newer revision, in one transaction; None removes a record."""
    connection.execute("BEGIN IMMEDIATE")
    try:
        for name, entry in changed:
            _remove(connection, name)
            if entry is not None:
                _insert(connection, entry)
        _state(connection, head)
    except BaseException:
        connection.execute("ROLLBACK")
        raise
    connection.execute("COMMIT")


def read_entries(connection: sqlite3.Connection, ids: list[int]) -> list[Entry]:
    """The entries of these records, in this order."""
    rows = connection.execute(_ENTRIES, (json.dumps(ids),))
    found = {id_: _decode(RecordName(kind, slug), text) for id_, kind, slug, text in rows}
    return [found[id_] for id_ in ids]


def is_damaged(error: sqlite3.DatabaseError) -> bool:
    """Whether an error says that the file is not what was written."""
    said = str(error)
    return any(
        words in said for words in ("malformed", "not a database", "no such table", "disk I/O")
    )


def _state(connection: sqlite3.Connection, head: IndexHead) -> None:
    facts = {"form": form(), "revision": str(head.number), "hash": head.hash}
    connection.executemany("INSERT OR REPLACE INTO fact VALUES (?, ?)", facts.items())


def _insert(connection: sqlite3.Connection, entry: Entry) -> None:
    weight = _WEIGHTS.get(sort_of(entry.name), _LEAST_WEIGHT)
    record = connection.execute(
        "INSERT INTO record (kind, slug, weight, entry) VALUES (?, ?, ?, ?)",
        (entry.name.kind, entry.name.slug, weight, _encode(entry)),
    ).lastrowid
    names = [fold(value) for value, _ in entry.names]
    other_names = [fold(value) for value, _ in entry.other_names]
    linked = (text for link in entry.links for text in (*link.names, *link.other_names))
    columns = (
        names,
        other_names,
        (fold(value) for value, _ in linked),
        (fold(value) for value, _ in entry.texts),
    )
    connection.execute(
        "INSERT INTO word (rowid, name, other_name, link, text) VALUES (?, ?, ?, ?, ?)",
        (record, *(" ".join(dict.fromkeys(column)) for column in columns)),
    )
    connection.executemany(
        "INSERT INTO name VALUES (?, ?)",
        ((record, folded) for folded in {*names, *other_names} if folded),
    )
    connection.executemany(
        "INSERT INTO link VALUES (?, ?)", ((link.iri, record) for link in entry.links)
    )


def _remove(connection: sqlite3.Connection, name: RecordName) -> None:
    found = connection.execute(
        "SELECT id FROM record WHERE kind = ? AND slug = ?", (name.kind, name.slug)
    ).fetchone()
    if found is None:
        return
    connection.execute("DELETE FROM word WHERE rowid = ?", found)
    connection.execute("DELETE FROM name WHERE record = ?", found)
    connection.execute("DELETE FROM link WHERE record = ?", found)
    connection.execute("DELETE FROM record WHERE id = ?", found)


def _encode(entry: Entry) -> str:
    links = [[link.iri, link.names, link.other_names, link.in_line] for link in entry.links]
    return json.dumps(
        [entry.names, entry.other_names, links, entry.texts],
        ensure_ascii=False,
        separators=(",", ":"),
    )


def _decode(name: RecordName, text: str) -> Entry:
    names, other_names, links, texts = json.loads(text)
    return Entry(
        name,
        _texts(names),
        _texts(other_names),
        tuple(Link(iri, _texts(own), _texts(other), shown) for iri, own, other, shown in links),
        _texts(texts),
    )


def _texts(pairs: Sequence[Sequence[str]]) -> tuple[tuple[str, str], ...]:
    return tuple((value, language) for value, language in pairs)


def _not_ready() -> ServiceNotReady:
    return ServiceNotReady(
        "The search index is being made; it is there in a moment.",
        advice="Try again in a few seconds. Lists and pages can be read meanwhile.",
    )
