"""Starting a server, waiting until it answers, weighing it, and ending it with all its children."""

import contextlib
import os
import signal
import socket
import subprocess
import time
import urllib.error
import urllib.parse
import urllib.request
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path

from bench.load import ACCEPT

ENDING_SECONDS = 60


class NotStarted(Exception):
    """A server ended, or did not answer in time."""


@contextlib.contextmanager
def started(
    command: Sequence[object],
    endpoint: str,
    *,
    seconds: float,
    folder: Path,
    environment: Mapping[str, str] | None = None,
) -> Iterator[tuple[int, float]]:
    """The process group of a server that answers at its endpoint, and the seconds it needed.

    Raises NotStarted when it ends first, or does not answer within `seconds`.
    """
    began = time.monotonic()
    with (folder / "server.log").open("ab") as log:
        process = subprocess.Popen(
            [str(part) for part in command],
            stdout=log,
            stderr=log,
            cwd=folder,
            env={**os.environ, **(environment or {})},
            start_new_session=True,
        )
    try:
        while not answers(endpoint):
            if process.poll() is not None:
                raise NotStarted(f"ended with {process.returncode}")
            if time.monotonic() - began > seconds:
                raise NotStarted(f"did not answer within {seconds:g} s")
            time.sleep(0.02)
        yield process.pid, time.monotonic() - began
    finally:
        _end(process)


def _end(process: subprocess.Popen[bytes]) -> None:
    process.terminate()
    with contextlib.suppress(subprocess.TimeoutExpired):
        process.wait(ENDING_SECONDS)
    with contextlib.suppress(ProcessLookupError):
        os.killpg(process.pid, signal.SIGKILL)
    process.wait(ENDING_SECONDS)


def answers(endpoint: str) -> bool:
    """Whether a SPARQL endpoint answers the smallest query."""
    try:
        ask(endpoint, "SELECT ?one WHERE { VALUES ?one { 1 } }", seconds=5)
    except OSError:
        return False
    return True


def ask(endpoint: str, text: str, *, seconds: float) -> bytes:
    """The answer to one query as JSON; raises OSError when there is none, or in time."""
    request = urllib.request.Request(
        f"{endpoint}?{urllib.parse.urlencode({'query': text})}", headers={"Accept": ACCEPT}
    )
    with urllib.request.urlopen(request, timeout=seconds) as response:
        body: bytes = response.read()
    return body


def free_port() -> int:
    """A port of loopback that nobody listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


def memory(process: int) -> int:
    """What a process and all below it hold, in bytes: proportional set size, shared pages once."""
    parents: dict[int, list[int]] = {}
    for entry in Path("/proc").iterdir():
        with contextlib.suppress(OSError, ValueError):
            status = (entry / "stat").read_text().rsplit(")", 1)[1].split()
            parents.setdefault(int(status[1]), []).append(int(entry.name))
    total, waiting = 0, [process]
    while waiting:
        each = waiting.pop()
        waiting += parents.get(each, [])
        with contextlib.suppress(OSError):
            for line in Path(f"/proc/{each}/smaps_rollup").read_text().splitlines():
                if line.startswith("Pss:"):
                    total += 1024 * int(line.split()[1])
    return total
