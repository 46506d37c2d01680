"""Dumps made when somebody asks for one, beside the service, and never twice at once.

A reader asks by a file, as for older revisions (`store.rebuilding`). Whoever owns the home looks
for it now and then, and lets a process of its own make the dump of the newest revision, with
less claim on the processor than queries have. What nobody asks for costs nothing.
"""

import os
import shutil
import subprocess
import sys
import tempfile
import time
from contextlib import closing, suppress
from pathlib import Path
from typing import Final

import structlog

from icgraph.catalogue.dumps import (
    Dump,
    dump_path,
    prune_dumps,
    put_dump,
    read_dump,
    read_dumps,
    write_dump,
)
from icgraph.config import Settings
from icgraph.errors import FileUnusable, HomeError, HomeLocked
from icgraph.store.channel import Progress, die_with_parent
from icgraph.store.embedded import checkpoint_path, open_checkpoint, published_head
from icgraph.store.home import Home, open_home, own
from icgraph.store.log import open_log
from icgraph.store.projection import Projection

#: A graph that changes all the time is not dumped all the time.
REST_SECONDS: Final = 60
_WISH: Final = "wish"
_NICENESS: Final = 10
_log = structlog.get_logger(__name__)


def ask_for_dump(home: Home) -> None:
    """Have the dump of the newest revision made soon."""
    home.dumps.mkdir(parents=True, exist_ok=True)
    (home.dumps / _WISH).touch()


def newest_dump(home: Home) -> Dump | None:
    """The newest whole dump, or None."""
    return next(iter(read_dumps(home.dumps)), None)


class Dumper:
    """Makes the dumps of one home, one at a time; the owner of the home has one."""

    def __init__(self, home: Home, limit: int, *, rest_seconds: float = REST_SECONDS) -> None:
        """Keep dumps of at most `limit` bytes; what an interrupted process left is swept."""
        self._home = home
        self._limit = limit
        self._rest_seconds = rest_seconds
        self._not_before = 0.0
        self._process: subprocess.Popen[bytes] | None = None
        for leftover in home.dumps.glob("*.new"):
            shutil.rmtree(leftover, ignore_errors=True)

    def look(self) -> None:
        """Begin a dump when one is wanted and none is made; always from the same thread."""
        if self._process is None:
            self._begin()
            return
        code = self._process.poll()
        if code is None:
            return
        self._process = None
        self._not_before = time.monotonic() + self._rest_seconds
        if code:
            _log.error("the dump could not be made", code=code)
        else:
            prune_dumps(self._home.dumps, self._limit)

    def close(self) -> None:
        """Stop what is being done."""
        if self._process is not None:
            self._process.kill()
            self._process.wait()

    def _begin(self) -> None:
        wish = self._home.dumps / _WISH
        if time.monotonic() < self._not_before or not wish.exists():
            return
        wish.unlink(missing_ok=True)
        head = published_head(self._home.projection)
        held = read_dump(dump_path(self._home.dumps, head.number))
        if head.number and (held is None or held.hash != head.hash):
            command = [sys.executable, "-m", __name__, str(os.getpid()), str(self._home.folder)]
            self._process = subprocess.Popen(  # noqa: S603 - our own interpreter and module
                command, stdin=subprocess.DEVNULL
            )


def make_dump(home: Home) -> None:
    """Make the dump of the newest revision in the home; raises OSError, ServiceNotReady."""
    head = published_head(home.projection)
    final = dump_path(home.dumps, head.number)
    beside = final.with_name(f"{final.name}.new")
    shutil.rmtree(beside, ignore_errors=True)
    beside.mkdir()
    _write(home, beside, lambda *_: None)
    put_dump(beside, final)


def export(settings: Settings, folder: Path, progress: Progress) -> Dump:
    """Write the dump of the newest revision into a folder, beside what is there.

    Works beside a server. Raises HomeError when the home holds no graph, SettingInvalid when it
    has another base, FileUnusable when the folder cannot be written.
    """
    home = open_home(settings.home)
    # Without a server, what the log has may still lack a checkpoint.
    with suppress(HomeLocked), own(home), closing(open_log(home.log, settings.base)) as log:
        if log.head():
            Projection(home.projection, checkpoints=settings.checkpoints).follow(log, progress)
    if not published_head(home.projection).number:
        raise HomeError(
            f"The home {home.folder} holds no graph yet.",
            advice="Name another with --home, or run: icgraph load",
        )
    try:
        folder.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryDirectory(prefix=".icgraph-", dir=folder) as beside:
            dump = _write(home, Path(beside), progress)
            for file in dump.files:  # the checksums come last: with them the dump is whole
                (Path(beside) / file.name).replace(folder / file.name)
    except OSError as error:
        raise FileUnusable(
            f"{folder} cannot be written: {error.strerror or error}.",
            advice="Give a folder of your own, with room for the files.",
        ) from None
    return dump


def _write(home: Home, folder: Path, progress: Progress) -> Dump:
    head = published_head(home.projection)
    engine = open_checkpoint(checkpoint_path(home.projection, head.number))
    with closing(open_log(home.log, None)) as log:
        revision = next(log.read_written(after=head.number - 1))
        return write_dump(
            engine, head, folder, time=revision.time, base=log.base, progress=progress
        )


if __name__ == "__main__":
    die_with_parent(int(sys.argv[1]))
    os.nice(_NICENESS)
    make_dump(Home(Path(sys.argv[2])))
