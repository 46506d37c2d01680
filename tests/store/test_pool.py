import os
import signal
import subprocess
import sys
import textwrap
import threading
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from icgraph.errors import (
    InputError,
    MemoryLimitExceeded,
    QueryStopped,
    QueueFull,
    TimeLimitExceeded,
    WorkerDied,
)
from icgraph.store.pool import LongTasks, Pool
from icgraph.store.tasks import Task

ENTRY_POINT = "tests.store.echo_worker"
SHORT_NICENESS = os.nice(0) + 2


@pytest.fixture(scope="module")
def pool() -> Iterator[Pool]:
    with Pool(ENTRY_POINT, size=1, waiting=4) as made:
        yield made


def may_raise_priorities() -> bool:
    lines = Path("/proc/self/status").read_text().splitlines()
    held = next(line.split()[1] for line in lines if line.startswith("CapEff:"))
    return bool(int(held, 16) & 1 << 23)  # CAP_SYS_NICE


def alive(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    return True


def wait_until(condition, seconds: float = 5) -> bool:
    deadline = time.monotonic() + seconds
    pause = threading.Event()
    while not condition() and time.monotonic() < deadline:
        pause.wait(0.01)
    return bool(condition())


def test_a_body_of_any_bytes_comes_back(pool: Pool) -> None:
    body = bytes(range(256)) * 5000
    assert pool.run({"do": "echo"}, body, seconds=10)[1] == body


def test_an_error_of_the_task_keeps_its_class_and_members(pool: Pool) -> None:
    with pytest.raises(InputError, match="Do better") as caught:
        pool.run({"do": "refuse"}, seconds=10)
    assert caught.value.members == {"place": 3}


def test_a_task_can_tell_how_far_it_is(pool: Pool) -> None:
    told: list[tuple[str, int, int]] = []
    pool.run({"do": "count"}, seconds=10, progress=lambda *how_far: told.append(how_far))
    assert told == [("Counting", 1, 3), ("Counting", 2, 3), ("Counting", 3, 3)]


@pytest.mark.parametrize(
    ("task", "error"),
    [
        ("die", WorkerDied),
        ("crash", WorkerDied),
        ("abort", MemoryLimitExceeded),
        ("exhaust", MemoryLimitExceeded),
    ],
)
def test_a_worker_that_ends_costs_its_task_an_honest_error(pool, task, error) -> None:
    with pytest.raises(error):
        pool.run({"do": task}, seconds=10)
    assert pool.run({"do": "echo"}, b"next", seconds=10)[1] == b"next"


def test_a_late_task_is_stopped_and_its_worker_replaced(pool: Pool) -> None:
    pid = pool.run({"do": "echo"}, seconds=10)[0]["pid"]
    with pytest.raises(TimeLimitExceeded) as caught:
        pool.run({"do": "last"}, seconds=0.2)
    assert caught.value.members.items() >= {"limit": "query_seconds", "value": 0.2}.items()
    assert 0.2 <= caught.value.members["elapsed"] < 2
    assert pool.run({"do": "echo"}, seconds=10)[0]["pid"] != pid
    assert not alive(pid)


def test_an_idle_worker_that_is_killed_costs_nobody_anything(pool: Pool) -> None:
    pid = pool.run({"do": "echo"}, seconds=10)[0]["pid"]
    os.kill(pid, signal.SIGKILL)
    assert pool.run({"do": "echo"}, seconds=10)[0]["pid"] != pid


def test_more_tasks_than_may_wait_are_refused_at_once() -> None:
    with (
        Pool(ENTRY_POINT, size=1, waiting=0) as small,
        ThreadPoolExecutor(1) as threads,
    ):
        small.run({"do": "echo"}, seconds=10)
        late = threads.submit(small.run, {"do": "last"}, seconds=1)
        assert wait_until(lambda: _refuses(small))
        with pytest.raises(TimeLimitExceeded):
            late.result()


def _refuses(pool: Pool) -> bool:
    try:
        pool.run({"do": "echo"}, seconds=10)
    except QueueFull:
        return True
    return False


def test_closing_a_pool_ends_its_workers() -> None:
    with Pool(ENTRY_POINT, size=2) as closing:
        pid = closing.run({"do": "echo"}, seconds=10)[0]["pid"]
    assert not alive(pid)


def test_workers_die_with_the_process_that_started_them() -> None:
    program = textwrap.dedent(
        f"""
        from icgraph.store.pool import Pool
        pool = Pool({ENTRY_POINT!r}, size=1)
        print(pool.run({{"do": "echo"}}, seconds=10)[0]["pid"], flush=True)
        input()
        """
    )
    with subprocess.Popen(
        [sys.executable, "-c", program], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    ) as parent:
        assert parent.stdout is not None
        pid = int(parent.stdout.readline())
        parent.kill()
    assert wait_until(lambda: not alive(pid), 2)


@pytest.fixture
def lanes() -> Iterator[Pool]:
    """One place for short tasks, one for tasks of more than 0.2 s."""
    with Pool(ENTRY_POINT, size=1, waiting=16, long=LongTasks(places=1, after=0.2)) as made:
        yield made


def test_a_long_task_makes_way_and_ends_in_the_worker_that_began_it(lanes: Pool) -> None:
    with ThreadPoolExecutor(2) as threads:
        long = threads.submit(lanes.run, {"do": "work", "seconds": 1}, seconds=10)
        began = time.monotonic()
        short = lanes.run({"do": "echo"}, seconds=10)[0]
        assert time.monotonic() - began < 0.9
        answer = long.result()[0]
    assert answer["nice"] > SHORT_NICENESS
    assert short["pid"] != answer["pid"]


def test_a_long_task_without_a_place_begins_again_when_there_is_one(lanes: Pool) -> None:
    with ThreadPoolExecutor(4) as threads:
        tasks = [
            threads.submit(lanes.run, {"do": "work", "seconds": 0.8}, seconds=90, client=str(n))
            for n in range(3)
        ]
        began = time.monotonic()
        while not all(task.done() for task in tasks):
            lanes.run({"do": "echo"}, seconds=10, client="honest")
        assert time.monotonic() - began > 2
        assert all(task.result()[0]["nice"] > SHORT_NICENESS for task in tasks)


def test_a_task_known_to_end_keeps_its_place_while_others_wait(lanes: Pool) -> None:
    task = {"do": "work", "seconds": 0.15}
    assert lanes.run(task, seconds=10, known_as="it")[0]["nice"] > SHORT_NICENESS
    with ThreadPoolExecutor(4) as threads:
        known = [threads.submit(lanes.run, task, seconds=10, known_as="it") for _ in range(4)]
        assert {each.result()[0]["nice"] for each in known} == {SHORT_NICENESS}


def test_a_worker_that_made_way_keeps_up_again_afterwards_or_is_replaced(lanes: Pool) -> None:
    made_way = lanes.run({"do": "work", "seconds": 0.15}, seconds=10)[0]
    assert made_way["nice"] > SHORT_NICENESS
    after = lanes.run({"do": "work", "seconds": 0}, seconds=10)[0]
    assert after["nice"] == SHORT_NICENESS
    assert (after["pid"] == made_way["pid"]) == may_raise_priorities()


def test_a_worker_that_came_to_hold_much_of_its_own_is_replaced() -> None:
    with Pool(ENTRY_POINT, size=1, memory=32 * 2**20) as pool:
        task = {"do": "work", "seconds": 0.1}
        first = pool.run({**task, "bytes": 2**20}, seconds=10)[0]
        second = pool.run({**task, "bytes": 2**26}, seconds=10)[0]
        third = pool.run({"do": "echo"}, seconds=10)[0]
    assert first["pid"] == second["pid"] != third["pid"]


def test_a_task_that_does_not_make_way_keeps_its_place(lanes: Pool) -> None:
    task = {"do": "work", "seconds": 0.6}
    assert lanes.run(task, seconds=10, makes_way=False)[0]["nice"] == SHORT_NICENESS


def test_long_tasks_that_find_no_place_in_time_get_an_honest_error(lanes: Pool) -> None:
    with ThreadPoolExecutor(8) as threads:
        tasks = [
            threads.submit(lanes.run, {"do": "work", "seconds": 60}, seconds=1.5) for _ in range(6)
        ]
        began = time.monotonic()
        errors = [task.exception() for task in tasks]
    assert time.monotonic() - began < 3.5
    assert {type(error) for error in errors} <= {TimeLimitExceeded, QueueFull}
    limits = {error.members["limit"] for error in errors}
    assert limits <= {"query_seconds", "query_workers", "long_query_workers"}
    assert lanes.run({"do": "echo"}, seconds=10)


@pytest.mark.parametrize("after", [0.05, 0.6])
def test_a_task_can_be_stopped_while_it_runs(lanes: Pool, after: float) -> None:
    task = Task()
    threading.Timer(after, task.stop, [QueryStopped("Enough.")]).start()
    began = time.monotonic()
    with pytest.raises(QueryStopped, match="Enough"):
        lanes.run({"do": "last"}, seconds=20, task=task)
    assert time.monotonic() - began < after + 1
    assert task.state == "ended"
    assert lanes.run({"do": "echo"}, seconds=10)


def test_a_killed_fork_server_is_replaced_with_its_workers(pool: Pool) -> None:
    server = pool.run({"do": "echo"}, seconds=10)[0]["parent"]
    os.kill(server, signal.SIGKILL)
    assert wait_until(lambda: _parent(pool) not in {server, None})


def _parent(pool: Pool) -> int | None:
    try:
        parent = pool.run({"do": "echo"}, seconds=10)[0]["parent"]
    except WorkerDied:
        return None
    assert isinstance(parent, int)
    return parent


def test_what_the_fork_server_holds_is_found_by_workers_and_followed() -> None:
    wanted = {"revision": 1}
    with Pool(ENTRY_POINT, size=1, state=lambda: dict(wanted)) as pool:

        def held() -> object:
            return pool.run({"do": "echo"}, seconds=10)[0]["held"]

        assert wait_until(lambda: held() == 1)
        wanted["revision"] = 2
        assert wait_until(lambda: pool._keeper._server.state == wanted)
        os.kill(pool.run({"do": "echo"}, seconds=10)[0]["pid"], signal.SIGKILL)
        assert wait_until(lambda: held() == 2)


def test_deaths_are_told_with_their_cause() -> None:
    causes: list[str] = []
    with Pool(ENTRY_POINT, size=1, died=causes.append) as pool:
        for task in ("abort", "crash"):
            with pytest.raises((MemoryLimitExceeded, WorkerDied)):
                pool.run({"do": task}, seconds=10)
        os.kill(pool.run({"do": "echo"}, seconds=10)[0]["pid"], signal.SIGKILL)
        assert wait_until(lambda: len(causes) == 3)
    assert causes == ["memory", "fault", "idle"]
