import threading
import time
from collections.abc import Iterator
from concurrent.futures import Future, ThreadPoolExecutor

import pytest

from icgraph.errors import QueryStopped, QueueFull
from icgraph.store.lanes import Lane
from icgraph.store.tasks import Task
from tests.conftest import wait_until


@pytest.fixture
def threads() -> Iterator[ThreadPoolExecutor]:
    with ThreadPoolExecutor(32) as made:
        yield made


def lane(places: int, waiting: int = 16) -> Lane:
    return Lane(places, waiting=waiting, limit="query_workers")


def take(held: Lane, client: str, *, task: Task | None = None, seconds: float = 10) -> None:
    held.take(client, until=time.monotonic() + seconds, task=task or Task())


def queued(threads: ThreadPoolExecutor, held: Lane, client: str, **how: object) -> Future[None]:
    before = held.waiting()
    future = threads.submit(take, held, client, **how)
    assert wait_until(lambda: held.waiting() > before or future.done(), 5)
    return future


def test_places_are_taken_and_given_back() -> None:
    held = lane(2)
    take(held, "a")
    take(held, "a")
    assert held.running() == 2
    held.release("a")
    assert held.running() == 1


def test_no_place_in_time_is_an_error_that_names_the_limit() -> None:
    held = lane(1)
    take(held, "a")
    with pytest.raises(QueueFull) as caught:
        take(held, "b", seconds=0.05)
    assert caught.value.members == {"limit": "query_workers", "value": 1}
    assert held.waiting() == 0


def test_one_more_than_may_wait_is_refused_at_once(threads: ThreadPoolExecutor) -> None:
    held = lane(1, waiting=2)
    take(held, "a")
    first, second = queued(threads, held, "a"), queued(threads, held, "a")
    with pytest.raises(QueueFull) as caught:
        take(held, "a")
    assert caught.value.members["limit"] == "queue_length"
    for future in (first, second):
        held.release("a")
        future.result(5)


def test_a_newcomer_displaces_who_has_most_waiting(threads: ThreadPoolExecutor) -> None:
    held = lane(1, waiting=2)
    take(held, "greedy")
    first, second = queued(threads, held, "greedy"), queued(threads, held, "greedy")
    modest = threads.submit(take, held, "modest")
    with pytest.raises(QueueFull):
        second.result(5)  # the one that came last
    held.release("greedy")
    modest.result(5)
    held.release("modest")
    first.result(5)


def test_a_place_goes_to_the_client_with_fewest_running(threads: ThreadPoolExecutor) -> None:
    held = lane(2)
    take(held, "greedy")
    take(held, "greedy")
    more = queued(threads, held, "greedy")
    modest = queued(threads, held, "modest")
    held.release("greedy")
    modest.result(5)
    assert not more.done()
    held.release("greedy")
    more.result(5)


def test_clients_with_as_many_running_take_turns(threads: ThreadPoolExecutor) -> None:
    held = lane(1)
    take(held, "x")
    order: list[str] = []

    def work(client: str) -> None:
        take(held, client)
        order.append(client)
        held.release(client)

    waiting = []
    for number, client in enumerate(["a"] * 4 + ["b"] * 4):
        waiting.append(threads.submit(work, client))
        assert wait_until(lambda expected=number + 1: held.waiting() == expected, 5)
    held.release("x")
    for future in waiting:
        future.result(5)
    assert order[:4] in (["a", "b", "a", "b"], ["b", "a", "b", "a"])


def test_a_stopped_task_leaves_the_queue_with_its_error(threads: ThreadPoolExecutor) -> None:
    held = lane(1)
    take(held, "a")
    task = Task()
    future = queued(threads, held, "b", task=task)
    task.stop(QueryStopped("Enough."))
    with pytest.raises(QueryStopped, match="Enough"):
        future.result(5)
    assert held.waiting() == 0


def test_a_place_that_nobody_waits_for_can_be_taken_without_waiting() -> None:
    held = lane(1)
    assert held.take_if_free("a")
    assert not held.take_if_free("b")


def test_no_place_is_lost_however_takers_and_stoppers_meet(threads: ThreadPoolExecutor) -> None:
    held = lane(3, waiting=1000)
    start = threading.Barrier(24)

    def work(number: int) -> None:
        start.wait()
        for turn in range(40):
            task = Task()
            stopper = threading.Timer(0.0005, task.stop, [QueryStopped("Enough.")])
            if turn % 3 == 0:
                stopper.start()
            try:
                take(held, f"client {number % 5}", task=task)
            except QueryStopped:
                continue
            assert held.running() <= 3
            held.release(f"client {number % 5}")

    for future in [threads.submit(work, number) for number in range(24)]:
        future.result(60)
    assert (held.running(), held.waiting()) == (0, 0)
