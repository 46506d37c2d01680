"""Writing files all or not at all.

New contents lie in temporary files beside the old ones until all are complete; then each is
renamed into its place. An interruption before that leaves every old file as it was, and none
is heard while the renaming goes on.
"""

import os
import signal
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

from icgraph.errors import FileUnusable


def replace_files(contents: Mapping[Path, str]) -> None:
    """Write the texts in UTF-8 to their paths; raises FileUnusable with all files as they were."""
    written: dict[Path, Path] = {}
    try:
        for path, text in contents.items():
            written[path] = _write_beside(path, text)
        with _interruptions_held():
            for path, temporary in written.items():
                temporary.replace(path)
    except OSError as error:
        raise FileUnusable(
            f"{error.filename or 'A file'} cannot be written: {error.strerror or error}.",
            advice="Look at the folder's permissions and at the space left on the disk.",
        ) from None
    finally:
        for temporary in written.values():
            temporary.unlink(missing_ok=True)


def _write_beside(path: Path, text: str) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    temporary = path.with_name(f".{path.name}.{os.getpid()}.new")
    try:
        with temporary.open("wb") as file:
            file.write(text.encode())
            file.flush()
            os.fsync(file.fileno())
    except BaseException:
        temporary.unlink(missing_ok=True)
        raise
    return temporary


@contextmanager
def _interruptions_held() -> Iterator[None]:
    held = {signal.SIGINT, signal.SIGTERM}
    before = signal.pthread_sigmask(signal.SIG_BLOCK, held)
    try:
        yield
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, before)
