import threading
from typing import Any

import pytest

from icgraph.errors import HomeUnwritable
from icgraph.supervisor import _follow


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

    def look(self, _head: int) -> bool:
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
        target=_follow, args=(scene, scene, scene, scene, scene.stop), daemon=True
    )
    follower.start()
    assert scene.stop.wait(5)
    follower.join(5)
    assert not scene.failures
