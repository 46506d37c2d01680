"""The embedded projection: an Oxigraph store that follows the log, and its checkpoints.

One process writes (`Projection`), into a directory nobody reads. After every revision it
makes an immutable checkpoint, by hard links; readers open checkpoints only
(`open_checkpoint`), because reading a directory that is written is undefined behaviour.
"""

import re
import shutil
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Final

from pyoxigraph import NamedNode, Quad, QueryBoolean, QuerySolutions, QueryTriples, Store

from icgraph.errors import HomeUnwritable, ServiceNotReady, SyntaxInvalid
from icgraph.store.changes import Revision
from icgraph.store.home import write_whole
from icgraph.store.log import ChangeLog

Progress = Callable[[str, int, int], None]
_HEAD: Final = "head"
_MARKER: Final = "revision"
_DIGITS: Final = 8
_PLACE: Final = re.compile(r"error at (\d+):(\d+): (.*)", re.DOTALL)
_CHARACTERS: Final = re.compile(r"\[[^\[\]]*\]")  # sets of characters: no help to people


class EmbeddedEngine:
    """A checkpoint, opened read-only."""

    def __init__(self, store: Store) -> None:
        self._store = store

    def query(
        self,
        text: str,
        *,
        base_iri: str | None = None,
        default_graphs: Sequence[NamedNode] | None = None,
        named_graphs: Sequence[NamedNode] | None = None,
    ) -> QuerySolutions | QueryTriples | QueryBoolean:
        """See `Engine.query`."""
        try:
            return self._store.query(
                text,
                base_iri=base_iri,
                default_graph=None if default_graphs is None else list(default_graphs),
                named_graphs=None if named_graphs is None else list(named_graphs),
            )
        except SyntaxError as error:
            raise _query_syntax(str(error)) from None

    def size(self) -> int:
        """The number of quads."""
        return len(self._store)


def published_head(folder: Path) -> int:
    """The newest revision that has a checkpoint in the projection; 0 when there is none."""
    try:
        return int((folder / _HEAD).read_text(encoding="ascii"))
    except (FileNotFoundError, ValueError):
        return 0


def checkpoint_path(folder: Path, revision: int) -> Path:
    """Where the checkpoint of a revision lies."""
    return folder / "checkpoints" / f"{revision:0{_DIGITS}}"


def open_checkpoint(path: Path) -> EmbeddedEngine:
    """An engine over a checkpoint; raises ServiceNotReady when it is not there any more."""
    try:
        return EmbeddedEngine(Store.read_only(str(path)))
    except (OSError, RuntimeError) as error:  # Oxigraph tells corruption by a RuntimeError
        raise ServiceNotReady(
            f"The checkpoint {path.name} cannot be opened: {error}.",
            advice="Try again; if it lasts, run: icgraph check --rebuild",
        ) from None


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
        try:
            return int((self._live / _MARKER).read_text(encoding="ascii"))
        except (FileNotFoundError, ValueError):
            return 0

    def follow(self, log: ChangeLog, progress: Progress = lambda *_: None) -> int:
        """Apply what the log has and the store lacks, publish, and tell the revision reached."""
        target = log.head()
        reached = self.revision()
        if reached > target:
            self.drop()
            reached = 0
        for revision in log.read(after=reached):
            self._apply(revision)
            reached = revision.number
            progress("Applying revisions", reached, target)
            if reached > target - self._kept:
                self._checkpoint(reached)
        if reached and not self._has_checkpoint(reached):
            self._checkpoint(reached)
        if reached != published_head(self._folder):
            write_whole(self._folder / _HEAD, f"{reached}\n")
        self._prune()
        return reached

    def drop(self) -> None:
        """Forget everything, so that `follow` makes it again from the log."""
        del self._store
        _remove(self._folder / _HEAD)
        for path in (self._live, *(self._folder / "checkpoints").iterdir()):
            _remove(path)
        self._store = self._open()

    def quads(self) -> frozenset[Quad]:
        """The quads the store holds, for comparing with what the log says."""
        return frozenset(self._store)

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

    def _apply(self, revision: Revision) -> None:
        # Adding and removing are idempotent, so a revision that a kill cut short is simply
        # applied again: the marker moves only when all of it is on disk.
        for quad in revision.change.removals:
            self._store.remove(quad)
        self._store.extend(revision.change.additions)
        self._store.flush()
        write_whole(self._live / _MARKER, f"{revision.number}\n")

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


def _query_syntax(message: str) -> SyntaxInvalid:
    place = _PLACE.match(message)
    if place is None:
        return SyntaxInvalid(f"The query does not parse: {message}.")
    parts = _CHARACTERS.sub("", place[3]).replace("\n", " ").split(",")
    wanted = ", ".join(part.strip() for part in parts if part.strip(" |"))
    return SyntaxInvalid(
        f"The query does not parse at line {place[1]}, column {place[2]}: {wanted}.",
        advice="Look at the place named, and at the words just before it.",
        line=int(place[1]),
        column=int(place[2]),
    )


def _remove(path: Path) -> None:
    if path.is_dir():
        shutil.rmtree(path)
    else:
        path.unlink(missing_ok=True)
