"""A word to the process that follows the change log: there is something new in it.

Nothing depends on the word, only how soon it is looked: who follows looks now and then anyway.
"""

import os
import select
from contextlib import suppress
from pathlib import Path
from typing import Final

_NAME: Final = "news"
_DRAINED_BYTES: Final = 4096


class News:
    """The end of the follower. Of one home there is one, held by the process that owns it."""

    def __init__(self, run: Path) -> None:
        """Listen in the folder `run` of a home; raises OSError when it cannot be written."""
        path = run / _NAME
        path.unlink(missing_ok=True)
        os.mkfifo(path, 0o600)
        # Open for writing too, so that it does not end when the last writer leaves.
        self._pipe = os.open(path, os.O_RDWR | os.O_NONBLOCK)

    def wait(self, seconds: float) -> None:
        """Wait until somebody tells of news, no longer than so many seconds."""
        poll = select.poll()
        poll.register(self._pipe, select.POLLIN)
        if poll.poll(seconds * 1000):
            os.read(self._pipe, _DRAINED_BYTES)

    def close(self) -> None:
        """Listen no more."""
        os.close(self._pipe)


def tell_news(run: Path) -> None:
    """Tell whoever follows, if somebody does."""
    with suppress(OSError):
        pipe = os.open(run / _NAME, os.O_WRONLY | os.O_NONBLOCK)
        try:
            os.write(pipe, b".")
        finally:
            os.close(pipe)
