"""Results on their way out: never more than the limit, never sent before they are whole.

A small result stays in memory; a large one is spooled to a file, which the process that
answers sends and deletes.
"""

import re
import tempfile
from collections.abc import Iterator
from pathlib import Path
from types import MappingProxyType
from typing import IO, Any, Final

from pyoxigraph import (
    Literal,
    QueryBoolean,
    QueryResultsFormat,
    QuerySolutions,
    QueryTriples,
    RdfFormat,
    Triple,
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
XML_TYPES: Final = frozenset({"application/sparql-results+xml", "application/rdf+xml"})
_NOT_XML: Final = re.compile(rb"[\x00-\x08\x0b\x0c\x0e-\x1f]|\xef\xbf[\xbe\xbf]")
_ENDS_IN_A_NAME: Final = re.compile(r"[^\W\d][\w.\-]*\Z")
_PREFIX_LINE: Final = re.compile(r"^@prefix ([\w-]+): (<[^>]*>) \.\n", re.MULTILINE)
_PREFIXED: Final = re.compile(r"(?:^|[\s(,;^])([\w-]+):", re.MULTILINE)


class Spool:
    """A binary file that counts: beyond `limit` bytes it raises ResultTooLarge.

    What does not fit into memory goes into a file in `folder` that has no name, so that
    nothing is left of it when this process is killed.
    """

    def __init__(self, folder: Path, limit: int) -> None:
        self._limit = limit
        self._length = 0
        self._file = tempfile.SpooledTemporaryFile(max_size=MEMORY_BYTES, dir=str(folder))  # noqa: SIM115

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

    def finish(self) -> bytes | IO[bytes]:
        """What was written: bytes when it is small, else the file, at its beginning."""
        self._file.seek(0)
        if self._length <= MEMORY_BYTES:
            return self._file.read()
        self._file.rollover()
        return self._file


def write_shown(answer: QuerySolutions, limit: int, spool: Any) -> int:
    """Write the first `limit` rows as TSV, for a page to show; returns how many rows there are."""
    spool.write("\t".join(str(variable) for variable in answer.variables).encode() + b"\n")
    total = 0
    for solution in answer:
        total += 1
        if total <= limit:
            terms = (str(solution[variable] or "") for variable in answer.variables)
            spool.write("\t".join(terms).encode() + b"\n")
    return total


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
        triples = _writable(answer) if media_type in XML_TYPES else answer
        serialize(triples, spool, format=GRAPH_FORMATS[media_type], prefixes=prefixes)
        return media_type
    sort = "ASK" if isinstance(answer, QueryBoolean) else "SELECT"
    media_type = _offered(request.solutions_type, sort, tuple(SOLUTION_FORMATS))
    if media_type in XML_TYPES:
        spool = _XMLText(spool)
    answer.serialize(spool, format=SOLUTION_FORMATS[media_type])
    return media_type


class _XMLText:
    """Passes text on to a spool; refuses characters that XML 1.0 cannot hold (section 2.2)."""

    def __init__(self, spool: Spool) -> None:
        self._spool = spool

    def write(self, data: bytes) -> int:
        if _NOT_XML.search(data):
            raise _not_writable("a control character")
        return self._spool.write(data)

    def flush(self) -> None:
        self._spool.flush()


def _writable(triples: QueryTriples) -> Iterator[Triple]:
    """The triples, as long as RDF/XML can hold them (RDF 1.1 XML Syntax, section 6.1.4)."""
    for triple in triples:
        if not _ENDS_IN_A_NAME.search(triple.predicate.value):
            raise _not_writable(f"the property <{triple.predicate.value}>")
        if isinstance(triple.object, Literal) and _NOT_XML.search(triple.object.value.encode()):
            raise _not_writable("a control character")
        yield triple


def _not_writable(what: str) -> FormatNotOffered:
    return FormatNotOffered(
        f"The result holds {what}, which XML cannot.",
        advice="Ask for JSON or Turtle.",
        offered=[*SOLUTION_FORMATS, *GRAPH_FORMATS],
    )


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
