import threading
from typing import Any

import pytest

from icgraph.errors import HomeUnwritable
from icgraph.supervisor import _Derived, _follow


class Scene:
    """A log with a new revision, whose projection fails twice before it takes it."""

    def __init__(self, error: Exception) -> None:
        self.stop = threading.Event()
        self.failures = [error, error]

    def head(self) -> int:
        return 2

    def published(self) -> int:
        return 1

    def follow(self, _log: Any) -> None:
        if self.failures:
            raise self.failures.pop()
        self.stop.set()

    def indexed(self) -> int:
        return 2

    def look(self, *_head: int) -> bool:
        return False

    def wait(self, _seconds: float) -> None:
        pass

    def close(self) -> None:
        pass


@pytest.mark.parametrize(
    "error", [ValueError("a strange name"), OSError(28, "full"), HomeUnwritable("full")]
)
def test_whatever_hinders_a_revision_it_is_tried_again(error: Exception) -> None:
    scene: Any = Scene(error)
    follower = threading.Thread(
        target=_follow,
        args=(scene, _Derived(scene, scene, scene, scene), scene, scene.stop),
        daemon=True,
    )
    follower.start()
    assert scene.stop.wait(5)
    follower.join(5)
    assert not scene.failures


def test_a_feed_that_cannot_follow_holds_up_no_revision() -> None:
    scene: Any = Scene(ValueError())
    scene.failures = []
    feed: Any = Scene(OSError(28, "full"))
    feed.indexed = lambda: 1
    with pytest.raises(OSError, match="full"):
        _Derived(scene, feed, scene, scene).follow(scene, 2)
    assert scene.stop.is_set()
