"""All quads of a checkpoint as sorted N-Quads: the same revision has the same bytes.

Graphs of any size: parts that fit into memory are sorted alone, and merged from disk.
"""

import heapq
import tempfile
from collections.abc import Iterator
from contextlib import ExitStack
from itertools import islice
from pathlib import Path
from typing import IO, Final

from pyoxigraph import RdfFormat

from icgraph.store.embedded import EmbeddedEngine

LINES_AT_ONCE: Final = 500_000


def write_sorted_quads(
    engine: EmbeddedEngine, path: Path, *, lines_at_once: int = LINES_AT_ONCE
) -> int:
    """Write the quads to `path`, one a line, in the order of their bytes; how many there are.

    What it needs meanwhile lies in the folder of `path`. Raises OSError.
    """
    with ExitStack() as stack:
        unsorted = stack.enter_context(tempfile.TemporaryFile(dir=path.parent))
        engine.store.dump(unsorted, format=RdfFormat.N_QUADS)
        unsorted.seek(0)
        runs = list(_sorted_runs(unsorted, stack, path.parent, lines_at_once))
        count = 0
        with path.open("wb") as target:
            for line in heapq.merge(*runs):
                target.write(line)
                count += 1
    return count


def _sorted_runs(
    unsorted: IO[bytes], stack: ExitStack, folder: Path, lines_at_once: int
) -> Iterator[IO[bytes]]:
    while lines := sorted(islice(unsorted, lines_at_once)):
        run = tempfile.TemporaryFile(dir=folder)  # noqa: SIM115 - the stack closes it
        stack.enter_context(run)
        run.writelines(lines)
        run.seek(0)
        yield run
