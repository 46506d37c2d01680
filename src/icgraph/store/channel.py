"""How a process and its worker speak: one message each way, a JSON header and a body of bytes.

No pickling: a worker has run untrusted text, so what it says is data and nothing else.
Both sides import this module; it knows no task.
"""

import ctypes
import json
import os
import select
import signal
import socket
import struct
from collections.abc import Callable
from typing import IO, Any, Final

from icgraph.errors import ICGraphError, MemoryLimitExceeded

Header = dict[str, Any]
Progress = Callable[[str, int, int], None]
Payload = bytes | IO[bytes]
Handle = Callable[[Header, bytes, Progress], tuple[Header, Payload]]

_LENGTHS: Final = struct.Struct("!BIQ")
_BYTES: Final = 0
_FILE: Final = 1
_PR_SET_PDEATHSIG: Final = 1


def send(connection: socket.socket, header: Header, payload: Payload) -> None:
    """Send one message; raises OSError when the other side is gone.

    A file is handed over as a descriptor and closed here: it needs no name on disk, so
    nothing is left of it however either side ends.
    """
    head = json.dumps(header).encode()
    if isinstance(payload, bytes):
        message = _LENGTHS.pack(_BYTES, len(head), len(payload)) + head
        if len(payload) < 65_536:  # one system call, one wake of the reader
            connection.sendall(message + payload)
        else:
            connection.sendall(message)
            connection.sendall(payload)
    else:
        with payload:
            prefix = _LENGTHS.pack(_FILE, len(head), 0)
            sent = socket.send_fds(connection, [prefix], [payload.fileno()])
            connection.sendall(prefix[sent:] + head)


def receive(connection: socket.socket) -> tuple[Header, Payload]:
    """Receive one message; raises EOFError when the other side is gone, TimeoutError when late."""
    prefix, descriptors, _, _ = socket.recv_fds(connection, _LENGTHS.size, 1)
    if not prefix:
        raise EOFError
    prefix += _exactly(connection, _LENGTHS.size - len(prefix))
    kind, head_length, body_length = _LENGTHS.unpack(prefix)
    rest = _exactly(connection, head_length + body_length)
    header = json.loads(rest[:head_length])
    if kind == _FILE:
        return header, os.fdopen(descriptors[0], "rb")
    del rest[:head_length]
    return header, bytes(rest)


def has_news(connection: socket.socket, seconds: float) -> bool:
    """Whether a message, or the end of the other side, comes within so many seconds."""
    poll = select.poll()
    poll.register(connection, select.POLLIN)
    return bool(poll.poll(max(0.0, seconds) * 1000))


def answer_tasks(connection: socket.socket, handle: Handle) -> None:
    """Be a worker: answer the messages of the connection, until its other side closes.

    `handle` gets the header, the body and a function that tells how far it is: a label, how
    many are done, of how many. An ICGraphError travels back as the answer; anything else ends
    the worker, and the pool reports that for the one task. An answer whose header has `last`
    is the worker's last; so is memory that runs out, because nothing can be trusted after it.
    """

    def progress(label: str, done: int, total: int) -> None:
        send(connection, {"progress": [label, done, total]}, b"")

    while True:
        try:
            header, body = receive(connection)
        except EOFError:
            return
        assert isinstance(body, bytes)  # files go one way only
        try:
            answer, payload = handle(header, body, progress)
        except ICGraphError as error:
            answer, payload = {"error": error.to_json()}, b""
        except MemoryError:
            refusal = MemoryLimitExceeded("The task needed more memory than allowed.")
            send(connection, {"error": refusal.to_json(), "last": True}, b"")
            raise
        send(connection, answer, payload)
        if answer.get("last"):
            return


def die_with_parent(parent: int) -> None:
    """Ask the kernel to end this process when its parent ends; end now if it has already."""
    ctypes.CDLL(None, use_errno=True).prctl(_PR_SET_PDEATHSIG, signal.SIGKILL)
    if os.getppid() != parent:
        os._exit(1)


def _exactly(connection: socket.socket, length: int) -> bytearray:
    received = bytearray(length)
    view = memoryview(received)
    while view:
        count = connection.recv_into(view)
        if not count:
            raise EOFError
        view = view[count:]
    return received
