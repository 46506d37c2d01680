"""A pool keeps its workers, whatever becomes of them and of the process it is in."""

import os
import signal
import socket

from icgraph.store.keeper import Keeper
from icgraph.store.pool import Pool
from tests.conftest import wait_until

ENTRY_POINT = "tests.store.echo_worker"


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
