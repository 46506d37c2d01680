"""Backups: all of a home that cannot be made again, in one file, and a home made from one.

A backup is a tar archive: `manifest.json` first, with the revision it holds and the SHA-256 of
each file, then the change log and the tokens, copied by SQLite while they are in use. What it
holds is verified before it counts. A backup, or a home that is restored, is made beside its place
and moved there in one step when all of it is on disk: there is no half one.
"""

import fcntl
import json
import os
import shutil
import sqlite3
import tarfile
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from datetime import datetime
from hashlib import file_digest, sha256
from io import BytesIO
from pathlib import Path
from typing import IO, Any, Final

from icgraph.errors import FileUnusable, HomeError, HomeUnwritable, LogDamaged
from icgraph.store.channel import Progress
from icgraph.store.derived import database_damage
from icgraph.store.home import Home
from icgraph.store.log import open_log

FORMAT: Final = "icgraph backup 1"
_MANIFEST: Final = "manifest.json"
_MANIFEST_BYTES: Final = 65_536
_NEW: Final = ".new"
_BLOCK: Final = 1_048_576


@dataclass(frozen=True, slots=True)
class Backup:
    """What a backup holds: the newest revision and its hash, and the base of its IRIs."""

    revision: int
    hash: str
    base: str


def make_backup(home: Home, file: Path, *, made: datetime, progress: Progress) -> Backup:
    """Write a backup of a home into a file that is not there yet; others may use the home.

    Raises FileUnusable when it is there or cannot be written, LogDamaged when what would be
    kept is damaged, so that nobody takes such a thing for a backup.
    """
    file = file.absolute()
    _refuse_existing(file)
    with _naming_failure(file), _workplace(file, mode=0o700) as work:
        copies = Home(work)
        for source in home.kept:
            if source.exists():
                progress(f"Copying {source.name}", 0, 1)
                _copy_database(source, work / source.name)
        try:
            backup = _verified(copies, progress)
        except LogDamaged as error:
            detail = error.detail.replace(str(copies.log), str(home.log))
            raise LogDamaged(detail, advice=error.advice) from None
        archive = work / "archive"
        _write_archive(archive, copies, backup, made)
        _refuse_existing(file)
        archive.rename(file)
        _flush(file.parent)
    return backup


def restore_backup(file: Path, folder: Path, *, progress: Progress) -> Backup:
    """Make a home from a backup, in a folder that is empty or not there yet.

    What is derived is made again when it is served. Raises HomeError for a folder that is in
    use, FileUnusable for what is no backup or not whole, LogDamaged for one whose log is not.
    """
    folder = folder.resolve()
    _refuse_occupied(folder)
    with _naming_unwritable(folder):
        folder.parent.mkdir(parents=True, exist_ok=True)
        with _workplace(folder, mode=0o777) as work:
            expected = _unpack(file, Home(work), progress)
            try:
                found = _verified(Home(work), progress)
            except LogDamaged as error:
                detail = error.detail.replace(str(Home(work).log), str(file))
                raise LogDamaged(detail, advice="Take an earlier backup.") from None
            if found != expected:
                raise LogDamaged(
                    f"The backup {file} holds revision {found.revision} of {found.base}, "
                    f"but says that it is revision {expected.revision} of {expected.base}.",
                    advice="Take an earlier backup.",
                )
            for path in work.iterdir():
                _flush(path)
            _flush(work)
            work.rename(folder)
            _flush(folder.parent)
    return found


def _refuse_existing(file: Path) -> None:
    if file.exists():
        raise FileUnusable(
            f"{file} is there already, and is not overwritten.", advice="Give another name."
        )


def _refuse_occupied(folder: Path) -> None:
    if folder.exists() and not (folder.is_dir() and not any(folder.iterdir())):
        raise HomeError(
            f"The home {folder} is not empty; a backup is not restored over anything.",
            advice="Give another directory with --home, or move this one away.",
        )
    if folder.is_mount():
        raise HomeError(
            f"The home {folder} is a file system of its own, which cannot be put in place at once.",
            advice="Give a directory within it with --home, and serve from that.",
        )


@contextmanager
def _workplace(final: Path, *, mode: int) -> Iterator[Path]:
    """A folder beside what is to be made; what a killed process left there is swept."""
    folder = final.with_name(final.name + _NEW)
    folder.mkdir(mode=mode, exist_ok=True)
    descriptor = os.open(folder, os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC)
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        os.close(descriptor)
        raise FileUnusable(
            f"Another process is making {final} just now.", advice="Wait for it."
        ) from None
    try:
        for leftover in folder.iterdir():
            leftover.unlink()
        yield folder
    finally:
        shutil.rmtree(folder, ignore_errors=True)
        os.close(descriptor)


def _copy_database(source: Path, target: Path) -> None:
    """A copy as of one moment, in one file, whoever writes meanwhile."""
    with (
        closing(sqlite3.connect(f"{source.as_uri()}?mode=ro", uri=True, timeout=30)) as opened,
        closing(sqlite3.connect(target)) as copy,
    ):
        opened.backup(copy)
        copy.execute("PRAGMA journal_mode=DELETE").close()


def _verified(home: Home, progress: Progress) -> Backup:
    """What the files of a home hold, every revision checked; the home is nobody else's."""
    if damage := database_damage(home.tokens):
        raise HomeError(
            f"The tokens are damaged: {damage}.",
            advice="Remove tokens.sqlite, and make new ones.",
        )
    with closing(open_log(home.log, None)) as log:
        head, hash_ = log.head(), "0" * 64
        for revision in log.read_written():
            hash_ = revision.hash
            progress("Checking revisions", revision.number, head)
        base = log.base
    with closing(sqlite3.connect(home.log)) as closed:
        closed.execute("PRAGMA journal_mode=DELETE").close()  # all of it is in the one file
    return Backup(head, hash_, base)


def _write_archive(archive: Path, home: Home, backup: Backup, made: datetime) -> None:
    paths = [path for path in home.kept if path.exists()]
    manifest = {
        "format": FORMAT,
        "made": made.isoformat(),
        "revision": backup.revision,
        "hash": backup.hash,
        "base": backup.base,
        "files": [
            {"name": path.name, "size": path.stat().st_size, "sha256": _digest(path)}
            for path in paths
        ],
    }
    text = json.dumps(manifest, indent=2).encode()
    descriptor = os.open(archive, os.O_CREAT | os.O_EXCL | os.O_WRONLY | os.O_CLOEXEC, 0o600)
    with open(descriptor, "wb") as written:  # noqa: PTH123 - a descriptor has no path
        with tarfile.open(fileobj=written, mode="w") as tar:
            tar.addfile(_member(_MANIFEST, len(text), made), BytesIO(text))
            for path in paths:
                with path.open("rb") as content:
                    tar.addfile(_member(path.name, path.stat().st_size, made), content)
        written.flush()
        os.fsync(written.fileno())


def _member(name: str, size: int, made: datetime) -> tarfile.TarInfo:
    member = tarfile.TarInfo(name)
    member.size, member.mode, member.mtime = size, 0o600, int(made.timestamp())
    return member


def _unpack(file: Path, home: Home, progress: Progress) -> Backup:
    """Put the files of a backup into a folder, each held to its checksum.

    The archive may be anything: only files that a home has are taken, by their names here.
    """
    places = {path.name: path for path in home.kept}
    try:
        with tarfile.open(file, "r:") as tar:
            manifest = _manifest(tar)
            for described in manifest["files"]:
                place = places.pop(described["name"])
                progress(f"Unpacking {place.name}", 0, 1)
                _unpack_file(tar, described, place, private=place == home.tokens)
            if home.log.name in places:
                raise KeyError(home.log.name)
            return Backup(int(manifest["revision"]), manifest["hash"], manifest["base"])
    except (tarfile.TarError, EOFError, KeyError, TypeError, ValueError) as error:
        raise FileUnusable(
            f"{file} is no backup of icgraph, or not whole: {error}.",
            advice="Take another; `icgraph backup` makes them.",
        ) from None
    except FileNotFoundError:
        raise FileUnusable(f"There is no file {file}.", advice="Look at its name.") from None


def _manifest(tar: tarfile.TarFile) -> dict[str, Any]:
    member = tar.next()
    if member is None or member.name != _MANIFEST or member.size > _MANIFEST_BYTES:
        raise ValueError("it does not begin with a manifest")
    manifest: dict[str, Any] = json.loads(_content(tar, member).read())
    if manifest["format"] != FORMAT:
        raise ValueError(f"its format is {manifest['format']}, not {FORMAT}")
    return manifest


def _unpack_file(
    tar: tarfile.TarFile, described: dict[str, Any], place: Path, *, private: bool
) -> None:
    member = tar.next()
    if member is None or (member.name, member.size) != (described["name"], described["size"]):
        raise ValueError(f"{described['name']} is missing or cut short")
    digest, content = sha256(), _content(tar, member)
    mode = 0o600 if private else 0o666
    descriptor = os.open(place, os.O_CREAT | os.O_EXCL | os.O_WRONLY | os.O_CLOEXEC, mode)
    with open(descriptor, "wb") as written:  # noqa: PTH123 - a descriptor has no path
        while block := content.read(_BLOCK):
            digest.update(block)
            written.write(block)
    if digest.hexdigest() != described["sha256"]:
        raise ValueError(f"{place.name} does not match its checksum")


def _content(tar: tarfile.TarFile, member: tarfile.TarInfo) -> IO[bytes]:
    content = tar.extractfile(member) if member.isfile() else None
    if content is None:
        raise ValueError(f"{member.name} is no file")
    return content


def _digest(path: Path) -> str:
    with path.open("rb") as file:
        return file_digest(file, "sha256").hexdigest()


def _flush(path: Path) -> None:
    """See that a file, or the names in a folder, are on disk."""
    descriptor = os.open(path, os.O_RDONLY | os.O_CLOEXEC)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


@contextmanager
def _naming_failure(file: Path) -> Iterator[None]:
    try:
        yield
    except (OSError, sqlite3.Error, HomeUnwritable) as error:
        raise FileUnusable(
            f"The backup {file} cannot be made: {_reason(error)}.",
            advice="Look at the free space and the permissions there; it takes twice its size.",
        ) from None


@contextmanager
def _naming_unwritable(folder: Path) -> Iterator[None]:
    try:
        yield
    except (OSError, sqlite3.Error) as error:
        raise HomeUnwritable(
            f"The home {folder} cannot be made: {_reason(error)}.",
            advice="Look at the free space and the permissions there.",
        ) from None


def _reason(error: Exception) -> str:
    return getattr(error, "strerror", None) or str(error)
