"""A pool keeps its workers, whatever becomes of them and of the process it is in."""

import os
import signal
import socket

import pytest

from icgraph.errors import WorkerDied
from icgraph.store import forkserver, keeper
from icgraph.store.keeper import Keeper
from icgraph.store.pool import Pool
from tests.conftest import wait_until

ENTRY_POINT = "tests.store.echo_worker"


@pytest.fixture
def impatience(monkeypatch):
    """A pool that gives up sooner."""
    monkeypatch.setattr(forkserver, "_ANSWER_SECONDS", 0.3)
    monkeypatch.setattr(keeper, "_IDLE_SECONDS", 2)


def held(pool: Pool) -> object:
    return pool.run({"do": "echo"}, seconds=10)[0]["held"]


def server_of(pool: Pool) -> int:
    server = pool.run({"do": "echo"}, seconds=10)[0]["parent"]
    assert isinstance(server, int)
    return server


def answers_without(pool: Pool, lost: int) -> bool:
    """Whether the pool answers from a server that is not the lost one."""
    try:
        return server_of(pool) != lost
    except WorkerDied:
        return False


def workers(keeper: Keeper) -> list[int]:
    return [worker.pid for worker in list(keeper._workers)]


def test_every_idle_worker_that_dies_is_replaced_though_nobody_asks() -> None:
    with Pool(ENTRY_POINT, size=3) as pool:
        keeper = pool._keeper
        assert wait_until(lambda: keeper._idle.qsize() == 3, 5)
        asked_last = keeper._idle.queue[0].pid
        os.kill(asked_last, signal.SIGKILL)
        assert wait_until(lambda: asked_last not in workers(keeper), 5)
        assert wait_until(lambda: len(workers(keeper)) == 3, 5)


def test_workers_come_back_when_there_are_descriptors_again(monkeypatch) -> None:
    receive, lost = socket.recv_fds, []

    def without_descriptors(*arguments):
        message, descriptors, flags, address = receive(*arguments)
        lost.append(len(descriptors))
        for descriptor in descriptors:
            os.close(descriptor)
        return message, [], flags, address

    with Pool(ENTRY_POINT, size=1) as pool:
        pid = pool.run({"do": "echo"}, seconds=10)[0]["pid"]
        monkeypatch.setattr("socket.recv_fds", without_descriptors)
        os.kill(pid, signal.SIGKILL)
        assert wait_until(lambda: lost.count(2) > 1, 5)
        monkeypatch.undo()
        assert pool.run({"do": "echo"}, b"here", seconds=10)[1] == b"here"


def test_a_state_that_cannot_be_told_for_a_moment_does_not_end_the_pool() -> None:
    told: list[None] = []

    def state() -> None:
        told.append(None)
        if len(told) < 3:
            raise ValueError("half written")

    with Pool(ENTRY_POINT, size=1, state=state) as pool:
        assert pool.run({"do": "echo"}, b"here", seconds=10)[1] == b"here"


def test_a_server_that_hangs_is_replaced_once_a_worker_is_missing(impatience) -> None:
    with Pool(ENTRY_POINT, size=2) as pool:
        told = pool.run({"do": "echo"}, seconds=10)[0]
        os.kill(told["parent"], signal.SIGSTOP)
        os.kill(told["pid"], signal.SIGKILL)
        assert wait_until(lambda: answers_without(pool, told["parent"]), 5)


def test_a_change_that_takes_longer_than_any_answer_does_not_end_the_server(impatience) -> None:
    wanted = {"revision": 1}
    with Pool(ENTRY_POINT, size=1, state=lambda: dict(wanted)) as pool:
        assert wait_until(lambda: held(pool) == 1, 5)
        server = server_of(pool)
        wanted.update(revision=2, seconds=1)
        assert wait_until(lambda: pool._keeper._server.preparing, 5)
        assert pool.held() == {"revision": 1}
        assert server_of(pool) == server
        assert wait_until(lambda: pool.held() == wanted, 10)
        os.kill(pool.run({"do": "echo"}, seconds=10)[0]["pid"], signal.SIGKILL)
        assert wait_until(lambda: held(pool) == 2, 5)
        assert server_of(pool) == server


def test_a_server_that_hangs_while_it_follows_a_change_is_replaced(impatience) -> None:
    wanted = {"revision": 1}
    with Pool(ENTRY_POINT, size=1, state=lambda: dict(wanted)) as pool:
        assert wait_until(lambda: held(pool) == 1, 5)
        os.kill(server_of(pool), signal.SIGSTOP)
        wanted["revision"] = 2
        assert wait_until(lambda: pool.held() == wanted, 10)
