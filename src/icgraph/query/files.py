"""RDF files to quads, parsed in a worker: a file can be made to crash a parser or to hold it."""

from collections.abc import Sequence
from pathlib import Path
from typing import Final

from pyoxigraph import Quad

from icgraph.query.execution import ENTRY_POINT
from icgraph.store.changes import decode_quads
from icgraph.store.channel import Progress
from icgraph.store.pool import Pool

_CHUNKS: Final = "icgraph.query.chunks"


def read_files(files: Sequence[Path], *, seconds: float, progress: Progress) -> frozenset[Quad]:
    """The quads of RDF files. Raises FileUnusable, SyntaxInvalid and what `Pool.run` raises."""
    task = {"task": "parse", "files": [str(file) for file in files]}
    with Pool(ENTRY_POINT, size=1, time_limit="validation_seconds") as pool:
        _, quads = pool.run(task, seconds=seconds, progress=progress)
    assert isinstance(quads, bytes)
    return decode_quads(quads)


def cut_files(
    files: Sequence[Path], folder: Path, *, seconds: float, progress: Progress
) -> list[Path]:
    """Cut RDF files of any size into pieces of sorted N-Quads in `folder`, and name these.

    Raises FileUnusable, SyntaxInvalid and what `Pool.run` raises.
    """
    task = {"files": [str(file) for file in files], "folder": str(folder)}
    with Pool(_CHUNKS, size=1, time_limit="validation_seconds") as pool:
        header, _ = pool.run(task, seconds=seconds, progress=progress)
    return [Path(piece) for piece in header["pieces"]]
