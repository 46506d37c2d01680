"""What the search index holds: its tables in SQLite, written and read as entries.

Words are folded before they come here, and so are those that are sought.
"""

import json
import sqlite3
import unicodedata
from collections.abc import Iterable, Sequence
from hashlib import sha256
from pathlib import Path
from typing import Final, NamedTuple

from icgraph.discovery import entries, folding
from icgraph.discovery.entries import Entry, Link, sort_of
from icgraph.discovery.folding import fold
from icgraph.model.iris import RecordName

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
