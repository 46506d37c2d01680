"""kill -9 in a loop while clients ask: no answer is ever wrong or cut, and nothing stays behind.

A sample of what `test_kills_at_length` does many times.
"""

import os
import random
import signal
from collections.abc import Callable

import pytest

from tests.conftest import Server, wait_until
from tests.faults.load import answers, under_load
from tests.faults.processes import (
    COUNT,
    answering,
    descendants,
    fork_servers,
    query_workers,
    running,
    whole,
)

pytestmark = pytest.mark.alone

CLIENTS = 4
ROUNDS = 3
PATIENCE = 20  # for processes to come back beside a load; how fast they do is in test_kills


PROCESSES = (
    2  # of HTTP; while a graph is read to memory, each has a second fork server for a moment
)


def kill_in_a_loop(server: Server, rounds: int, *sorts: Callable[[Server], list[int]]) -> None:
    """Kill one process of one of these sorts after another during load; all is well each time."""
    dice = random.Random(2026)
    expected = answers(server)
    with under_load(server, CLIENTS, expected) as tally:
        for _ in range(rounds):
            victims = dice.choice(sorts)
            there = victims(server)
            victim = dice.choice(there)
            os.kill(victim, signal.SIGKILL)
            right = tally.right
            assert wait_until(lambda right=right: tally.right >= right + 5, PATIENCE)
            assert wait_until(
                lambda victims=victims, there=there, victim=victim: (
                    not running(victim) and len(victims(server)) >= min(len(there), PROCESSES)
                ),
                PATIENCE,
            )
    assert tally.wrong == []
    # A killed process takes no more along than what was asked of it at that moment.
    assert sum(tally.failed.values()) <= rounds * CLIENTS
    assert wait_until(lambda: whole(server, expected[COUNT]), PATIENCE)


@pytest.mark.parametrize(
    "victims", [query_workers, fork_servers, answering], ids=lambda each: each.__name__
)
def test_no_answer_is_wrong_while_processes_are_killed(
    own_server: Server, victims: Callable[[Server], list[int]]
) -> None:
    kill_in_a_loop(own_server, ROUNDS, victims)


def test_a_killed_fork_server_takes_its_workers_along_and_is_replaced(own_server: Server) -> None:
    expected = own_server.query(COUNT).body
    victim = fork_servers(own_server)[0]
    orphans = query_workers(own_server)
    os.kill(victim, signal.SIGKILL)
    assert wait_until(lambda: whole(own_server, expected), 5)
    assert victim not in fork_servers(own_server)
    left = [pid for pid in orphans if running(pid)]
    assert set(left) <= set(query_workers(own_server))


def test_a_supervisor_killed_under_load_leaves_nothing_and_starts_again(
    own_server: Server,
) -> None:
    expected = answers(own_server)
    with under_load(own_server, CLIENTS, expected) as tally:
        assert wait_until(lambda: tally.right > 10, 10)
        family = descendants(own_server.process.pid)
        own_server.process.kill()
        own_server.process.wait()
        assert wait_until(lambda: not any(running(pid) for pid in family), 2)
    assert tally.wrong == []
    again = Server(own_server.home).start()
    try:
        assert answers(again) == expected
        assert not list((again.home / "spool").iterdir())
    finally:
        again.stop()
