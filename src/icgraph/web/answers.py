"""What a WSGI application answered, ready to be sent by an event loop.

A small answer is taken as a whole; a large one of known length is taken block by block. One
whose length the application does not tell is gathered first, on disk when it is large: without
a length nobody could tell a cut answer from a whole one.
"""

import tempfile
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final
from wsgiref.types import WSGIApplication

LARGEST: Final = 1_048_576
_BLOCK: Final = 65_536
_BODYLESS: Final = frozenset((204, 304))

Headers = list[tuple[bytes, bytes]]


@dataclass(frozen=True, slots=True)
class Answer:
    """An answer with a whole `body`, or with `blocks` of it still to be taken, then to `close`."""

    status: int
    headers: Headers
    body: bytes
    blocks: Iterator[bytes] | None
    close: Callable[[], object]


def ask(application: WSGIApplication, environ: dict[str, Any], spool: Path) -> Answer:
    """What the application answers to a request; takes as long as the application does."""
    start = _Start()
    said = application(environ, start)
    close: Callable[[], object] = getattr(said, "close", _nothing)
    head = environ["REQUEST_METHOD"] == "HEAD"
    if start.length is not None and start.length > LARGEST and not head:
        return Answer(start.status, start.headers, b"", iter(said), close)
    try:
        if start.length is not None or head or start.status in _BODYLESS:
            return Answer(start.status, start.headers, b"".join(said), None, _nothing)
        return _gathered(start, said, spool)
    finally:
        close()


def _gathered(start: "_Start", said: Iterable[bytes], spool: Path) -> Answer:
    file = tempfile.SpooledTemporaryFile(LARGEST, dir=str(spool))  # noqa: SIM115 - closed when sent
    try:
        file.writelines(said)
        length = file.tell()
        file.seek(0)
    except BaseException:
        file.close()
        raise
    headers = [*start.headers, (b"content-length", str(length).encode())]
    blocks = iter(lambda: file.read(_BLOCK), b"")
    return Answer(start.status, headers, b"", blocks, file.close)


class _Start:
    """The `start_response` of one request (PEP 3333)."""

    def __init__(self) -> None:
        self.status = 500
        self.headers: Headers = []
        self.length: int | None = None

    def __call__(
        self, status: str, headers: list[tuple[str, str]], exc_info: object = None, /
    ) -> Callable[[bytes], object]:
        self.status = int(status[:3])
        self.headers = [
            (name.lower().encode("latin-1"), value.encode("latin-1")) for name, value in headers
        ]
        length = next((value for name, value in self.headers if name == b"content-length"), None)
        self.length = None if length is None else int(length)
        return _no_write


def _no_write(_data: bytes, /) -> None:
    raise NotImplementedError("answers are returned, not written")


def _nothing() -> None:
    pass
