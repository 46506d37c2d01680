import os
import signal
import subprocess
import sys
import textwrap
import threading
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor

import pytest

from icgraph.errors import (
    InputError,
    MemoryLimitExceeded,
    QueueFull,
    TimeLimitExceeded,
    WorkerDied,
)
from icgraph.store.pool import Pool

ENTRY_POINT = "tests.store.echo_worker"


@pytest.fixture(scope="module")
def pool() -> Iterator[Pool]:
    with Pool(ENTRY_POINT, size=1, waiting=4) as made:
        yield made


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
