"""How a process and its worker speak: one message each way, a JSON header and a body of bytes.

No pickling: a worker has run untrusted text, so what it says is data and nothing else.
Both sides import this module; it knows no task.
"""

import ctypes
import json
import os
import signal
import socket
import struct
import sys
from collections.abc import Callable
from typing import Any, Final

from icgraph.errors import ICGraphError, MemoryLimitExceeded

Header = dict[str, Any]
Progress = Callable[[str, int, int], None]
Handle = Callable[[Header, bytes, Progress], tuple[Header, bytes]]

_LENGTHS: Final = struct.Struct("!IQ")
_PR_SET_PDEATHSIG: Final = 1


def send(connection: socket.socket, header: Header, body: bytes) -> None:
    """Send one message; raises OSError when the other side is gone."""
    head = json.dumps(header).encode()
    connection.sendall(_LENGTHS.pack(len(head), len(body)) + head)
    if body:
        connection.sendall(body)


def receive(connection: socket.socket) -> tuple[Header, bytes]:
    """Receive one message; raises EOFError when the other side is gone, TimeoutError when late."""
    head_length, body_length = _LENGTHS.unpack(_exactly(connection, _LENGTHS.size))
    header = json.loads(_exactly(connection, head_length))
    return header, bytes(_exactly(connection, body_length))


def serve(handle: Handle) -> None:
    """Be a worker: answer the messages of the socket named on the command line, until it closes.

    `handle` gets the header, the body and a function that tells how far it is: a label, how
    many are done, of how many. An ICGraphError travels back as the answer; anything else ends
    the worker, and the pool reports that for the one task. Memory that runs out is answered
    too, then the worker ends, because nothing can be trusted after it; `last` says so.
    """
    descriptor, parent = int(sys.argv[1]), int(sys.argv[2])
    die_with_parent(parent)
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C is for the parent, which ends its workers
    with socket.socket(fileno=descriptor) as connection:

        def progress(label: str, done: int, total: int) -> None:
            send(connection, {"progress": [label, done, total]}, b"")

        send(connection, {"ready": True}, b"")
        while True:
            try:
                header, body = receive(connection)
            except EOFError:
                return
            send(connection, {"started": True}, b"")
            try:
                answer, payload = handle(header, body, progress)
            except ICGraphError as error:
                answer, payload = {"error": error.to_json()}, b""
            except MemoryError:
                refusal = MemoryLimitExceeded("The task needed more memory than allowed.")
                send(connection, {"error": refusal.to_json(), "last": True}, b"")
                raise
            send(connection, answer, payload)


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
