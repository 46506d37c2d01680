"""The processes of a server, as the kernel tells them.

supervisor ── HTTP process (two) ── fork server ── query worker (three)
"""

import itertools
import os
from pathlib import Path

from tests.conftest import Reply, Server

WORKERS = 6  # two HTTP processes, each with two query workers and one for long queries
COUNT = "SELECT (COUNT(*) AS ?n) WHERE { ?s ?p ?o }"


def children(pid: int) -> list[int]:
    try:
        text = Path(f"/proc/{pid}/task/{pid}/children").read_text()
    except FileNotFoundError:
        return []
    # Children started by other threads of the process are listed under those threads.
    for task in Path(f"/proc/{pid}/task").glob("*/children"):
        text += " " + task.read_text()
    return sorted({int(child) for child in text.split()})


def command(pid: int) -> str:
    try:
        return Path(f"/proc/{pid}/cmdline").read_text().replace("\0", " ")
    except (FileNotFoundError, ProcessLookupError):
        return ""


def descendants(pid: int) -> list[int]:
    found = children(pid)
    return found + [below for child in found for below in descendants(child)]


def http_processes(server: Server) -> list[int]:
    return [pid for pid in children(server.process.pid) if running(pid) and fork_servers_of(pid)]


def answering(server: Server) -> list[int]:
    """The HTTP processes that take connections."""
    port = int(server.address.rpartition(":")[2])
    return [pid for pid in http_processes(server) if _listens(pid, port)]


def _listens(pid: int, port: int) -> bool:
    try:
        rows = [line.split() for line in Path(f"/proc/{pid}/net/tcp").read_text().splitlines()[1:]]
        sockets = {
            f"socket:[{row[9]}]"
            for row in rows
            if row[3] == "0A" and int(row[1].rpartition(":")[2], 16) == port
        }
        return any(str(each.readlink()) in sockets for each in Path(f"/proc/{pid}/fd").iterdir())
    except (FileNotFoundError, ProcessLookupError):
        return False


def fork_servers_of(http_process: int) -> list[int]:
    return [child for child in children(http_process) if running(child) and _is_of_a_pool(child)]


def fork_servers(server: Server) -> list[int]:
    return [pid for each in http_processes(server) for pid in fork_servers_of(each)]


def query_workers_of(http_process: int) -> list[int]:
    return [
        worker
        for fork_server in fork_servers_of(http_process)
        for worker in children(fork_server)
        if running(worker)
    ]


def query_workers(server: Server) -> list[int]:
    return [pid for each in http_processes(server) for pid in query_workers_of(each)]


def _is_of_a_pool(pid: int) -> bool:
    return "icgraph.query.worker" in command(pid)


def running(pid: int) -> bool:
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    except (FileNotFoundError, ProcessLookupError):
        return False


_numbers = itertools.count()


def ask_anew(server: Server) -> Reply:
    """Ask COUNT in words that nobody used before, so that no answer is kept for them."""
    return server.query(f"{COUNT} # {os.getpid()}-{next(_numbers)}")


def whole(server: Server, expected: bytes) -> bool:
    """Many queries in a row are answered, by as many workers as there were."""
    try:
        return len(query_workers(server)) >= WORKERS and all(
            ask_anew(server).body == expected for _ in range(20)
        )
    except OSError:
        return False
