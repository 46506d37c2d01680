"""Files of SQLite that can be made again at any time: one process writes each, any may read it."""

import sqlite3
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from pathlib import Path

from icgraph.errors import BeingMade

_WAIT_SECONDS = 5


def open_remade(path: Path, tables: str, form: int) -> sqlite3.Connection:
    """Open the file to write it, in any thread; one that is damaged, or of another form, goes.

    `tables` are the statements that make what a new file has, `form` is the number of their form.
    """
    try:
        return _open(path, tables, form)
    except sqlite3.DatabaseError:
        return begin_anew(path, tables, form)


def begin_anew(path: Path, tables: str, form: int) -> sqlite3.Connection:
    """Open an empty file in the place of what there is."""
    for suffix in ("", "-wal", "-shm"):
        path.with_name(path.name + suffix).unlink(missing_ok=True)
    return _open(path, tables, form)


@contextmanager
def read_remade(path: Path, not_ready: Callable[[], BeingMade]) -> Iterator[sqlite3.Connection]:
    """Open the file to read it; raises what `not_ready` makes where that cannot be done."""
    try:
        address = f"{path.as_uri()}?mode=ro"
        with closing(sqlite3.connect(address, uri=True, timeout=_WAIT_SECONDS)) as opened:
            yield opened
    except sqlite3.Error:
        raise not_ready() from None


def _open(path: Path, tables: str, form: int) -> sqlite3.Connection:
    connection = sqlite3.connect(path, timeout=_WAIT_SECONDS, check_same_thread=False)
    try:
        # A power cut may cost its last rows, which are made again; readers must not wait.
        connection.execute("PRAGMA journal_mode=WAL").close()
        connection.execute("PRAGMA synchronous=NORMAL").close()
        if connection.execute("PRAGMA user_version").fetchone()[0] not in {0, form}:
            raise sqlite3.DatabaseError("another form")
        connection.executescript(f"{tables}; PRAGMA user_version={form};")
    except BaseException:
        connection.close()
        raise
    return connection
