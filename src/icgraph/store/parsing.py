"""RDF text to quads. For workers and for commands; no process that serves HTTP calls this.

The format is told by a file's suffix. Errors name the file, the line and the column.
"""

from collections.abc import Iterator
from pathlib import Path
from types import MappingProxyType
from typing import Final

from pyoxigraph import Quad, RdfFormat, parse

from icgraph.errors import FileUnusable, SyntaxInvalid

FORMATS: Final = MappingProxyType(
    {
        ".ttl": RdfFormat.TURTLE,
        ".nt": RdfFormat.N_TRIPLES,
        ".nq": RdfFormat.N_QUADS,
        ".trig": RdfFormat.TRIG,
        ".rdf": RdfFormat.RDF_XML,
        ".jsonld": RdfFormat.JSON_LD,
    }
)
#: What the engine says of an address of a JSON-LD context, which it could not follow anyhow.
_REMOTE: Final = "LoadDocumentCallback"


def parse_file(path: Path) -> list[Quad]:
    """The quads of an RDF file.

    Raises FileUnusable (missing, empty, unreadable, not UTF-8, unknown suffix) or SyntaxInvalid.
    """
    return parse_text(read_text(path), _format_of(path), str(path))


def stream_file(path: Path) -> Iterator[Quad]:
    """The quads of an RDF file of any size, one by one; its blank nodes get labels of their own.

    Raises FileUnusable and SyntaxInvalid, perhaps after many quads.
    """
    rdf_format = _format_of(path)
    try:
        yield from parse(path=str(path), format=rdf_format, rename_blank_nodes=True)
    except SyntaxError as error:
        raise syntax_invalid(error, str(path)) from None
    except OSError as error:
        raise FileUnusable(
            f"{path}: {error.strerror or error}.", advice="Look at the path and its permissions."
        ) from None


def _format_of(path: Path) -> RdfFormat:
    rdf_format = FORMATS.get(path.suffix.lower())
    if rdf_format is None:
        raise FileUnusable(
            f"{path}: the suffix {path.suffix or '(none)'} is not one of an RDF format.",
            advice=f"Use one of: {', '.join(FORMATS)}",
        )
    return rdf_format


def read_text(path: Path) -> str:
    """The text of a file in UTF-8, which must not be empty; raises FileUnusable."""
    if path.exists() and not path.is_file():
        raise FileUnusable(f"{path}: not a file.", advice="Give a plain file.")
    try:
        text = path.read_bytes().decode("utf-8-sig")
    except OSError as error:
        raise FileUnusable(
            f"{path}: {error.strerror or error}.", advice="Look at the path and its permissions."
        ) from None
    except UnicodeDecodeError as error:
        line = error.object.count(b"\n", 0, error.start) + 1
        raise FileUnusable(
            f"{path}:{line}: not UTF-8 (byte {error.start + 1}).",
            advice="Save the file in the encoding UTF-8.",
        ) from None
    if not text.strip():
        raise FileUnusable(f"{path}: the file is empty.", advice="Was the right file given?")
    return text


def parse_text(text: str, rdf_format: RdfFormat, origin: str) -> list[Quad]:
    """The quads of a text; `origin` names it in errors. Raises SyntaxInvalid."""
    try:
        return list(parse(text.encode(), format=rdf_format, base_iri=None))
    except SyntaxError as error:
        raise syntax_invalid(error, origin) from None


def stream_text(text: bytes, rdf_format: RdfFormat, origin: str) -> Iterator[Quad]:
    """The quads of a text of any size, one by one; raises SyntaxInvalid, perhaps after many."""
    try:
        yield from parse(text, format=rdf_format, base_iri=None)
    except SyntaxError as error:
        raise syntax_invalid(error, origin) from None


def syntax_invalid(error: SyntaxError, origin: str) -> SyntaxInvalid:
    """The error of pyoxigraph's parser as one of ours; `origin` names the text."""
    if _REMOTE in error.msg:
        return SyntaxInvalid(
            f"{origin}: a JSON-LD context lies elsewhere, and nothing is fetched.",
            advice="Write the context itself into the document.",
        )
    line, column = error.lineno or 0, error.offset or 0
    place = f"{origin}:{line}:{column}" if line else origin
    return SyntaxInvalid(
        f"{place}: {_without_place(error.msg)}.",
        advice="Look at the end of the line named, and at the one before it.",
        line=line,
        column=column,
    )


def _without_place(message: str) -> str:
    return message.partition(": ")[2] if message.startswith("Parser error at line") else message


def parse_folder(folder: Path) -> list[Quad]:
    """The quads of all Turtle files below a folder, in the order of their paths."""
    return [quad for path in sorted(folder.rglob("*.ttl")) for quad in parse_file(path)]
