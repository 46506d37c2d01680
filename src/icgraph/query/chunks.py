"""Files of any size, cut into pieces that fit a change: `python -m icgraph.query.chunks`.

A worker of its own, started by the pool, since a file can be made to crash a parser. It reads
the files as streams and leaves the pieces, sorted N-Quads, in a folder, so that its memory
holds one piece at a time, and nothing is recorded of files that do not parse to their end.
"""

from collections.abc import Iterator
from itertools import chain, count, islice
from pathlib import Path
from typing import Final

from pyoxigraph import Quad

from icgraph.store.channel import Header, Progress
from icgraph.store.forkserver import serve
from icgraph.store.parsing import stream_file
from icgraph.store.scratch import canonical_text

#: Statements of one piece.
LENGTH: Final = 250_000


def handle(header: Header, _body: bytes, progress: Progress) -> tuple[Header, bytes]:
    """Cut the `files` into pieces in `folder`; raises FileUnusable and SyntaxInvalid.

    The answer has the number of `statements`, in all, and the `pieces`, file names in order.
    """
    quads = chain.from_iterable(stream_file(Path(file)) for file in header["files"])
    pieces, statements = [], 0
    for piece, length in _cut(quads, Path(header["folder"])):
        pieces.append(str(piece))
        statements += length
        progress("Reading statements", statements, statements)
    return {"pieces": pieces, "statements": statements}, b""


def _cut(quads: Iterator[Quad], folder: Path) -> Iterator[tuple[Path, int]]:
    for number in count():
        text = canonical_text(islice(quads, LENGTH))
        if not text:
            return
        piece = folder / f"{number:06}.nq"
        piece.write_bytes(text)
        yield piece, text.count(b"\n")


if __name__ == "__main__":
    serve(handle)
