"""A revision held in memory, which follows the newer ones by the changes that made them.

Reading a million statements takes seconds, applying a change milliseconds. Queries that join
and aggregate are two to four times as fast here as on disk.
"""

import os
import tempfile
from pathlib import Path
from typing import IO, Final, Self

from pyoxigraph import RdfFormat, Store, parse

from icgraph.store.embedded import EmbeddedEngine, change_paths, open_checkpoint, remove_quads

_BLANK: Final = b"_:"
_BLOCK: Final = 1_048_576


class MemoryGraph:
    """A copy of a checkpoint."""

    def __init__(self, store: Store, revision: int) -> None:
        self.engine = EmbeddedEngine(store)
        self.revision = revision

    @classmethod
    def load(cls, checkpoint: Path, revision: int, spool: Path) -> Self:
        """Read a checkpoint, through a file without a name in `spool`.

        Raises OSError when the checkpoint is not there.
        """
        store = Store()
        with tempfile.TemporaryFile(dir=spool) as text:
            _dump_in_a_child(checkpoint, text)
            if _has_blank_nodes(text):  # `bulk_load` would give them other labels
                store.bulk_extend(parse(text, format=RdfFormat.N_QUADS))
            else:
                store.bulk_load(text, format=RdfFormat.N_QUADS)
        return cls(store, revision)

    def advance(self, folder: Path, revision: int) -> bool:
        """Become a newer revision by the changes the projection in `folder` keeps.

        False, and nothing done, when it does not keep all of them.
        """
        wanted = range(self.revision + 1, revision + 1)
        paths = [change_paths(folder, number) for number in wanted]
        try:
            changes = [
                (removals.read_bytes(), additions.read_bytes()) for removals, additions in paths
            ]
        except FileNotFoundError:
            return False
        store = self.engine.store
        for removals, additions in changes:
            remove_quads(store, removals)
            store.extend(parse(additions, format=RdfFormat.N_QUADS))
        self.revision = max(self.revision, revision)
        return True


def _dump_in_a_child(checkpoint: Path, text: IO[bytes]) -> None:
    """Write a checkpoint as N-Quads, in a process of its own.

    The store on disk has threads, and a process with threads must not fork workers.
    """
    pid = os.fork()
    if pid == 0:
        code = 1
        try:
            open_checkpoint(checkpoint).store.dump(text, format=RdfFormat.N_QUADS)
            text.flush()
            code = 0
        finally:
            os._exit(code)
    _, status = os.waitpid(pid, 0)
    if status:
        raise OSError(f"the checkpoint {checkpoint} cannot be read")
    text.seek(0)


def _has_blank_nodes(text: IO[bytes]) -> bool:
    end = b""
    found = False
    while not found and (block := text.read(_BLOCK)):
        found = _BLANK in end + block
        end = block[-1:]
    text.seek(0)
    return found
