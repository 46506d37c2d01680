"""The processes of a service that answer HTTP, asking each other about their queries.

Each listens on a socket in `home/run`, in a thread of its own. One question, one answer, with
`store.channel`. A process that has died does not answer and has no queries; one that hangs
is named as silent, and costs the asker a second, no more.
"""

import os
import socket
import threading
import time
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from typing import Final

import structlog

from icgraph.query.place import Place
from icgraph.store.channel import Header, receive, send

_PEER_SECONDS: Final = 1
_ALL_SECONDS: Final = 2
_PAUSE_SECONDS: Final = 0.1
_log = structlog.get_logger(__name__)

Reply = Callable[[Header], Header]


class Peers:
    """The other processes of the service, and this one's ear for them."""

    def __init__(self, place: Place, reply: Reply) -> None:
        """Listen in a thread, and answer with `reply`."""
        self._place = place
        self._reply = reply
        self._folder = os.open(place.folder, os.O_RDONLY | os.O_DIRECTORY)
        self._listener = socket.socket(socket.AF_UNIX)
        (place.folder / place.socket()).unlink(missing_ok=True)
        self._listener.bind(self._address(place.socket()))
        self._listener.listen(16)
        self._closing = threading.Event()
        self._thread = threading.Thread(target=self._listen, name="peers", daemon=True)
        self._thread.start()

    def ask(self, question: Header) -> tuple[list[Header], list[int]]:
        """The answers of all others, and the places of those who are alive and silent."""
        answers: list[Header] = []
        silent: list[int] = []
        deadline = time.monotonic() + _ALL_SECONDS
        for path in sorted(self._place.folder.glob("*.sock")):
            if path.name == self._place.socket():
                continue
            seconds = max(0.01, min(_PEER_SECONDS, deadline - time.monotonic()))
            try:
                answers.append(self._ask(path, question, seconds))
            except (ConnectionError, FileNotFoundError, EOFError):
                continue  # it died, or dies
            except OSError:
                silent.append(int(path.stem))
        return answers, silent

    def _ask(self, path: Path, question: Header, seconds: float) -> Header:
        with socket.socket(socket.AF_UNIX) as connection:
            connection.settimeout(seconds)
            connection.connect(self._address(path.name))
            send(connection, question, b"")
            return receive(connection)[0]

    def _address(self, name: str) -> str:
        # By way of the open folder: the path of a socket may not be longer than 107 bytes.
        return f"/proc/self/fd/{self._folder}/{name}"

    def close(self) -> None:
        """Stop listening."""
        self._closing.set()
        with suppress(OSError):
            self._listener.shutdown(socket.SHUT_RDWR)
        self._thread.join()
        self._listener.close()
        (self._place.folder / self._place.socket()).unlink(missing_ok=True)
        os.close(self._folder)

    def _listen(self) -> None:
        while not self._closing.is_set():
            try:
                connection, _ = self._listener.accept()
            except OSError:  # no descriptor was free, or we are closing
                self._closing.wait(_PAUSE_SECONDS)
                continue
            with connection:
                self._answer(connection)

    def _answer(self, connection: socket.socket) -> None:
        try:
            connection.settimeout(_PEER_SECONDS)
            question, _ = receive(connection)
            send(connection, self._reply(question), b"")
        except (OSError, EOFError):
            return  # it did not wait for the answer
        except Exception as error:  # whatever one question is, the next one must be heard
            _log.error("a question of another process was not answered", error=repr(error))
