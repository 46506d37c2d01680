"""The search index: SQLite's full text (FTS5) over folded words, in one file beside the graph.

It is derived from the graph: it can be deleted at any time, and is made again. It says which
revision it is of. What reaches SQLite's tokenizer are words that `fold` has made.

home/search/
├── current               the name of the file that readers open
└── index-….sqlite        one whole index; a change of it is one transaction
"""

import sqlite3
import threading
from collections.abc import Iterable, Iterator
from contextlib import AbstractContextManager, contextmanager, suppress
from pathlib import Path
from typing import Final, Protocol
from urllib.parse import quote

from icgraph.discovery.entries import Entry
from icgraph.discovery.index_content import IndexHead, is_damaged, write_all
from icgraph.errors import ServiceNotReady

CURRENT: Final = "current"
_WAIT_SECONDS: Final = 5


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


def _not_ready() -> ServiceNotReady:
    return ServiceNotReady(
        "The search index is being made; it is there in a moment.",
        advice="Try again in a few seconds. Lists and pages can be read meanwhile.",
    )
