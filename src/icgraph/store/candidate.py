"""Candidate changes: what would become of a store, as N-Quads to add and to remove.

For workers that are thrown away afterwards: a store in memory may be changed to see what
comes of it; of one on disk a copy is made first. Nothing here is recorded or published.
"""

import shutil
import tempfile
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from itertools import islice
from pathlib import Path
from typing import IO, Final

from pyoxigraph import Quad, RdfFormat, Store

from icgraph.store.changes import encode_quads
from icgraph.store.scratch import canonical_quads

#: Lines that are compared at once.
_BLOCK_LINES: Final = 20_000
_COPY: Final = "update-"


@dataclass(frozen=True, slots=True)
class Candidate:
    """Sorted N-Quads: those to add, which the store does not hold; those to remove, which it does.

    `existed` says whether there was anything in the graph it is about, where it is about one.
    """

    additions: bytes = field(repr=False)
    removals: bytes = field(repr=False)
    existed: bool = True


def effective(store: Store, additions: Iterable[Quad], removals: Iterable[Quad]) -> Candidate:
    """What removing and then adding these quads would change in the store."""
    wanted = canonical_quads(additions)
    unwanted = canonical_quads(removals) - wanted
    return Candidate(
        encode_quads(quad for quad in wanted if quad not in store),
        encode_quads(quad for quad in unwanted if quad in store),
    )


def difference(store: Store, edit: Callable[[Store], None], copies: Path | None) -> Candidate:
    """What `edit` changes, found by comparing all quads before and after.

    Without a folder for `copies` the store itself is edited.
    """
    with tempfile.TemporaryFile() as before, tempfile.TemporaryFile() as after:
        _dump(store, before)
        with _editable(store, copies) as edited:
            edit(edited)
            _dump(edited, after)
        return _compare(before, after)


@contextmanager
def _editable(store: Store, copies: Path | None) -> Iterator[Store]:
    if copies is None:
        yield store
        return
    # The engine may still write when its folder is removed; what is left is swept later.
    with tempfile.TemporaryDirectory(
        prefix=_COPY, dir=copies, ignore_cleanup_errors=True
    ) as folder:
        path = Path(folder) / "store"
        store.backup(str(path))
        yield Store(str(path))


def sweep_copies(copies: Path) -> None:
    """Remove the copies of workers that were killed; none may be at work."""
    for leftover in copies.glob(f"{_COPY}*"):
        shutil.rmtree(leftover, ignore_errors=True)


def _dump(store: Store, file: IO[bytes]) -> None:
    store.dump(file, format=RdfFormat.N_QUADS)
    file.seek(0)


def _compare(before: Iterable[bytes], after: Iterable[bytes]) -> Candidate:
    """The lines of the one and not of the other; needs little memory where their order agrees."""
    olds, news = iter(before), iter(after)
    removals: set[bytes] = set()
    additions: set[bytes] = set()
    while True:
        old, new = set(islice(olds, _BLOCK_LINES)), set(islice(news, _BLOCK_LINES))
        if not old and not new:
            return Candidate(b"".join(sorted(additions)), b"".join(sorted(removals)))
        removals |= old - new
        additions |= new - old
        both = removals & additions
        removals -= both
        additions -= both
