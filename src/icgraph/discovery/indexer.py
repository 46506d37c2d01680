"""The process that keeps the search index: it follows the published revisions, in its own time.

Readers of the graph never wait for it: it begins when a revision is published already, has low
priority, and says in the index which revision that is of. After a change it makes anew the
entries of the records that were touched, and of those that show names which were.
"""

import os
import sqlite3
import sys
import threading
import time
from contextlib import closing, suppress
from pathlib import Path
from typing import Final

from pyoxigraph import DefaultGraph, RdfFormat, parse

from icgraph.discovery.entries import LABEL, OTHER_NAME, Entries, name_of
from icgraph.discovery.index import CURRENT, connect, current_file
from icgraph.discovery.index_content import (
    IndexHead,
    is_damaged,
    is_whole,
    linking,
    read_head,
    write_all,
    write_change,
)
from icgraph.model.iris import Base, RecordName
from icgraph.store.companion import begin_companion, follow_for_ever, keep_companion
from icgraph.store.embedded import Head, PublishedHead, checkpoint_path, open_checkpoint
from icgraph.store.home import Home, write_whole
from icgraph.store.log import ChangeLog, open_log

#: Larger changes are cheaper to read from the graph as a whole.
_CHANGE_BYTES: Final = 8_388_608


class Indexer:
    """Keeps the index of one home. There is one such process a home."""

    def __init__(self, home: Home, log: ChangeLog) -> None:
        """Over an open change log; an index that is damaged, or of another program, is dropped."""
        self._home = home
        self._change_log = log
        self._base = Base(log.base)
        self._published = PublishedHead(home.projection)
        self._reached: tuple[str, int, str] | None = None
        home.search.mkdir(exist_ok=True)
        self._sweep()

    def follow(self) -> bool:
        """Bring the index to the newest published revision; whether there was anything to do.

        Raises ServiceNotReady when that revision was replaced meanwhile, LogDamaged, and OSError
        or sqlite3.Error when the disk does not take it. The index that was stays readable.
        """
        head = self._published.read()
        name = current_file(self._home.search)
        if not head.number or (name and self._reached == (name, head.number, head.hash)):
            return False
        try:
            self._bring(name, head)
        except sqlite3.DatabaseError as error:
            if is_damaged(error):
                (self._home.search / CURRENT).unlink(missing_ok=True)
            raise
        return True

    def _bring(self, name: str, head: Head) -> None:
        held = self._held(name)
        touched = self._touched(held, head) if held else None
        engine = open_checkpoint(checkpoint_path(self._home.projection, head.number))
        entries = Entries(engine, self._base)
        reached = IndexHead(head.number, head.hash)
        if touched is None:
            name = self._make(entries, reached)
        else:
            self._mend(name, entries, touched, reached)
        self._reached = (name, *reached)

    def _held(self, name: str) -> IndexHead | None:
        """The revision that the index is of; None when there is no index."""
        path = self._home.search / name
        if not name or not path.is_file():
            return None
        with closing(connect(path, read_only=True)) as connection:
            return read_head(connection)

    def _touched(self, held: IndexHead, head: Head) -> "_Touched | None":
        """What changed between two revisions; None when it is better to begin anew."""
        if held.number > head.number or self._change_log.hash_of(held.number) != held.hash:
            return None  # it followed another log
        touched = _Touched(self._base)
        room = _CHANGE_BYTES
        for revision in self._change_log.read_written(after=held.number):
            if revision.number > head.number:
                break
            for text in (revision.change.removals, revision.change.additions):
                room -= len(text)
                if room < 0:
                    return None
                touched.add(text)
        return touched

    def _make(self, entries: Entries, head: IndexHead) -> str:
        """Make a new index beside, and let readers open it when it is whole and on disk."""
        path = self._home.search / f"index-{head.number}-{time.time_ns():x}.sqlite"
        with closing(connect(path, read_only=False)) as connection:
            # Nobody reads it yet: what a crash leaves of it is swept.
            connection.execute("PRAGMA journal_mode = OFF")
            connection.execute("PRAGMA synchronous = OFF")
            found = (entries.entry(name) for name in entries.names())
            write_all(connection, (entry for entry in found if entry is not None), head)
            connection.execute("PRAGMA journal_mode = WAL")
        with path.open("rb") as file:
            os.fsync(file.fileno())
        write_whole(self._home.search / CURRENT, path.name)
        self._sweep()
        return path.name

    def _mend(self, name: str, entries: Entries, touched: "_Touched", head: IndexHead) -> None:
        with closing(connect(self._home.search / name, read_only=False)) as connection:
            connection.execute("PRAGMA synchronous = NORMAL")
            records = touched.records | linking(connection, touched.renamed)
            ordered = sorted(records, key=lambda record: (record.kind, record.slug))
            write_change(connection, ((each, entries.entry(each)) for each in ordered), head)

    def _sweep(self) -> None:
        """Remove every file but the one readers open, and that one too when it is not whole."""
        folder = self._home.search
        name = current_file(folder)
        whole = False
        if name and (folder / name).is_file():
            with suppress(sqlite3.Error), closing(connect(folder / name, read_only=True)) as kept:
                whole = is_whole(kept)
        for path in folder.iterdir():
            if not (whole and (path.name == CURRENT or path.name.startswith(name))):
                path.unlink()


class _Touched:
    """The records that changes touched, and the things whose names they changed."""

    def __init__(self, base: Base) -> None:
        self._base = base
        self._naming = {LABEL, OTHER_NAME, base.term("country")}
        self.records: set[RecordName] = set()
        self.renamed: set[str] = set()

    def add(self, text: bytes) -> None:
        """Take note of a change's quads, as N-Quads."""
        for quad in parse(text, format=RdfFormat.N_QUADS):
            if quad.graph_name != DefaultGraph():
                continue
            subject = quad.subject.value
            if name := name_of(self._base, subject):
                self.records.add(name)
            if quad.predicate.value in self._naming:
                self.renamed.add(subject)


def keep_indexed(home: Home, stop: threading.Event) -> None:
    """Keep the process of this module running until `stop`; in a thread that lasts."""
    keep_companion(__name__, home, stop)


def index_home(home: Home) -> None:
    """Bring the index of a home up to its published revision, and return."""
    with closing(open_log(home.log, None)) as log:
        Indexer(home, log).follow()


if __name__ == "__main__":
    begin_companion(int(sys.argv[1]))
    served = Home(Path(sys.argv[2]))
    with closing(open_log(served.log, None)) as change_log:
        follow_for_ever(Indexer(served, change_log).follow)
