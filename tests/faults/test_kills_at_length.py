"""The long proofs of `make prove`: many kills, at random moments, under load."""

from pathlib import Path

import pytest

from tests.conftest import Server, wait_until
from tests.faults.processes import (
    COUNT,
    answering,
    descendants,
    fork_servers,
    query_workers,
    running,
)
from tests.faults.test_kills import assert_all_or_nothing, killed_load
from tests.faults.test_kills_under_load import kill_in_a_loop

pytestmark = [pytest.mark.prove, pytest.mark.timeout(3600)]

LOADS = 100
ROUNDS = 150


@pytest.mark.parametrize("moment", range(LOADS))
def test_a_load_killed_at_any_of_many_moments_is_all_or_nothing(
    tmp_path: Path, moment: int
) -> None:
    killed_load(tmp_path / "home", 0.2 + 7 * moment / LOADS)
    assert_all_or_nothing(tmp_path / "home")


def test_no_answer_is_ever_wrong_while_processes_are_killed(own_server: Server) -> None:
    kill_in_a_loop(own_server, ROUNDS, query_workers, fork_servers, answering)


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
