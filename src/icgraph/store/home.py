"""The home: the directory that holds everything a server writes, and who may write there.

home/
├── lock                  held by the one process that owns the projection
├── change-log.sqlite     the truth
├── tokens.sqlite         who may do what; the one other file that cannot be made again
├── projection/           derived from the log; can be deleted at any time
├── feed.sqlite           derived, too: which records each change touched
├── dumps/                derived, too: revisions as files, made when somebody asks for them
├── search/               the search index, derived likewise
├── quality.sqlite        derived, too: what the rules found in each revision
├── spool/                large results on their way out; swept at start
└── run/                  how the living processes find each other; closed to other users
"""

import fcntl
import os
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from icgraph.errors import HomeError, HomeLocked, HomeUnwritable


@dataclass(frozen=True, slots=True)
class Home:
    """The paths of a home."""

    folder: Path

    @property
    def log(self) -> Path:
        """The change log."""
        return self.folder / "change-log.sqlite"

    @property
    def tokens(self) -> Path:
        """The tokens, hashed."""
        return self.folder / "tokens.sqlite"

    @property
    def kept(self) -> tuple[Path, ...]:
        """All that cannot be made again: what a backup holds. The change log must be there."""
        return (self.log, self.tokens)

    @property
    def projection(self) -> Path:
        """The embedded projection."""
        return self.folder / "projection"

    @property
    def feed(self) -> Path:
        """The index of what each change touched."""
        return self.folder / "feed.sqlite"

    @property
    def dumps(self) -> Path:
        """Revisions as files."""
        return self.folder / "dumps"

    @property
    def search(self) -> Path:
        """The search index."""
        return self.folder / "search"

    @property
    def quality(self) -> Path:
        """What validation found."""
        return self.folder / "quality.sqlite"

    @property
    def spool(self) -> Path:
        """Large results on their way out."""
        return self.folder / "spool"

    @property
    def run(self) -> Path:
        """How the living processes find each other."""
        return self.folder / "run"


def open_home(folder: Path) -> Home:
    """The home at `folder`, made if need be; raises HomeUnwritable."""
    home = Home(folder.absolute())
    try:
        home.spool.mkdir(parents=True, exist_ok=True)
        home.projection.mkdir(exist_ok=True)
        home.dumps.mkdir(exist_ok=True)
        home.run.mkdir(mode=0o700, exist_ok=True)
        probe = home.folder / ".writable"
        probe.write_bytes(b"")
        probe.unlink(missing_ok=True)  # another process may probe at the same time
    except OSError as error:
        raise HomeUnwritable(
            f"The home {home.folder} cannot be written: {error.strerror or error}.",
            advice="Give a directory of your own with --home, or mend its permissions.",
        ) from None
    return home


def existing_home(folder: Path) -> Home:
    """The home at `folder`, for who only looks at it; raises HomeError where there is none."""
    home = Home(folder.absolute())
    if not home.log.is_file():
        raise HomeError(
            f"There is no graph in {home.folder}: it holds no {home.log.name}.",
            advice="Name its home with --home, or make one with `icgraph load`.",
        )
    return home


@contextmanager
def own(home: Home) -> Iterator[None]:
    """Hold the home's lock; raises HomeLocked when another process holds it.

    The lock belongs to the process: the kernel frees it however the process ends.
    """
    try:
        opened = (home.folder / "lock").open("a+", encoding="ascii")
    except OSError as error:
        raise HomeUnwritable(
            f"The lock of the home {home.folder} cannot be opened: {error.strerror or error}.",
            advice="Remove what stands in the place of the file `lock`.",
        ) from None
    with opened as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            lock.seek(0)
            holder = lock.read().strip() or "unknown"
            raise HomeLocked(
                f"Another icgraph process ({holder}) uses the home {home.folder}.",
                advice="Stop that process, or give this one a home of its own with --home.",
            ) from None
        lock.truncate(0)
        lock.write(f"pid {os.getpid()}")
        lock.flush()
        yield


def write_whole(path: Path, text: str) -> None:
    """Put a small text in a file so that a reader sees the old one or the new one, on disk."""
    beside = path.with_name(path.name + ".new")
    with beside.open("w", encoding="utf-8") as file:
        file.write(text)
        file.flush()
        os.fsync(file.fileno())
    beside.replace(path)
