"""The process that validates what was published, and keeps what it found for the quality page.

Nothing depends on it: whatever is published was validated before. It tells curators what is
left to do, and would tell if that guard had a hole.
"""

import sys
import threading
import time
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Final

from icgraph.catalogue.quality import Assessments
from icgraph.guard.checking import check_checkpoint
from icgraph.store.companion import begin_companion, follow_for_ever, keep_companion
from icgraph.store.embedded import PublishedHead, checkpoint_path
from icgraph.store.home import Home
from icgraph.store.log import open_log

#: It rests so many times as long as it worked: a graph may change all the time.
_REST: Final = 4


class Assessor:
    """Assesses the published revisions of one home. There is one such process a home."""

    def __init__(self, home: Home, base: str, assessments: Assessments, seconds: float) -> None:
        """One validation may take `seconds`."""
        self._home = home
        self._base = base
        self._assessments = assessments
        self._seconds = seconds
        self._published = PublishedHead(home.projection)
        self._not_before = 0.0

    def follow(self) -> bool:
        """Assess the newest published revision; whether there was anything to do.

        Raises TimeLimitExceeded, and ServiceNotReady when the revision was replaced meanwhile.
        """
        head = self._published.read()
        began = time.monotonic()
        if not head.number or began < self._not_before or self._assessments.holds(head):
            return False
        checkpoint = checkpoint_path(self._home.projection, head.number)
        try:
            report = check_checkpoint(checkpoint, self._base, seconds=self._seconds)
        finally:
            took = time.monotonic() - began
            self._not_before = time.monotonic() + _REST * took
        self._assessments.keep(head, report, took)
        return True


def keep_assessed(home: Home, stop: threading.Event, seconds: float) -> None:
    """Keep the process of this module running until `stop`; in a thread that lasts."""
    keep_companion(__name__, home, stop, str(seconds))


def assess_home(home: Home, seconds: float) -> None:
    """Assess the published revision of a home, and return; raises TimeLimitExceeded."""
    with _assessor(home, seconds) as assessor:
        assessor.follow()


@contextmanager
def _assessor(home: Home, seconds: float) -> Iterator[Assessor]:
    with closing(open_log(home.log, None)) as log:
        base = log.base
    with closing(Assessments(home.quality)) as assessments:
        yield Assessor(home, base, assessments, seconds)


if __name__ == "__main__":
    begin_companion(int(sys.argv[1]))
    with _assessor(Home(Path(sys.argv[2])), float(sys.argv[3])) as kept:
        follow_for_ever(kept.follow)
