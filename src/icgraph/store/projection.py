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
from icgraph.store.embedded import HEAD, checkpoint_path, published_head
from icgraph.store.home import write_whole
from icgraph.store.log import ChangeLog

_MARKER: Final = "revision"
#: From this length on, additions are read in bulk, which writes new files.
_BULK_BYTES: Final = 4_194_304
_BLANK: Final = b"_:"


class Projection:
    """The writer's side. Only the process that owns the home may make one."""

    def __init__(self, folder: Path, *, checkpoints: int) -> None:
        """Open the projection in `folder`, keeping so many `checkpoints` of the newest revisions.

        What an interrupted process left half done is swept; a store that does not open is
        dropped, since the log can make it again.
        """
        self._folder = folder
        self._kept = checkpoints
        self._live = folder / "live"
        (folder / "checkpoints").mkdir(parents=True, exist_ok=True)
        for leftover in (*folder.glob("*.new"), *(folder / "checkpoints").glob("*.new")):
            _remove(leftover)
        self._store = self._open()

    def revision(self) -> int:
        """The revision the store holds; 0 when empty."""
        return self._held()[0]

    def published(self) -> int:
        """The revision that readers see; 0 when there is none."""
        return published_head(self._folder)[0]

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
        reached, known_as = self._held()
        if reached and (reached > target or known_as != log.hash_of(reached)):
            self.drop()  # it followed another log
            reached = 0
        for revision in log.read_written(after=reached):
            self._apply(revision)
            reached = revision.number
            progress("Applying revisions", reached, target)
            if reached > target - self._kept:
                self._checkpoint(reached)
        if reached and not self._has_checkpoint(reached):
            self._checkpoint(reached)
        if reached:
            write_whole(self._folder / HEAD, f"{reached} {log.hash_of(reached)}\n")
        self._prune()
        return reached

    def drop(self) -> None:
        """Forget everything, so that `follow` makes it again from the log."""
        del self._store
        _remove(self._folder / HEAD)
        for path in (self._live, *(self._folder / "checkpoints").iterdir()):
            _remove(path)
        self._store = self._open()

    def quads(self) -> frozenset[Quad]:
        """The quads the store holds, for comparing with what the log says."""
        return frozenset(self._store)

    def _held(self) -> tuple[int, str]:
        """The number and the hash of the revision the store holds; 0 when empty."""
        try:
            number, known_as = (self._live / _MARKER).read_text(encoding="ascii").split()
            return int(number), known_as
        except (FileNotFoundError, ValueError):
            return 0, ""

    def _open(self) -> Store:
        self._live.mkdir(exist_ok=True)
        try:
            return Store(str(self._live / "store"))
        except (OSError, RuntimeError) as error:
            if "lock" in str(error).lower():
                raise HomeUnwritable(
                    f"The projection {self._live} is held by another process.",
                    advice="Stop the icgraph process that uses this home.",
                ) from None
            _remove(self._live)
            self._live.mkdir()
            return Store(str(self._live / "store"))

    def _apply(self, revision: WrittenRevision) -> None:
        # Adding and removing are idempotent, so a revision that a kill cut short is simply
        # applied again: the marker moves only when all of it is on disk.
        for quad in parse(revision.change.removals, format=RdfFormat.N_QUADS):
            self._store.remove(quad)
        additions = revision.change.additions
        if len(additions) < _BULK_BYTES:
            self._store.extend(parse(additions, format=RdfFormat.N_QUADS))
        elif _BLANK in additions:  # `bulk_load` would give blank nodes other labels
            self._store.bulk_extend(parse(additions, format=RdfFormat.N_QUADS))
        else:
            self._store.bulk_load(additions, format=RdfFormat.N_QUADS)
        self._store.flush()
        write_whole(self._live / _MARKER, f"{revision.number} {revision.hash}\n")

    def _checkpoint(self, revision: int) -> None:
        final = checkpoint_path(self._folder, revision)
        beside = final.with_name(final.name + ".new")
        _remove(final)
        _remove(beside)
        self._store.backup(str(beside))
        beside.replace(final)

    def _has_checkpoint(self, revision: int) -> bool:
        return checkpoint_path(self._folder, revision).is_dir()

    def _prune(self) -> None:
        for old in sorted((self._folder / "checkpoints").iterdir())[: -self._kept]:
            _remove(old)


def _remove(path: Path) -> None:
    if path.is_dir():
        shutil.rmtree(path)
    else:
        path.unlink(missing_ok=True)
