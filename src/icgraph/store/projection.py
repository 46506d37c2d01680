"""The embedded projection's writer: a store that follows the log, and makes checkpoints.

Only the process that owns the home may use it. It writes into a directory nobody reads,
and after every revision makes a checkpoint of it, by hard links, for the readers.
"""

import shutil
from pathlib import Path
from typing import Final

from pyoxigraph import Quad, RdfFormat, Store, parse

from icgraph.errors import HomeUnwritable
from icgraph.store.changes import WrittenRevision
from icgraph.store.channel import Progress
from icgraph.store.embedded import (
    HEAD,
    HEAD_SUFFIX,
    Head,
    change_paths,
    checkpoint_path,
    published_head,
    read_head,
    remove_quads,
    wish_path,
    write_head,
)
from icgraph.store.log import ChangeLog

_MARKER: Final = "revision"
#: How the engine names the file that another process holds.
_LOCK: Final = "/LOCK:"
#: From this length on, additions are read in bulk, which writes new files.
_BULK_BYTES: Final = 4_194_304
_BLANK: Final = b"_:"
#: So many changes, of at most that size, are kept for copies in memory to follow.
_CHANGES_KEPT: Final = 256
_CHANGE_BYTES: Final = 4_194_304


class Projection:
    """The writer's side. Only the process that owns the home may make one."""

    def __init__(self, folder: Path, *, checkpoints: int, checkpoint_bytes: int = 0) -> None:
        """Open the projection in `folder`, keeping so many `checkpoints` of the newest revisions.

        Those of older revisions that a reader asked for are kept too, on so many bytes of disk.
        What an interrupted process left half done is swept; a store that does not open is
        dropped, since the log can make it again; `dropped` then says why.
        """
        self.dropped = ""
        self._folder = folder
        self._kept = checkpoints
        self._checkpoint_bytes = checkpoint_bytes
        self._live = folder / "live"
        for name in ("checkpoints", "changes", "wishes"):
            (folder / name).mkdir(parents=True, exist_ok=True)
        for leftover in (*folder.glob("*.new*"), *(folder / "checkpoints").glob("*.new*")):
            _remove(leftover)
        self._store = self._open()

    def revision(self) -> int:
        """The revision the store holds; 0 when empty."""
        return self._held().number

    def published(self) -> int:
        """The revision that readers see; 0 when there is none."""
        return published_head(self._folder).number

    def follow(self, log: ChangeLog, progress: Progress = lambda *_: None) -> int:
        """Apply what the log has and the store lacks, publish, and tell the revision reached.

        Raises HomeUnwritable when the disk does not take it; the log has it all the same.
        """
        try:
            return self._follow(log, progress)
        except (OSError, RuntimeError) as error:
            raise HomeUnwritable(
                f"The projection {self._folder} cannot be written: {error}.",
                advice=(
                    "What was recorded is safe in the change log, and follows as soon as there is "
                    "room and permission."
                ),
            ) from None

    def _follow(self, log: ChangeLog, progress: Progress) -> int:
        target = log.head()
        held = self._held()
        if held.number and (held.number > target or held.hash != log.hash_of(held.number)):
            self.drop()  # it followed another log
            held = self._held()
        for revision in log.read_written(after=held.number):
            held = self._apply(revision, held)
            self._keep_change(revision)
            progress("Applying revisions", held.number, target)
            if held.number > target - self._kept:
                self._checkpoint(held)
        if held.number and not checkpoint_path(self._folder, held.number).is_dir():
            self._checkpoint(held)
        if held != published_head(self._folder):
            write_head(self._folder / HEAD, held)
        self.prune()
        return held.number

    def drop(self) -> None:
        """Forget everything, so that `follow` makes it again from the log."""
        del self._store
        _remove(self._folder / HEAD)
        for path in (
            self._live,
            *(self._folder / "checkpoints").iterdir(),
            *(self._folder / "changes").iterdir(),
        ):
            _remove(path)
        self._store = self._open()

    def quads(self) -> frozenset[Quad]:
        """The quads the store holds, for comparing with what the log says."""
        return frozenset(self._store)

    def _held(self) -> Head:
        return read_head(self._live / _MARKER)

    def _open(self) -> Store:
        self._live.mkdir(exist_ok=True)
        try:
            return Store(str(self._live / "store"))
        except (OSError, RuntimeError) as error:
            if _LOCK in str(error):  # not every lock: damage is told of a "block"
                raise HomeUnwritable(
                    f"The projection {self._live} is held by another process.",
                    advice="Stop the icgraph process that uses this home.",
                ) from None
            self.dropped = str(error)
            _remove(self._live)
            self._live.mkdir()
            return Store(str(self._live / "store"))

    def _apply(self, revision: WrittenRevision, held: Head) -> Head:
        # Adding and removing are idempotent, so a revision that a kill cut short is simply
        # applied again: the marker moves only when all of it is on disk.
        apply_change(self._store, revision)
        self._store.flush()
        change = revision.change
        grown = change.additions.count(b"\n") - change.removals.count(b"\n")
        reached = Head(revision.number, revision.hash, held.statements + grown)
        write_head(self._live / _MARKER, reached)
        return reached

    def _keep_change(self, revision: WrittenRevision) -> None:
        change = revision.change
        if len(change.removals) + len(change.additions) > _CHANGE_BYTES:
            return
        removals, additions = change_paths(self._folder, revision.number)
        removals.write_bytes(change.removals)
        additions.write_bytes(change.additions)
        for outdated in change_paths(self._folder, revision.number - _CHANGES_KEPT):
            outdated.unlink(missing_ok=True)

    def _checkpoint(self, head: Head) -> None:
        final = checkpoint_path(self._folder, head.number)
        beside = final.with_name(final.name + ".new")
        _remove(final)
        _remove(beside)
        self._store.backup(str(beside))
        put_checkpoint(beside, final, head)

    def prune(self) -> None:
        """Remove the checkpoints that are neither new nor asked for, and those beyond the bound."""
        # By whole numbers only: what a process rebuilds just now lies beside, under other names.
        beside = (self._folder / "checkpoints").iterdir()
        folders = sorted(path for path in beside if path.name.isdecimal())
        older = {path: wish_path(self._folder, int(path.name)) for path in folders[: -self._kept]}
        asked_for = {path: _time_of(wish) for path, wish in older.items() if wish.exists()}
        room = self._checkpoint_bytes
        for path in sorted(asked_for, key=asked_for.__getitem__, reverse=True):
            room -= _own_bytes(path)
            if room < 0:
                older[path].unlink(missing_ok=True)
                del asked_for[path]
        for path in older.keys() - asked_for.keys():
            _remove(path.with_suffix(HEAD_SUFFIX))
            _remove(path)


def apply_change(store: Store, revision: WrittenRevision) -> None:
    """Make a store hold the revision, when it holds the one before."""
    remove_quads(store, revision.change.removals)
    additions = revision.change.additions
    if len(additions) < _BULK_BYTES:
        store.extend(parse(additions, format=RdfFormat.N_QUADS))
    elif _BLANK in additions:  # `bulk_load` would give blank nodes other labels
        store.bulk_extend(parse(additions, format=RdfFormat.N_QUADS))
    else:
        store.bulk_load(additions, format=RdfFormat.N_QUADS)


def put_checkpoint(made: Path, final: Path, head: Head) -> None:
    """Move a checkpoint that was made beside to where readers find it."""
    made.replace(final)
    write_head(final.with_suffix(HEAD_SUFFIX), head)


def _time_of(wish: Path) -> float:
    try:
        return wish.stat().st_mtime
    except FileNotFoundError:
        return 0.0


def _own_bytes(folder: Path) -> int:
    """What removing the folder would free: files that no other folder links to."""
    states = [path.stat() for path in folder.iterdir()]
    return sum(state.st_size for state in states if state.st_nlink == 1)


def _remove(path: Path) -> None:
    if path.is_dir():
        shutil.rmtree(path)
    else:
        path.unlink(missing_ok=True)
