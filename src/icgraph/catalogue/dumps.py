"""Dumps: all of a revision as files. The same revision gives the same bytes, wherever it is made.

    icgraph-r7-2026-11-22.nq.gz       everything, named graphs too, as sorted N-Quads
    icgraph-r7-2026-11-22.ttl.gz      the default graph as Turtle
    icgraph-r7-2026-11-22.jsonld.gz   the default graph as JSON-LD
    icgraph-r7-2026-11-22.csv.zip     the records as tables, one a kind, and what columns mean
    icgraph-r7-2026-11-22.sha256      the checksums of these, as `sha256sum --check` reads them

A dump is made beside its place and moved there when all of it is on disk.
"""

import gzip
import json
import os
import re
import shutil
import zipfile
from collections.abc import Iterable, Iterator
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from hashlib import file_digest
from io import RawIOBase, TextIOWrapper
from pathlib import Path
from typing import IO, Any, Final, cast

from pyoxigraph import DefaultGraph, RdfFormat, Triple, parse, serialize

from icgraph.catalogue.tables import METADATA, Tables, metadata
from icgraph.model.kinds import KINDS
from icgraph.model.terms import prefixes
from icgraph.store.channel import Progress
from icgraph.store.embedded import EmbeddedEngine, Head
from icgraph.store.sorted_quads import write_sorted_quads

MANIFEST: Final = "manifest.json"
CHECKSUMS: Final = "sha256"
FILE_NAME: Final = re.compile(r"icgraph-r(\d{1,18})-\d{4}-\d{2}-\d{2}\.[a-z0-9.]+")
#: In the order in which they are made and shown.
FORMS: Final = ("nq.gz", "ttl.gz", "jsonld.gz", "csv.zip")
_BLOCK: Final = 1_048_576
_NEW: Final = ".new"


@dataclass(frozen=True, slots=True)
class DumpFile:
    """A file of a dump: its name, its form (`nq.gz`), its size in bytes, its SHA-256 in hex."""

    name: str
    form: str
    size: int
    sha256: str


@dataclass(frozen=True, slots=True)
class Dump:
    """A dump: the revision it holds, that revision's hash and time (RFC 3339), and the files."""

    revision: int
    hash: str
    time: str
    statements: int
    files: tuple[DumpFile, ...]

    @property
    def moment(self) -> datetime:
        """When the revision was recorded."""
        return datetime.fromisoformat(self.time)

    @property
    def size(self) -> int:
        """Its size on disk, in bytes."""
        return sum(file.size for file in self.files)

    def file(self, form: str) -> DumpFile | None:
        """The file of a form, or None."""
        return next((file for file in self.files if file.form == form), None)


def write_dump(
    engine: EmbeddedEngine,
    head: Head,
    folder: Path,
    *,
    time: datetime,
    base: str,
    progress: Progress,
) -> Dump:
    """Make the dump of a revision in an empty folder, manifest included; raises OSError.

    `time` is when the revision was recorded, `base` the IRI below which the graph lies.
    """
    moment = time.astimezone(UTC)
    stem = f"icgraph-r{head.number}-{moment:%Y-%m-%d}"
    steps = len(FORMS) + 1
    quads = folder / f"quads{_NEW}"
    progress("Making the dump", 0, steps)
    statements = write_sorted_quads(engine, quads)
    progress("Making the dump", 1, steps)
    files = []
    for number, form in enumerate(FORMS, start=2):
        path = folder / f"{stem}.{form}"
        if form == "csv.zip":
            _write_tables(path, Tables(engine, base), moment)
        else:
            _write_rdf(form, path, quads, base)
        files.append(_described(path, form))
        progress("Making the dump", number, steps)
    quads.unlink()
    checksums = folder / f"{stem}.{CHECKSUMS}"
    checksums.write_text("".join(f"{file.sha256}  {file.name}\n" for file in files), "ascii")
    files.append(_described(checksums, CHECKSUMS))
    dump = Dump(head.number, head.hash, moment.isoformat(), statements, tuple(files))
    (folder / MANIFEST).write_text(json.dumps(asdict(dump), indent=2) + "\n", "utf-8")
    for path in folder.iterdir():
        _settle(path)
    return dump


def put_dump(beside: Path, final: Path) -> None:
    """Give a dump that was made beside it its place; a reader sees all of it or nothing."""
    shutil.rmtree(final, ignore_errors=True)
    beside.rename(final)
    _settle(final.parent)


def read_dumps(folder: Path) -> list[Dump]:
    """The whole dumps below a folder, the newest first."""
    found = [read_dump(path) for path in folder.glob("*") if path.suffix != _NEW and path.is_dir()]
    return sorted((dump for dump in found if dump), key=lambda dump: -dump.revision)


def read_dump(folder: Path) -> Dump | None:
    """The dump in a folder, or None where there is none."""
    try:
        told: dict[str, Any] = json.loads((folder / MANIFEST).read_text("utf-8"))
        files = tuple(DumpFile(**file) for file in told.pop("files"))
        return Dump(**told, files=files)
    except (OSError, ValueError, KeyError, TypeError):
        return None


def dump_path(folder: Path, revision: int) -> Path:
    """Where the dump of a revision lies."""
    return folder / f"{revision:08}"


def prune_dumps(folder: Path, limit: int) -> None:
    """Remove the oldest dumps until the rest has at most `limit` bytes; the newest stays."""
    room = limit
    for place, dump in enumerate(read_dumps(folder)):
        room -= dump.size
        if place and room < 0:
            shutil.rmtree(dump_path(folder, dump.revision), ignore_errors=True)


def _write_rdf(form: str, path: Path, quads: Path, base: str) -> None:
    # Neither a name nor a time in the gzip header: they would change the bytes.
    with path.open("wb") as file, gzip.GzipFile("", "wb", 6, file, mtime=0) as gzipped:
        packed = cast("IO[bytes]", gzipped)
        if form == "nq.gz":
            with quads.open("rb") as text:
                shutil.copyfileobj(text, packed, _BLOCK)
        elif form == "ttl.gz":
            _write_turtle(_triples(quads), packed, prefixes(base))
        else:
            serialize(_triples(quads), packed, format=RdfFormat.JSON_LD)


def _triples(quads: Path) -> Iterator[Triple]:
    """The default graph, read as a stream."""
    for quad in parse(path=str(quads), format=RdfFormat.N_QUADS):
        if quad.graph_name == DefaultGraph():
            yield quad.triple


def _write_turtle(triples: Iterable[Triple], target: IO[bytes], known: dict[str, str]) -> None:
    """Turtle whose prefixes come in order; the engine writes them in any, each time another."""
    head = serialize([], format=RdfFormat.TURTLE, prefixes=known)
    assert head is not None
    target.write(b"".join(sorted(head.splitlines(keepends=True))))
    body = cast("IO[bytes]", _Rest(target, skip=len(head)))
    serialize(triples, body, format=RdfFormat.TURTLE, prefixes=known)


class _Rest(RawIOBase):
    """Writes to a target all but the first `skip` bytes."""

    def __init__(self, target: IO[bytes], *, skip: int) -> None:
        self._target = target
        self._skip = skip

    def writable(self) -> bool:
        return True

    def write(self, block: Any, /) -> int:
        left = memoryview(block)[self._skip :]
        self._skip -= len(block) - len(left)
        self._target.write(left)
        return len(block)


def _write_tables(path: Path, tables: Tables, moment: datetime) -> None:
    names = {kind.name: f"{kind.path}.csv" for kind in KINDS.values()}
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for kind in KINDS.values():
            with (
                archive.open(_entry(names[kind.name], moment), "w", force_zip64=True) as entry,
                TextIOWrapper(entry, "utf-8", newline="") as text,
            ):
                tables.write(kind, text)
        archive.writestr(_entry(METADATA, moment), metadata(names))


def _entry(name: str, moment: datetime) -> zipfile.ZipInfo:
    entry = zipfile.ZipInfo(name, moment.timetuple()[:6])
    entry.compress_type = zipfile.ZIP_DEFLATED
    entry.external_attr = 0o644 << 16
    return entry


def _described(path: Path, form: str) -> DumpFile:
    with path.open("rb") as file:
        digest = file_digest(file, "sha256").hexdigest()
    return DumpFile(path.name, form, path.stat().st_size, digest)


def _settle(path: Path) -> None:
    """Have what was written on disk."""
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
