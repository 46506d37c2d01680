"""Older revisions, made again from the change log for readers that asked for them.

A reader asks by a file in `wishes/`. Whoever owns the home looks at the wishes now and then,
and lets a process of its own make one checkpoint after the other; see `Rebuilder`.
"""

import os
import shutil
import subprocess
import sys
from contextlib import closing
from pathlib import Path
from typing import Final

import structlog
from pyoxigraph import Store

from icgraph.store.channel import die_with_parent
from icgraph.store.embedded import (
    Head,
    checkpoint_head,
    checkpoint_path,
    open_checkpoint,
    wish_path,
)
from icgraph.store.home import Home
from icgraph.store.log import open_log
from icgraph.store.projection import apply_change, put_checkpoint

_NICENESS: Final = 10
_log = structlog.get_logger(__name__)


class Rebuilder:
    """Fulfils wishes, one at a time."""

    def __init__(self, home: Home) -> None:
        self._home = home
        self._process: subprocess.Popen[bytes] | None = None
        self._wish = home.projection

    def look(self, head: int) -> bool:
        """Begin with the next wish when none is being fulfilled; whether one was just ended.

        `head` is the newest revision: a wish for another that does not exist is dropped. Call it
        always from the same thread, which the process is not to outlive.
        """
        if self._process is None:
            self._begin(head)
            return False
        code = self._process.poll()
        if code is None:
            return False
        if code:
            _log.error("a revision could not be rebuilt", revision=self._wish.name, code=code)
            self._wish.unlink(missing_ok=True)  # whoever wants it still will ask again
        self._process = None
        return True

    def close(self) -> None:
        """Stop what is being done."""
        if self._process is not None:
            self._process.kill()
            self._process.wait()

    def _begin(self, head: int) -> None:
        folder = self._home.projection
        for wish in sorted((folder / "wishes").iterdir()):
            revision = int(wish.name) if wish.name.isdecimal() else 0
            if not 0 < revision <= head:
                wish.unlink(missing_ok=True)
            elif not checkpoint_head(folder, revision).number:
                self._wish = wish
                command = [sys.executable, "-m", __name__, str(os.getpid())]
                self._process = subprocess.Popen(  # noqa: S603 - our own interpreter and module
                    [*command, str(self._home.folder), str(revision)], stdin=subprocess.DEVNULL
                )
                return


def rebuild(home: Home, revision: int) -> None:
    """Make the checkpoint of a revision, from the nearest older one or from nothing.

    Raises LogDamaged, and OSError when the disk does not take it.
    """
    folder = home.projection
    final = checkpoint_path(folder, revision)
    beside = final.with_name(f"{final.name}.rebuilt.new")
    for leftover in (final, beside):
        shutil.rmtree(leftover, ignore_errors=True)
    start = _nearest_older(folder, revision)
    if start.number:
        open_checkpoint(checkpoint_path(folder, start.number)).store.backup(str(beside))
    store = Store(str(beside))
    reached = start
    with closing(open_log(home.log, None)) as log:
        for written in log.read_written(after=start.number):
            apply_change(store, written)
            change = written.change
            grown = change.additions.count(b"\n") - change.removals.count(b"\n")
            reached = Head(written.number, written.hash, reached.statements + grown)
            if written.number == revision:
                break
    store.flush()
    del store
    if wish_path(folder, revision).exists():
        put_checkpoint(beside, final, reached)


def _nearest_older(folder: Path, revision: int) -> Head:
    heads = [
        checkpoint_head(folder, int(path.name))
        for path in (folder / "checkpoints").iterdir()
        if path.name.isdecimal() and int(path.name) < revision
    ]
    return max(heads, default=Head(0, "", 0))


if __name__ == "__main__":
    die_with_parent(int(sys.argv[1]))
    os.nice(_NICENESS)
    rebuild(Home(Path(sys.argv[2])), int(sys.argv[3]))
