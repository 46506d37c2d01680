"""Results on their way out: never more than the limit, never sent before they are whole.

A small result stays in memory; a large one is spooled to a file, which the process that
answers sends and deletes.
"""

import re
import tempfile
import time
from collections.abc import Iterable, Iterator
from pathlib import Path
from types import MappingProxyType
from typing import IO, Any, Final

from pyoxigraph import (
    BlankNode,
    Literal,
    NamedNode,
    QueryBoolean,
    QueryResultsFormat,
    QuerySolutions,
    QueryTriples,
    RdfFormat,
    Triple,
    serialize,
)

from icgraph.errors import FormatNotOffered, ResultTooLarge
from icgraph.model.terms import prefixes
from icgraph.query.request import QueryRequest
from icgraph.query.rows import ROW_COUNTERS, RowCounter

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
_JSONLD: Final = "application/ld+json"
XML_TYPES: Final = frozenset({"application/sparql-results+xml", "application/rdf+xml"})
_NOT_XML: Final = re.compile(rb"[\x00-\x08\x0b\x0c\x0e-\x1f]|\xef\xbf[\xbe\xbf]")
_ENDS_IN_A_NAME: Final = re.compile(r"[^\W\d][\w.\-]*\Z")
_PREFIX_LINE: Final = re.compile(r"^@prefix ([\w-]+): (<[^>]*>) \.\n", re.MULTILINE)
_PREFIXED: Final = re.compile(r"(?:^|[\s(,;^])([\w-]+):", re.MULTILINE)


class Spool:
    """A binary file that counts: beyond its limits it raises ResultTooLarge.

    What does not fit into memory goes into a file in `folder` that has no name, so that
    nothing is left of it when this process is killed. `begun` is when the first byte came
    (monotonic time), `rows` how many rows there are once `count_rows` was called.
    """

    def __init__(self, folder: Path, *, limit: int, most_rows: int) -> None:
        self.rows: int | None = None
        self.begun: float | None = None
        self._limit = limit
        self._most_rows = most_rows
        self._folder = folder
        self._length = 0
        self._counter: RowCounter | None = None
        self._block = bytearray()
        self._file: IO[bytes] | None = None

    def count_rows(self, media_type: str) -> None:
        """From now on, hold the rows of a result of this media type to their limit."""
        self._counter = ROW_COUNTERS[media_type]()

    def write(self, data: bytes) -> int:
        """Take some bytes."""
        if self.begun is None:
            self.begun = time.monotonic()
        self._length += len(data)
        if self._length > self._limit:
            raise ResultTooLarge(
                f"The result is larger than {self._limit} bytes; nothing of it was sent.",
                advice="Add a LIMIT, or ask for fewer columns.",
                limit="result_bytes",
                value=self._limit,
            )
        self._block += data
        if len(self._block) > MEMORY_BYTES:
            self._spool()
        return len(data)

    def flush(self) -> None:
        """Nothing to do: who reads, reads the whole."""

    def check_rows(self, rows: int) -> None:
        """Raise ResultTooLarge when these are more rows than allowed."""
        self.rows = rows
        if rows > self._most_rows:
            raise ResultTooLarge(
                f"The result has more than {self._most_rows} rows; nothing of it was sent.",
                advice="Add a LIMIT, or ask for sums and counts instead of rows.",
                limit="result_rows",
                value=self._most_rows,
            )

    def finish(self) -> bytes | IO[bytes]:
        """What was written: bytes when it is small, else the file, at its beginning."""
        if self._file is None:
            self._count()
            return bytes(self._block)
        self._spool()
        self._file.seek(0)
        return self._file

    def _spool(self) -> None:
        if self._file is None:
            self._file = tempfile.TemporaryFile(dir=str(self._folder), buffering=0)  # noqa: SIM115
        self._count()
        view = memoryview(self._block)
        while view:
            view = view[self._file.write(view) :]
        self._block = bytearray()

    def _count(self) -> None:
        if self._counter is not None:
            self.check_rows(self._counter.add(bytes(self._block)))


def write_shown(answer: QuerySolutions, limit: int, spool: Spool) -> int:
    """Write the first `limit` rows as TSV, for a page to show; returns how many rows there are."""
    spool.write("\t".join(str(variable) for variable in answer.variables).encode() + b"\n")
    total = 0
    for solution in answer:
        total += 1
        if total <= limit:
            terms = (_written(solution[variable]) for variable in answer.variables)
            spool.write("\t".join(terms).encode() + b"\n")
    return total


def _written(term: NamedNode | BlankNode | Literal | Triple | None) -> str:
    if isinstance(term, Triple):  # the engine's own `str` leaves the brackets out
        inner = " ".join(map(_written, (term.subject, term.predicate, term.object)))
        return f"<<( {inner} )>>"
    return "" if term is None else str(term)


def write_answer(
    answer: QuerySolutions | QueryTriples | QueryBoolean,
    request: QueryRequest,
    base: str,
    spool: Spool,
) -> str:
    """Evaluate and write the answer whole to a `Spool`; returns its media type.

    Raises FormatNotOffered when the client accepts none of the formats for this sort of query.
    """
    target: Any = spool  # what the engine needs of a file, it has
    if isinstance(answer, QueryTriples):
        media_type = _offered(request.graph_type, "CONSTRUCT or DESCRIBE", tuple(GRAPH_FORMATS))
        triples = _counted(_writable(answer, media_type), spool)
        serialize(triples, target, format=GRAPH_FORMATS[media_type], prefixes=prefixes(base))
        return media_type
    sort = "ASK" if isinstance(answer, QueryBoolean) else "SELECT"
    media_type = _offered(request.solutions_type, sort, tuple(SOLUTION_FORMATS))
    if isinstance(answer, QuerySolutions):
        spool.count_rows(media_type)
    if media_type in XML_TYPES:
        target = _XMLText(spool)
    answer.serialize(target, format=SOLUTION_FORMATS[media_type])
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


def _counted(triples: Iterable[Triple], spool: Spool) -> Iterator[Triple]:
    spool.check_rows(0)
    for number, triple in enumerate(triples, start=1):
        spool.check_rows(number)
        yield triple


def _writable(triples: QueryTriples, media_type: str) -> Iterable[Triple]:
    """The triples, as long as the format can hold them."""
    if media_type in XML_TYPES:
        return _in_xml(triples)
    return _without_triple_terms(triples) if media_type == _JSONLD else triples


def _without_triple_terms(triples: QueryTriples) -> Iterator[Triple]:
    for triple in triples:
        if isinstance(triple.object, Triple):
            raise _not_writable("a triple term", "JSON-LD 1.1", "Ask for Turtle or N-Triples.")
        yield triple


def _in_xml(triples: Iterable[Triple]) -> Iterator[Triple]:
    """The triples, as long as RDF/XML can hold them (RDF 1.1 XML Syntax, section 6.1.4)."""
    for triple in triples:
        _check_in_xml(triple)
        yield triple


def _check_in_xml(triple: Triple) -> None:
    part: object = triple
    while isinstance(part, Triple):  # they may be nested deeper than calls may
        if not _ENDS_IN_A_NAME.search(part.predicate.value):
            raise _not_writable(f"the property <{part.predicate.value}>")
        part = part.object
    if isinstance(part, Literal) and _NOT_XML.search(part.value.encode()):
        raise _not_writable("a control character")


def _not_writable(
    what: str, format_: str = "XML", advice: str = "Ask for JSON or Turtle."
) -> FormatNotOffered:
    return FormatNotOffered(
        f"The result holds {what}, which {format_} cannot.",
        advice=advice,
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
