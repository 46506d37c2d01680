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
from typing import IO, Any, Final

from icgraph.errors import ICGraphError, MemoryLimitExceeded
from icgraph.store.sandbox import forbid_network

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
        connection.sendall(_LENGTHS.pack(_BYTES, len(head), len(payload)) + head)
        if payload:
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
    header = json.loads(_exactly(connection, head_length))
    if kind == _FILE:
        return header, os.fdopen(descriptors[0], "rb")
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
    forbid_network()
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
            assert isinstance(body, bytes)  # files go one way only
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
