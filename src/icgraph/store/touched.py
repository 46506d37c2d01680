"""What a recorded change says of one thing, found in the text that the log keeps.

The text of a change may be as long as the whole graph, so it is unpacked block by block and
only the lines that are sought become quads.
"""

import zlib
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import Final

from pyoxigraph import Quad, RdfFormat, parse

from icgraph.errors import LogDamaged

_BLOCK: Final = 1_048_576


def statements_about(packed: bytes, iris: Sequence[str]) -> list[Quad]:
    """The quads whose subject is one of these IRIs or a `#part` of one, in the text's order.

    `packed` are N-Quads as the log holds them. Raises LogDamaged where they are not.
    """
    beginnings = [f"\n<{iri}".encode() for iri in iris]
    with _naming_damage():
        lines = [line for block in _blocks(packed) for line in _lines(block, beginnings)]
    return list(parse(b"\n".join(lines), format=RdfFormat.N_QUADS))


def unpacked(packed: bytes) -> bytes:
    """All the N-Quads of a text as the log holds it; raises LogDamaged."""
    with _naming_damage():
        return zlib.decompress(packed)


@contextmanager
def _naming_damage() -> Iterator[None]:
    try:
        yield
    except zlib.error as error:
        raise LogDamaged(
            f"A change in the change log cannot be unpacked: {error}.",
            advice="`icgraph check` names it. Put back a backup of change-log.sqlite.",
        ) from None


def _lines(block: bytes, beginnings: list[bytes]) -> Iterator[bytes]:
    """The lines of a block, which starts with a line's end, that begin like this."""
    for beginning in beginnings:
        place = block.find(beginning)
        while place >= 0:
            end = block.find(b"\n", place + 1)
            end = len(block) if end < 0 else end
            if block[place + len(beginning) : place + len(beginning) + 1] in {b">", b"#"}:
                yield block[place + 1 : end]
            place = block.find(beginning, end)


def _blocks(packed: bytes) -> Iterator[bytes]:
    """The text in blocks of whole lines, each after a line's end."""
    unpacking, waiting, rest = zlib.decompressobj(), packed, b""
    while waiting:
        text = rest + unpacking.decompress(waiting, _BLOCK)
        waiting = unpacking.unconsumed_tail
        whole, _, rest = text.rpartition(b"\n")
        yield b"\n" + whole
    yield b"\n" + rest + unpacking.flush()
