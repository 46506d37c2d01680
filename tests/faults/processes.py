"""The processes of a server, as the kernel tells them."""

from pathlib import Path

from tests.conftest import Server

WORKERS = 4  # two HTTP processes with two query workers each
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
    return [pid for pid in children(server.process.pid) if query_workers_of(pid)]


def query_workers_of(pid: int) -> list[int]:
    return [child for child in children(pid) if "icgraph.query.worker" in command(child)]


def query_workers(server: Server) -> list[int]:
    return [
        pid for pid in descendants(server.process.pid) if "icgraph.query.worker" in command(pid)
    ]


def running(pid: int) -> bool:
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    except (FileNotFoundError, ProcessLookupError):
        return False


def whole(server: Server, expected: bytes) -> bool:
    """Many queries in a row are answered, by as many workers as there were."""
    try:
        return len(query_workers(server)) == WORKERS and all(
            server.query(COUNT).body == expected for _ in range(20)
        )
    except OSError:
        return False
