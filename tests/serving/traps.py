"""What must hear nothing and stay unread: a listener on loopback, and files that are watched."""

import ctypes
import os
import select
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from tests.query.calls import Listener, listening

SECRET: Final = "a-secret-of-the-house"
_IN_OPEN: Final = 0x20
_IN_ACCESS: Final = 0x1
_IN_NONBLOCK: Final = 0o4000
_FILES: Final = {
    "secret.ttl": f"<http://x/s> <http://x/p> '{SECRET}' .\n",
    "secret.jsonld": f'{{"@context": {{"p": "http://x/{SECRET}"}}}}\n',
    "secret.txt": SECRET,
}


@dataclass(frozen=True)
class Traps:
    """`address` and `file` are IRIs that lead to the traps."""

    listener: Listener
    folder: Path
    watch: int

    @property
    def address(self) -> str:
        return self.listener.address

    @property
    def file(self) -> str:
        return (self.folder / "secret.ttl").as_uri()

    @property
    def context(self) -> str:
        return (self.folder / "secret.jsonld").as_uri()

    @property
    def text(self) -> str:
        return (self.folder / "secret.txt").as_uri()

    def sprung(self) -> list[str]:
        """What happened at the traps since this was asked last."""
        heard = ["somebody called"] * self.listener.calls
        self.listener.calls = 0
        if select.select([self.watch], [], [], 0)[0]:
            os.read(self.watch, 65_536)
            heard.append("somebody read")
        return heard


@contextmanager
def set_traps(folder: Path) -> Iterator[Traps]:
    """Traps in a folder; Linux only, as the service is."""
    libc = ctypes.CDLL(None, use_errno=True)
    watch = libc.inotify_init1(_IN_NONBLOCK)
    assert watch >= 0
    for name, text in _FILES.items():
        path = folder / name
        path.write_text(text)
        assert libc.inotify_add_watch(watch, os.fsencode(path), _IN_OPEN | _IN_ACCESS) >= 0
    try:
        with listening() as listener:
            yield Traps(listener, folder, watch)
    finally:
        os.close(watch)
