"""Counting rows in serialised results, exactly and at the speed of the bytes.

The engine writes whole results by itself and does not tell how many rows it wrote; handing
every row through Python would cost many times what writing it costs. Blocks of bytes may be
cut anywhere.
"""

import re
from collections.abc import Callable
from types import MappingProxyType
from typing import Final, Protocol

_ESCAPED: Final = re.compile(rb"\\.", re.DOTALL)
_QUOTE: Final = b'"'


class RowCounter(Protocol):
    """Counts the rows of one result."""

    def add(self, block: bytes) -> int:
        """Take the next bytes; returns how many rows have begun in all so far."""
        ...


class JSONRows:
    """SPARQL 1.1 Query Results JSON Format, without white space between tokens.

    Outside strings, an object after `[` or `,` is a row; the object of a term follows a `:`.
    """

    def __init__(self) -> None:
        self._rows = 0
        self._inside = 0
        self._held = b""
        self._last = b""

    def add(self, block: bytes) -> int:
        """See `RowCounter.add`."""
        block = self._held + block
        backslashes = len(block) - len(block.rstrip(b"\\"))
        self._held = b"\\" * (backslashes % 2)
        text = _ESCAPED.sub(b"", block[: len(block) - len(self._held)])
        outside, self._inside = _outside_quotes(text, self._inside)
        outside = self._last + outside
        self._rows += outside.count(b",{") + outside.count(b"[{")
        self._last = outside[-1:]
        return self._rows


class CSVRows:
    """CSV (RFC 4180): a row ends with a line feed outside quotes; the first line names columns."""

    def __init__(self) -> None:
        self._lines = 0
        self._inside = 0

    def add(self, block: bytes) -> int:
        """See `RowCounter.add`."""
        outside, self._inside = _outside_quotes(block, self._inside)
        self._lines += outside.count(b"\n")
        return max(0, self._lines - 1)


class TSVRows:
    """TSV, whose terms hold no line feeds; the first line names columns."""

    def __init__(self) -> None:
        self._lines = 0

    def add(self, block: bytes) -> int:
        """See `RowCounter.add`."""
        self._lines += block.count(b"\n")
        return max(0, self._lines - 1)


class XMLRows:
    """SPARQL Query Results XML Format: an element `result` is a row, and text has no `<`."""

    _ELEMENT: Final = b"<result>"

    def __init__(self) -> None:
        self._rows = 0
        self._last = b""

    def add(self, block: bytes) -> int:
        """See `RowCounter.add`."""
        block = self._last + block
        self._rows += block.count(self._ELEMENT)
        self._last = block[-(len(self._ELEMENT) - 1) :]
        return self._rows


#: Media type of a result -> what counts its rows.
ROW_COUNTERS: Final[MappingProxyType[str, Callable[[], RowCounter]]] = MappingProxyType(
    {
        "application/sparql-results+json": JSONRows,
        "application/sparql-results+xml": XMLRows,
        "text/csv": CSVRows,
        "text/tab-separated-values": TSVRows,
    }
)


def _outside_quotes(text: bytes, inside: int) -> tuple[bytes, int]:
    """What of the text stands outside double quotes, and whether its end is inside (1) or not."""
    parts = text.split(_QUOTE)
    return b"".join(parts[inside::2]), (inside + len(parts) - 1) % 2
