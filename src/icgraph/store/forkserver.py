"""A process that makes workers by forking itself, and holds in memory what they share.

    process with a pool ── asks for workers, gives them tasks
    └── fork server ── one thread, reads no untrusted text
        └── worker (several) ── does the tasks, may be killed

Forking takes milliseconds however large the graph is, and what the fork server read before
is shared by all workers until one of them changes it. Both ends are here: `serve` is the fork
server's life, `ForkServer` is how a pool speaks with it.
"""

import json
import os
import signal
import socket
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from typing import IO, Final

from icgraph.store.channel import Handle, Header, answer_tasks, die_with_parent, has_news
from icgraph.store.sandbox import forbid_network

#: Makes the fork server hold what a header describes; False when only a fresh one can.
Prepare = Callable[[Header], bool]

_MESSAGE_BYTES: Final = 65_536
#: What comes with a new worker: its connection and its standard error.
_DESCRIPTORS: Final = 2
_ANSWER_SECONDS: Final = 5
_ENDING_SECONDS: Final = 5
_PAUSE_SECONDS: Final = 0.005
_STDERR_BYTES: Final = 2000
#: Workers leave the processors to those who hand out work and answers, long tasks to all others.
_NICENESS: Final = 2
_LONG_NICENESS: Final = 15
#: Where `/proc/PID/stat` counts them, after the name (proc(5), field 10).
_MINOR_FAULTS: Final = 7
_PAGE_BYTES: Final = os.sysconf("SC_PAGE_SIZE")
#: With the number of a process, the clock of its processor time (Linux, `CPUCLOCK_SCHED`).
_PROCESSOR_CLOCK: Final = 2


def serve(handle: Handle, prepare: Prepare = lambda _: False) -> None:
    """Be the fork server that a `ForkServer` has started, until it closes.

    The workers do their tasks with `handle`; see `channel.answer_tasks`.
    """
    control = socket.socket(fileno=int(sys.argv[1]))
    die_with_parent(int(sys.argv[2]))
    forbid_network()
    os.nice(_NICENESS)
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C is for the parent, which ends its workers
    while message := control.recv(_MESSAGE_BYTES):
        request = json.loads(message)
        match request["do"]:
            case "prepare":
                state = request["state"]
                _reply(control, {"prepared": state is None or prepare(state)})
            case "fork":
                _fork(control, handle)
            case "reap":
                _reply(control, _reap(request["pid"]))


class Worker:
    """A worker, seen from its pool."""

    def __init__(
        self, server: "ForkServer", pid: int, connection: socket.socket, stderr: IO[bytes]
    ) -> None:
        self.server = server
        self.pid = pid
        self.connection = connection
        self._stderr = stderr
        self.makes_way = False
        self._ended: tuple[int | None, str] | None = None

    def alive(self) -> bool:
        """Whether it still listens; asked only between tasks."""
        return not has_news(self.connection, 0)

    def make_way(self) -> None:
        """Leave the processors to others that want them, from now on."""
        if not self.makes_way:
            self.makes_way = True
            with suppress(OSError):
                os.setpriority(os.PRIO_PROCESS, self.pid, _LONG_NICENESS)

    def keep_up(self) -> bool:
        """Be as quick as others again; False when the system forbids it (it needs CAP_SYS_NICE)."""
        if self.makes_way:
            with suppress(OSError):
                os.setpriority(os.PRIO_PROCESS, self.pid, _NICENESS)
                self.makes_way = False
        return not self.makes_way

    def processor_seconds(self) -> float:
        """How long it has worked in all; 0 when it has ended."""
        return _processor_seconds(self.pid)

    def own_memory(self) -> int:
        """How many bytes it may hold that it shares with nobody: the pages it touched first.

        Of what the fork server read, a worker copies each page to which it writes, and the
        engine writes to what it reads.
        """
        try:
            stat = Path(f"/proc/{self.pid}/stat").read_text(encoding="latin-1")
        except OSError:
            return 0
        return int(stat.rpartition(")")[2].split()[_MINOR_FAULTS]) * _PAGE_BYTES

    def kill(self) -> None:
        """Stop it at once; `ended` or `end` must follow."""
        # Its number is its own until the fork server reaps it, which only these ask for.
        if self._ended is None and self.server.alive():
            with suppress(ProcessLookupError):
                os.kill(self.pid, signal.SIGKILL)

    def ended(self) -> bool:
        """Whether it is gone, once it was killed, and what it held with it."""
        if self._ended is None:
            reaped, code = self.server.reap(self.pid)
            if not reaped:
                return False
            self.connection.close()
            with self._stderr as file:
                file.seek(max(0, file.seek(0, os.SEEK_END) - _STDERR_BYTES))
                self._ended = code, file.read().decode(errors="replace").strip()
        return True

    def end(self) -> int | None:
        """Stop it and wait; how it ended, negative for a signal, None if that is unknown."""
        self.kill()
        deadline = time.monotonic() + _ENDING_SECONDS
        while not self.ended() and time.monotonic() < deadline:
            time.sleep(_PAUSE_SECONDS)
        return self._ended[0] if self._ended else None

    def last_words(self) -> str:
        """The end of what it wrote to standard error, once it has ended."""
        return self._ended[1] if self._ended else ""


class ForkServer:
    """A fork server of the module `entry_point`, started by its name; see `serve`.

    Start all of one process from one thread that lasts: the kernel's "die with your parent"
    means that thread. Every method may raise OSError or EOFError when the process is gone; one
    that does not answer is killed, for its late answer would be taken for that to another
    question.
    """

    def __init__(self, entry_point: str, state: Header | None = None, *, patience: float) -> None:
        """Start it, and let it hold what `state` describes, if anything; see `prepared`.

        It may be idle for so many seconds of `patience` while it prepares.
        """
        self.state: Header | None = None
        self.preparing = False
        self._mute: list[int] = []
        self._lock = threading.Lock()
        self._control, theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
        self._control.settimeout(_ANSWER_SECONDS)
        self._stderr = tempfile.TemporaryFile()  # noqa: SIM115 - it lives as long as the process
        command = [sys.executable, "-m", entry_point, str(theirs.fileno()), str(os.getpid())]
        with theirs:
            self._process = subprocess.Popen(  # noqa: S603 - our own interpreter, our own module
                command,
                pass_fds=[theirs.fileno()],
                stdin=subprocess.DEVNULL,
                stdout=subprocess.DEVNULL,
                stderr=self._stderr,
            )
        self.begin_to_prepare(state, patience=patience)

    def alive(self) -> bool:
        """Whether the process runs."""
        return self._process.poll() is None

    def begin_to_prepare(self, state: Header | None, *, patience: float) -> None:
        """Ask it to hold what `state` describes; until `prepared`, it does nothing else."""
        self._asked_for, self._patience = state, patience
        self._worked, self._seen_at_work = 0.0, time.monotonic()
        with self._lock, suppress(OSError):  # `prepared` tells when the process is gone
            self.preparing = True
            self._send({"do": "prepare", "state": state})

    def prepared(self) -> bool | None:
        """Whether it holds now what it was asked to; None while it is at it.

        Raises TimeoutError when it does not get on.
        """
        with self._lock:
            if not has_news(self._control, 0):
                self._demand_progress()
                return None
            became = bool(self._receive()[0]["prepared"])
            self.preparing = False
        if became:
            self.state = self._asked_for
        return became

    def fork(self) -> Worker | None:
        """A new worker; None when this process has no descriptors left to speak with it."""
        self._mute = [pid for pid in self._mute if not self.reap(pid)[0]]
        with self._lock:
            self._send({"do": "fork"})
            reply, descriptors = self._receive()
        if len(descriptors) < _DESCRIPTORS:
            for descriptor in descriptors:
                os.close(descriptor)
            self._mute.append(reply["pid"])  # it ends, as nobody can speak with it
            return None
        connection, stderr = descriptors
        opened = os.fdopen(stderr, "rb")
        return Worker(self, reply["pid"], socket.socket(fileno=connection), opened)

    def reap(self, pid: int) -> tuple[bool, int | None]:
        """Whether a worker has ended, and how; None if that cannot be known any more."""
        with suppress(OSError, EOFError), self._lock:
            if self.preparing:
                return False, None
            self._send({"do": "reap", "pid": pid})
            reply = self._receive()[0]
            return reply["reaped"], reply["code"]
        return True, None

    def close(self) -> None:
        """End the process, and with it the workers it still has."""
        self.preparing = False
        self._process.kill()
        self._process.wait()
        self._control.close()
        self._stderr.close()

    def last_words(self) -> str:
        """The end of what it wrote to standard error."""
        self._stderr.seek(0)
        return self._stderr.read().decode(errors="replace")[-_STDERR_BYTES:].strip()

    def _demand_progress(self) -> None:
        now, worked = time.monotonic(), _processor_seconds(self._process.pid)
        if worked > self._worked:
            self._worked, self._seen_at_work = worked, now
        elif now - self._seen_at_work > self._patience:
            self._process.kill()
            raise TimeoutError(f"it prepares, and was idle for {self._patience:g} seconds")

    def _send(self, request: Header) -> None:
        self._control.send(json.dumps(request).encode())

    def _receive(self) -> tuple[Header, list[int]]:
        try:
            message, descriptors, _, _ = socket.recv_fds(
                self._control, _MESSAGE_BYTES, _DESCRIPTORS
            )
        except TimeoutError:
            self._process.kill()
            raise
        if not message:
            raise EOFError
        return json.loads(message), descriptors


def _reply(control: socket.socket, message: Header, descriptors: tuple[int, ...] = ()) -> None:
    socket.send_fds(control, [json.dumps(message).encode()], descriptors)


def _fork(control: socket.socket, handle: Handle) -> None:
    ours, theirs = socket.socketpair()
    with ours, theirs, tempfile.TemporaryFile() as stderr:
        server = os.getpid()
        pid = os.fork()
        if pid == 0:
            control.close()
            ours.close()
            os.dup2(stderr.fileno(), 2)
            _be_worker(theirs, server, handle)
        _reply(control, {"pid": pid}, (ours.fileno(), stderr.fileno()))


def _be_worker(connection: socket.socket, server: int, handle: Handle) -> None:
    """Never returns: what the fork server's stack still holds is not the worker's to undo."""
    code = 1
    try:
        die_with_parent(server)
        answer_tasks(connection, handle)
        code = 0
    except OSError:
        pass  # the pool is gone
    except BaseException:
        sys.excepthook(*sys.exc_info())
    finally:
        sys.stderr.flush()
        os._exit(code)


def _reap(pid: int) -> Header:
    try:
        found, status = os.waitpid(pid, os.WNOHANG)
    except ChildProcessError:
        return {"reaped": True, "code": None}
    code = os.waitstatus_to_exitcode(status) if found else None
    return {"reaped": bool(found), "code": code}


def _processor_seconds(pid: int) -> float:
    """How long a process has worked in all; 0 when it has ended."""
    try:
        return time.clock_gettime(~pid << 3 | _PROCESSOR_CLOCK)
    except OSError:
        return 0.0
