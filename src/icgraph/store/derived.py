"""Whether files beside the log are what was written, and forgetting those that can be made again.

For the process that owns the home, while nobody serves from it.
"""

import shutil
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from hashlib import file_digest
from pathlib import Path

from icgraph.errors import ServiceNotReady
from icgraph.store.embedded import checkpoint_path, open_checkpoint, published_head
from icgraph.store.home import Home


def database_damage(path: Path) -> str | None:
    """What SQLite finds wrong in a file of its own; None where nothing is, or no file."""
    if not path.exists():
        return None
    try:
        with closing(sqlite3.connect(f"{path.absolute().as_uri()}?mode=ro", uri=True)) as opened:
            found: str = opened.execute("PRAGMA integrity_check").fetchone()[0]
    except sqlite3.Error as error:
        return str(error)
    return None if found == "ok" else found.splitlines()[0]


def damaged_files(home: Home) -> Iterator[str]:
    """What is wrong with what was made from the log, file by file, in words."""
    head = published_head(home.projection)
    if head.number:
        try:
            open_checkpoint(checkpoint_path(home.projection, head.number))
        except ServiceNotReady as error:
            yield error.detail.rstrip(".")
    for path in (home.feed, home.quality, *sorted(home.search.glob("*.sqlite"))):
        if damage := database_damage(path):
            yield f"{path}: {damage}"
    for checksums in sorted(home.dumps.glob("*/*.sha256")):
        yield from _unlike_checksums(checksums)


def forget_derived(home: Home) -> None:
    """Remove what is made from the log besides the projection; it is made again when served."""
    for kept in (home.feed, home.quality):
        for path in home.folder.glob(f"{kept.name}*"):
            path.unlink()
    for folder in (home.search, home.dumps):
        shutil.rmtree(folder, ignore_errors=True)
        folder.mkdir(exist_ok=True)


def _unlike_checksums(checksums: Path) -> Iterator[str]:
    for line in checksums.read_text("utf-8", errors="replace").splitlines():
        digest, _, name = line.partition("  ")
        path = checksums.with_name(Path(name).name)
        try:
            with path.open("rb") as file:
                if file_digest(file, "sha256").hexdigest() != digest:
                    yield f"{path}: it does not match its checksum"
        except OSError as error:
            yield f"{path}: {error.strerror or error}"
