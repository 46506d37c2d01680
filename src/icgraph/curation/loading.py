"""Loading into a home from the command line, and checking a home.

A command that finds a server on the home writes to the change log only; the server follows
it. Without a server the command owns the home while it works.
"""

import time
from collections.abc import Iterator, Sequence
from contextlib import closing, contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from pyoxigraph import Quad

from icgraph.config import Settings
from icgraph.curation.packaged import publish_packaged
from icgraph.curation.publish import Published, Signature, publish_additions
from icgraph.errors import HomeError, HomeLocked
from icgraph.guard.checking import graph_check
from icgraph.query.files import read_files
from icgraph.store.changes import Revision, held_quads
from icgraph.store.channel import Progress
from icgraph.store.derived import damaged_files, database_damage, forget_derived
from icgraph.store.embedded import published_head
from icgraph.store.home import Home, open_home, own
from icgraph.store.log import ChangeLog, now, open_log
from icgraph.store.projection import Projection

_PUBLISH_SECONDS: Final = 10
_POLL_SECONDS: Final = 0.05
_REBUILD: Final = "Run `icgraph check --rebuild`: it makes them again, and the log stays as it is."


@dataclass(frozen=True, slots=True)
class Loaded:
    """What was published, and whether readers see it already."""

    published: Published
    readable: bool


def load_into(
    settings: Settings,
    files: Sequence[Path],
    *,
    agent: str,
    message: str | None,
    progress: Progress,
) -> Loaded:
    """Add what the files, or without files the packaged data, say; see `publish_additions`.

    An empty home gets the packaged data first, as its revision 1.
    """
    seconds = settings.validation_seconds
    quads = read_files(files, seconds=seconds, progress=progress) if files else frozenset()
    home = open_home(settings.home)
    with (
        owned_if_free(home) as owned,
        closing(open_log(home.log, settings.base, bare=False)) as log,
    ):
        check = graph_check(log.base, seconds=seconds, progress=progress)
        if not files or not log.head():
            published = publish_packaged(log, check)
        if files:
            names = ", ".join(path.name for path in files)
            signature = Signature(agent, message or f"Load {names}", now())
            published = publish_additions(log, quads, signature, check)
        if owned:
            Projection(home.projection, checkpoints=settings.checkpoints).follow(log, progress)
        return Loaded(published, readable=owned or readers_see(home, published.revision))


@dataclass(frozen=True, slots=True)
class CheckedHome:
    """What a check found whole: the newest revision and the number of quads it holds.

    `mended` says why the projection had to be made again, where it had.
    """

    revision: int
    quads: int
    mended: str = ""


def check_home(settings: Settings, *, rebuild: bool, progress: Progress) -> CheckedHome:
    """Verify every revision of the log, the tokens, and that what is derived is what they say.

    `rebuild` makes the projection again first, and forgets what else is derived. Raises
    LogDamaged, HomeLocked while a server runs, HomeError with what is damaged and how to mend it.
    """
    home = open_home(settings.home)
    with own(home), closing(open_log(home.log, settings.base)) as log:
        expected = held_quads(_counted(log, progress))
        if damage := database_damage(home.tokens):
            raise HomeError(
                f"The tokens in {home.tokens} are damaged: {damage}.",
                advice="Put back the one of a backup; else remove it, and make new tokens.",
            )
        projection = Projection(home.projection, checkpoints=settings.checkpoints)
        if rebuild:
            projection.drop()
            forget_derived(home)
        revision = _agreed(projection, log, expected, progress)
        if damaged := list(damaged_files(home)):
            raise HomeError(
                f"Files made from the change log are damaged: {'; '.join(damaged)}.",
                advice=_REBUILD,
            )
    return CheckedHome(revision, len(expected), projection.dropped)


def _agreed(
    projection: Projection, log: ChangeLog, expected: frozenset[Quad], progress: Progress
) -> int:
    """The revision of a projection that holds what is expected; else HomeError."""
    try:
        revision = projection.follow(log, progress)
        held = projection.quads()
    except (OSError, RuntimeError) as error:  # Oxigraph tells corruption by a RuntimeError
        raise HomeError(f"The projection cannot be read: {error}.", advice=_REBUILD) from None
    if held != expected:
        raise HomeError("The projection does not hold what the change log says.", advice=_REBUILD)
    return revision


def readers_see(home: Home, revision: int) -> bool:
    """Give the server a moment to publish the revision; Ctrl-C only ends the waiting."""
    deadline = time.monotonic() + _PUBLISH_SECONDS
    with suppress(KeyboardInterrupt):
        while published_head(home.projection)[0] < revision and time.monotonic() < deadline:
            time.sleep(_POLL_SECONDS)
    return published_head(home.projection)[0] >= revision


def _counted(log: ChangeLog, progress: Progress) -> Iterator[Revision]:
    total = log.head()
    for revision in log.read():
        yield revision
        progress("Checking revisions", revision.number, total)


@contextmanager
def owned_if_free(home: Home) -> Iterator[bool]:
    """Hold the home's lock if nobody does, and tell whether it is held here."""
    try:
        with own(home):
            yield True
    except HomeLocked:
        yield False
