"""Results on their way out: never more than the limit, never sent before they are whole.

A small result stays in memory; a large one is spooled to a file, which the process that
answers sends and deletes.
"""

import os
import re
import tempfile
from pathlib import Path
from types import MappingProxyType
from typing import IO, Any, Final

from pyoxigraph import (
    QueryBoolean,
    QueryResultsFormat,
    QuerySolutions,
    QueryTriples,
    RdfFormat,
    serialize,
)

from icgraph.errors import FormatNotOffered, ResultTooLarge
from icgraph.query.request import QueryRequest

MEMORY_BYTES: Final = 1_048_576

SOLUTION_FORMATS: Final = MappingProxyType(
    {
        "application/sparql-results+json": QueryResultsFormat.JSON,
        "application/sparql-results+xml": QueryResultsFormat.XML,
        "text/csv": QueryResultsFormat.CSV,
        "text/tab-separated-values": QueryResultsFormat.TSV,
    }
)
GRAPH_FORMATS: Final = MappingProxyType(
    {
        "text/turtle": RdfFormat.TURTLE,
        "application/n-triples": RdfFormat.N_TRIPLES,
        "application/ld+json": RdfFormat.JSON_LD,
        "application/rdf+xml": RdfFormat.RDF_XML,
    }
)
_PREFIX_LINE: Final = re.compile(r"^@prefix ([\w-]+): (<[^>]*>) \.\n", re.MULTILINE)
_PREFIXED: Final = re.compile(r"(?:^|[\s(,;^])([\w-]+):", re.MULTILINE)


class Spool:
    """A binary file that counts: beyond `limit` bytes it raises ResultTooLarge."""

    def __init__(self, folder: Path, limit: int) -> None:
        self._folder = folder
        self._limit = limit
        self._length = 0
        self._file: IO[bytes] = tempfile.SpooledTemporaryFile(MEMORY_BYTES)  # noqa: SIM115

    def write(self, data: bytes) -> int:
        """Take some bytes."""
        self._length += len(data)
        if self._length > self._limit:
            raise ResultTooLarge(
                f"The result is larger than {self._limit} bytes; nothing of it was sent.",
                advice="Add a LIMIT, or ask for fewer columns.",
                limit="result_bytes",
                value=self._limit,
            )
        return self._file.write(data)

    def flush(self) -> None:
        """Nothing to do: who reads, reads the whole."""

    def finish(self) -> tuple[bytes, Path | None]:
        """The bytes, or an empty string and the file that holds them, which is the reader's now."""
        self._file.seek(0)
        if self._length <= MEMORY_BYTES:
            return self._file.read(), None
        descriptor, name = tempfile.mkstemp(dir=self._folder, prefix="result-")
        with os.fdopen(descriptor, "wb") as file:
            while block := self._file.read(MEMORY_BYTES):
                file.write(block)
        return b"", Path(name)


def write_answer(
    answer: QuerySolutions | QueryTriples | QueryBoolean,
    request: QueryRequest,
    prefixes: dict[str, str],
    spool: Any,
) -> str:
    """Evaluate and write the answer whole to a `Spool`; returns its media type.

    Raises FormatNotOffered when the client accepts none of the formats for this sort of query.
    """
    if isinstance(answer, QueryTriples):
        media_type = _offered(request.graph_type, "CONSTRUCT or DESCRIBE", tuple(GRAPH_FORMATS))
        serialize(answer, spool, format=GRAPH_FORMATS[media_type], prefixes=prefixes)
        return media_type
    sort = "ASK" if isinstance(answer, QueryBoolean) else "SELECT"
    media_type = _offered(request.solutions_type, sort, tuple(SOLUTION_FORMATS))
    answer.serialize(spool, format=SOLUTION_FORMATS[media_type])
    return media_type


def _offered(media_type: str | None, sort: str, offered: tuple[str, ...]) -> str:
    if media_type is None:
        raise FormatNotOffered(
            f"None of the accepted formats is one for the result of a {sort} query.",
            advice=f"Accept one of: {', '.join(offered)}",
            offered=list(offered),
        )
    return media_type


def tidy_prefixes(turtle: bytes) -> bytes:
    """The same Turtle with only the prefixes it uses, in alphabetical order."""
    text = turtle.decode()
    declared = dict(_PREFIX_LINE.findall(text))
    body = _PREFIX_LINE.sub("", text)
    used = {match[1] for match in _PREFIXED.finditer(body)} & declared.keys()
    head = "".join(f"@prefix {prefix}: {declared[prefix]} .\n" for prefix in sorted(used))
    return (head + body).encode()
