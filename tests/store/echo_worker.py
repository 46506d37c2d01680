"""A worker for tests: does what its task says."""

import os
import signal
import time

from icgraph.errors import InputError
from icgraph.store.channel import Header, Progress
from icgraph.store.forkserver import serve

_held: dict[str, object] = {}


def prepare(state: Header) -> bool:
    began = time.process_time()
    while time.process_time() - began < state.get("seconds", 0):
        pass
    _held.update(state)
    return True


def handle(header: Header, body: bytes, progress: Progress) -> tuple[Header, bytes]:
    began = time.process_time()
    match header["do"]:
        case "echo":
            return {"pid": os.getpid(), "parent": os.getppid(), "held": _held.get("revision")}, body
        case "refuse":
            raise InputError("That is wrong.", advice="Do better.", place=3)
        case "die":
            os.kill(os.getpid(), signal.SIGKILL)
        case "abort":
            os.abort()
        case "crash":
            raise RuntimeError("unforeseen")
        case "exhaust":
            raise MemoryError
        case "count":
            for number in range(3):
                progress("Counting", number + 1, 3)
        case "work":
            touched = bytes(header.get("bytes", 0)).replace(b"\0", b"1")
            while time.process_time() - began < header["seconds"]:
                pass
            nice = os.getpriority(os.PRIO_PROCESS, 0)
            return {"pid": os.getpid(), "nice": nice, "touched": len(touched)}, b""
        case "last":
            while True:
                time.sleep(1)
    return {}, b""


if __name__ == "__main__":
    serve(handle, prepare)
