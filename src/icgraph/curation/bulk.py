"""Loading files of any size into a bare home, as several changes, in flat memory.

There are no rules to hold and nothing to compare with: a change adds what its piece of the
files says, whether the graph says it already or not.
"""

import tempfile
from collections.abc import Sequence
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path

from icgraph.config import Settings
from icgraph.curation.loading import owned_if_free, readers_see
from icgraph.curation.packaged import publish_nothing
from icgraph.errors import HeadMoved
from icgraph.query.files import cut_files
from icgraph.store.changes import WrittenChange
from icgraph.store.channel import Progress
from icgraph.store.home import open_home
from icgraph.store.log import ChangeLog, now, open_log
from icgraph.store.projection import Projection


@dataclass(frozen=True, slots=True)
class BulkLoaded:
    """The newest revision, how many statements were recorded, and whether readers see them."""

    revision: int
    statements: int
    readable: bool


def load_bare(
    settings: Settings,
    files: Sequence[Path],
    *,
    agent: str,
    message: str | None,
    progress: Progress,
) -> BulkLoaded:
    """Add what the files say to a bare home.

    Raises FileUnusable and SyntaxInvalid, with nothing recorded, and HomeError.
    """
    why = message or f"Load {', '.join(path.name for path in files)}"
    home = open_home(settings.home)
    with (
        owned_if_free(home) as owned,
        closing(open_log(home.log, settings.base, bare=True)) as log,
        tempfile.TemporaryDirectory(prefix="loading-", dir=home.folder) as folder,
    ):
        seconds = settings.validation_seconds
        pieces = cut_files(files, Path(folder), seconds=seconds, progress=progress)
        if not log.head():
            publish_nothing(log)
        statements = 0
        for number, piece in enumerate(pieces, start=1):
            text = piece.read_bytes()
            piece.unlink()
            _append(log, WrittenChange(agent, why, text))
            statements += text.count(b"\n")
            progress("Recording changes", number, len(pieces))
        revision = log.head()
        if owned:
            Projection(home.projection, checkpoints=settings.checkpoints).follow(log, progress)
        return BulkLoaded(revision, statements, readable=owned or readers_see(home, revision))


def _append(log: ChangeLog, change: WrittenChange) -> None:
    """Record the change, after whatever others record meanwhile."""
    while True:
        try:
            log.append_written(change, after=log.head(), time=now())
        except HeadMoved:
            continue
        return
