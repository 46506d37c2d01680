"""The long proofs of `make prove`: many kills, at random moments, under load."""

import os
import random
import signal
import threading
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from tests.conftest import Server, wait_until
from tests.faults.processes import (
    COUNT,
    descendants,
    http_processes,
    query_workers,
    running,
    whole,
)
from tests.faults.test_kills import assert_all_or_nothing, killed_load

pytestmark = [pytest.mark.prove, pytest.mark.timeout(3600)]

LOADS = 100
ROUNDS = 100
CLIENTS = 4


@pytest.mark.parametrize("moment", range(LOADS))
def test_a_load_killed_at_any_of_many_moments_is_all_or_nothing(
    tmp_path: Path, moment: int
) -> None:
    killed_load(tmp_path / "home", 0.2 + 7 * moment / LOADS)
    assert_all_or_nothing(tmp_path / "home")


def test_no_answer_is_ever_wrong_while_processes_are_killed(own_server: Server) -> None:
    server = own_server
    expected = server.query(COUNT).body
    stop = threading.Event()

    def ask() -> tuple[int, int]:
        right = failed = 0
        while not stop.is_set():
            try:
                reply = server.query(COUNT)
            except OSError:
                failed += 1
                continue
            if reply.status == 200:
                assert reply.body == expected
                right += 1
            else:
                assert reply.status in {500, 503}
                failed += 1
        return right, failed

    dice = random.Random(2026)
    with ThreadPoolExecutor(CLIENTS) as clients:
        asking = [clients.submit(ask) for _ in range(CLIENTS)]
        try:
            for _ in range(ROUNDS):
                victims = dice.choice([query_workers, http_processes])(server)
                if victims:
                    os.kill(dice.choice(victims), signal.SIGKILL)
                assert wait_until(lambda: whole(server, expected), 5)
        finally:
            stop.set()
        right = sum(client.result()[0] for client in asking)
    assert right > ROUNDS


def test_a_killed_supervisor_leaves_nothing_behind_many_times(home: Path) -> None:
    expected = None
    for _ in range(20):
        server = Server(home).start()
        body = server.query(COUNT).body
        expected = expected or body
        assert body == expected
        family = descendants(server.process.pid)
        server.process.kill()
        server.process.wait()
        assert wait_until(lambda family=family: not any(running(pid) for pid in family), 2)
        server.stop()
