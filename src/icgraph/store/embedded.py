"""The embedded engine: Oxigraph over an immutable checkpoint, one for each newest revision.

Readers open checkpoints only: reading a directory that is written is undefined behaviour.
Who makes the checkpoints is `store.projection`; this module says what lies where:

projection/
├── live/                 the writer's own store
├── head                  the newest revision that readers can see
├── checkpoints/          one folder a revision, and beside it which revision it is
├── changes/              what made the newest revisions, for copies in memory to follow
└── wishes/               older revisions that a reader asked for
"""

import os
from collections.abc import Sequence
from pathlib import Path
from typing import Final, NamedTuple

from pyoxigraph import (
    DefaultGraph,
    NamedNode,
    QueryBoolean,
    QuerySolutions,
    QueryTriples,
    RdfFormat,
    Store,
    parse,
)

from icgraph.errors import ServiceNotReady
from icgraph.store.home import write_whole
from icgraph.store.syntax import refusal

HEAD: Final = "head"
HEAD_SUFFIX: Final = ".head"
_DIGITS: Final = 8


class EmbeddedEngine:
    """A revision in Oxigraph: its checkpoint opened read-only, or a copy in memory."""

    def __init__(self, store: Store) -> None:
        self.store = store

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
            return self.store.query(
                text,
                base_iri=base_iri,
                default_graph=None if default_graphs is None else list(default_graphs),
                named_graphs=None if named_graphs is None else list(named_graphs),
            )
        except SyntaxError as error:
            raise refusal(str(error), text, "query", base_iri) from None


class Head(NamedTuple):
    """A revision that readers can see: its number, its hash, and how many statements it has."""

    number: int
    hash: str
    statements: int


_NOTHING: Final = Head(0, "", 0)


class PublishedHead:
    """The newest revision that has a checkpoint, read again only when it has changed."""

    def __init__(self, folder: Path) -> None:
        """Of the projection in `folder`."""
        self._path = folder / HEAD
        self._name = str(self._path)
        self._known: tuple[tuple[int, int], Head] = ((0, 0), _NOTHING)

    def read(self) -> Head:
        """What `published_head` says, for the price of asking when the file was written."""
        try:
            state = os.stat(self._name)  # noqa: PTH116 - several times a request
        except FileNotFoundError:
            return _NOTHING
        known_state, head = self._known
        written = (state.st_ino, state.st_mtime_ns)
        if written != known_state:
            head = read_head(self._path)
            self._known = (written, head)
        return head


def published_head(folder: Path) -> Head:
    """The newest revision that has a checkpoint; number 0 when there is none."""
    return read_head(folder / HEAD)


def read_head(path: Path) -> Head:
    """What `write_head` wrote; number 0 when it is not there."""
    try:
        number, known_as, statements = path.read_text(encoding="ascii").split()
        return Head(int(number), known_as, int(statements))
    except (FileNotFoundError, ValueError):
        return _NOTHING


def write_head(path: Path, head: Head) -> None:
    """Write a revision down, on disk when this returns."""
    write_whole(path, f"{head.number} {head.hash} {head.statements}\n")


def checkpoint_path(folder: Path, revision: int) -> Path:
    """Where the checkpoint of a revision lies."""
    return folder / "checkpoints" / f"{revision:0{_DIGITS}}"


def checkpoint_head(folder: Path, revision: int) -> Head:
    """The revision a checkpoint is of; number 0 when there is no such checkpoint."""
    return read_head(checkpoint_path(folder, revision).with_suffix(HEAD_SUFFIX))


def wish_path(folder: Path, revision: int) -> Path:
    """The file by which a reader asks for the checkpoint of an older revision."""
    return folder / "wishes" / str(revision)


def change_paths(folder: Path, revision: int) -> tuple[Path, Path]:
    """The removals and the additions that made a revision of the one before, as N-Quads."""
    name = f"{revision:0{_DIGITS}}"
    return folder / "changes" / f"{name}-removals.nq", folder / "changes" / f"{name}-additions.nq"


def open_checkpoint(path: Path) -> EmbeddedEngine:
    """An engine over a checkpoint; raises ServiceNotReady when it is not there any more."""
    try:
        return EmbeddedEngine(Store.read_only(str(path)))
    except (OSError, RuntimeError) as error:  # Oxigraph tells corruption by a RuntimeError
        raise ServiceNotReady(
            f"The checkpoint {path.name} cannot be opened: {error}.",
            advice="Try again; if it lasts, run: icgraph check --rebuild",
        ) from None


def remove_quads(store: Store, text: bytes) -> None:
    """Remove the quads of an N-Quads text, and every named graph that then holds none.

    The engine goes on naming a graph that was emptied, until the store is next read from its
    quads; two copies of a revision would answer `GRAPH ?g {}` in two ways.
    """
    touched = set()
    for quad in parse(text, format=RdfFormat.N_QUADS):
        store.remove(quad)
        touched.add(quad.graph_name)
    for graph in touched - {DefaultGraph()}:
        if next(store.quads_for_pattern(None, None, None, graph), None) is None:
            store.remove_graph(graph)
