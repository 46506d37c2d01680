"""Watches without a server: in this process, and in others that can be killed."""

import subprocess
import sys
from pathlib import Path

import pytest

from icgraph.query.place import take_place
from icgraph.query.watch import Watch
from icgraph.store.tasks import Task


@pytest.fixture
def task():
    return Task()


@pytest.fixture
def run_folder(tmp_path: Path) -> Path:
    """A folder like home/run, with a path longer than a socket's may be."""
    folder = tmp_path / ("long" * 40) / "run"
    folder.mkdir(parents=True)
    return folder


@pytest.fixture
def two_watches(run_folder: Path):
    """The watches of two processes of one service."""
    watches = [Watch(place=take_place(run_folder)) for _ in range(2)]
    yield watches
    for watch in watches:
        watch.close()


@pytest.fixture
def other_process(run_folder: Path):
    """Start a process of the service that runs the given lines, says so, and waits to be killed.

    The lines find `watch`, `task` and `folder`.
    """
    begin = (
        "import sys\n"
        "from pathlib import Path\n"
        "from icgraph.query.place import take_place\n"
        "from icgraph.query.watch import Watch\n"
        "from icgraph.store.tasks import Task\n"
        "folder, task = Path(sys.argv[1]), Task()\n"
        "watch = Watch(place=take_place(folder))\n"
    )
    started: list[subprocess.Popen[str]] = []

    def start(lines: str) -> subprocess.Popen[str]:
        program = f"{begin}{lines}\nprint('here', flush=True)\nsys.stdin.read()"
        process = subprocess.Popen(
            [sys.executable, "-c", program, str(run_folder)],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
            cwd=Path(__file__).parents[2],
        )
        started.append(process)
        assert process.stdout is not None
        assert process.stdout.readline() == "here\n"
        return process

    yield start
    for process in started:
        kill(process)


def kill(process: subprocess.Popen[str]) -> None:
    process.kill()
    process.wait()
    for pipe in (process.stdin, process.stdout):
        assert pipe is not None
        pipe.close()
