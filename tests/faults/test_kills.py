"""kill -9 of anything: the service is whole after 5 s, or nothing of it is left after 2 s."""

import os
import re
import signal
import subprocess
from pathlib import Path

import pytest

from tests.conftest import ICGRAPH, Server, clean_environment, wait_until
from tests.faults.processes import (
    COUNT,
    descendants,
    http_processes,
    query_workers,
    query_workers_of,
    running,
    whole,
)

pytestmark = pytest.mark.alone


def test_a_killed_query_worker_is_replaced(own_server: Server) -> None:
    expected = own_server.query(COUNT).body
    victims = query_workers(own_server)[:1]
    for pid in victims:
        os.kill(pid, signal.SIGKILL)
    assert wait_until(lambda: whole(own_server, expected), 5)
    assert not set(victims) & set(query_workers(own_server))


def test_all_query_workers_killed_at_once_are_replaced(own_server: Server) -> None:
    expected = own_server.query(COUNT).body
    for pid in query_workers(own_server):
        os.kill(pid, signal.SIGKILL)
    assert wait_until(lambda: whole(own_server, expected), 5)


def test_a_killed_http_process_is_replaced_and_takes_its_workers_along(own_server: Server) -> None:
    expected = own_server.query(COUNT).body
    victim = http_processes(own_server)[0]
    orphans = query_workers_of(victim)
    os.kill(victim, signal.SIGKILL)
    assert wait_until(lambda: not any(running(pid) for pid in orphans), 2)
    assert wait_until(lambda: whole(own_server, expected), 5)


def test_http_processes_killed_again_and_again_come_back(own_server: Server) -> None:
    expected = own_server.query(COUNT).body
    for _ in range(3):
        for pid in http_processes(own_server):
            os.kill(pid, signal.SIGKILL)
        assert wait_until(lambda: whole(own_server, expected), 5)


def test_nothing_is_left_of_a_killed_supervisor_and_a_restart_is_whole(own_server: Server) -> None:
    expected = own_server.query(COUNT).body
    family = descendants(own_server.process.pid)
    assert len(family) >= 6
    own_server.process.kill()
    own_server.process.wait()
    assert wait_until(lambda: not any(running(pid) for pid in family), 2)
    again = Server(own_server.home).start()
    try:
        assert again.query(COUNT).body == expected
    finally:
        again.stop()


@pytest.mark.parametrize("signal_number", [signal.SIGINT, signal.SIGTERM])
def test_a_stopped_server_ends_all_its_processes(own_server: Server, signal_number: int) -> None:
    family = descendants(own_server.process.pid)
    own_server.process.send_signal(signal_number)
    assert own_server.process.wait(10) == 0
    assert wait_until(lambda: not any(running(pid) for pid in family), 2)


def killed_load(home: Path, after: float) -> None:
    process = subprocess.Popen(
        [ICGRAPH, "load", "--home", str(home)],
        env=clean_environment(),
        cwd=home.parent,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    try:
        process.wait(after)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()


def assert_all_or_nothing(home: Path) -> None:
    checked = subprocess.run(
        [ICGRAPH, "check", "--home", str(home)],
        env=clean_environment(),
        cwd=home.parent,
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert checked.returncode == 0, checked.stderr
    match = re.search(r"whole: revision (\d), (\d+) statements", checked.stdout)
    assert match
    assert match.groups() == ("0", "0") or (match[1] == "1" and int(match[2]) > 10_000)


@pytest.mark.parametrize("after", [0.4, 1.0, 2.0, 3.5])
def test_a_load_killed_at_any_moment_is_all_or_nothing(tmp_path: Path, after: float) -> None:
    killed_load(tmp_path / "home", after)
    assert_all_or_nothing(tmp_path / "home")
