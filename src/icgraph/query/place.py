"""The folder `home/run`: what the living processes of a service leave there for each other.

A process has a numbered place: it holds the lock of `N.lock`, listens on `N.sock` and counts
in files of that number. Whoever holds a lock lives: the kernel frees it however the holder
ends, so a death needs no tidying, and the next process takes the lowest place that is free
and counts on where the last one stopped.
"""

import fcntl
import os
from contextlib import suppress
from dataclasses import dataclass
from itertools import count
from pathlib import Path

_LOCK = ".lock"


@dataclass(frozen=True, slots=True)
class Hold:
    """A lock that is held."""

    path: Path
    descriptor: int

    def free(self) -> None:
        """Give it up, and remove its file."""
        with suppress(FileNotFoundError):
            self.path.unlink()
        os.close(self.descriptor)


@dataclass(frozen=True, slots=True)
class Place:
    """A process's place; `hold` lasts as long as the process."""

    folder: Path
    number: int
    hold: Hold

    def socket(self) -> str:
        """The name, in the folder, of the socket this process listens on."""
        return f"{self.number}.sock"


def take(path: Path) -> Hold | None:
    """The lock of the file at `path`, made if need be; None while somebody holds it."""
    while True:
        descriptor = os.open(path, os.O_RDWR | os.O_CREAT, 0o600)
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            os.close(descriptor)
            return None
        if _lies_at(path, descriptor):
            return Hold(path, descriptor)
        os.close(descriptor)  # the holder before removed this file between our two steps


def take_place(folder: Path) -> Place:
    """The lowest free place of the folder, for this process; raises OSError."""
    for inner in ("ids", "metrics"):
        (folder / inner).mkdir(exist_ok=True)
    for number in count():
        hold = take(folder / f"{number}{_LOCK}")
        if hold:
            return Place(folder, number, hold)
    raise AssertionError


def sweep(folder: Path) -> None:
    """Remove what the dead left: every lock nobody holds, and all files of that name or number."""
    for lock in folder.rglob(f"*{_LOCK}"):
        hold = take(lock)
        if hold:
            name = lock.name.removesuffix(_LOCK)
            for left in (folder / f"{name}.sock", *folder.glob(f"metrics/*_{name}.db")):
                left.unlink(missing_ok=True)
            hold.free()


def _lies_at(path: Path, descriptor: int) -> bool:
    try:
        there = path.stat()
    except FileNotFoundError:
        return False
    return os.path.samestat(there, os.fstat(descriptor))
