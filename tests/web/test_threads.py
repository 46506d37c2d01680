"""Threads for an event loop."""

import asyncio
import threading

import pytest

from icgraph.web.threads import Threads


def test_the_loop_gets_what_a_task_returns() -> None:
    assert asyncio.run(Threads(1, "t").run(divmod, 7, 2)) == (3, 1)


def test_the_loop_gets_what_a_task_raises_and_the_thread_goes_on() -> None:
    async def twice() -> str:
        threads = Threads(1, "t")
        with pytest.raises(ZeroDivisionError):
            await threads.run(divmod, 7, 0)
        return await threads.run(lambda: threading.current_thread().name)

    assert asyncio.run(twice()) == "t_1"


def test_no_more_threads_run_than_allowed_and_all_tasks_are_done() -> None:
    meeting = threading.Barrier(3)

    async def many() -> list[str]:
        threads = Threads(3, "t")

        def meet() -> str:
            meeting.wait(20)  # breaks unless three run at once
            return threading.current_thread().name

        return await asyncio.gather(*(threads.run(meet) for _ in range(12)))

    assert set(asyncio.run(many())) == {"t_1", "t_2", "t_3"}


def test_whoever_no_longer_waits_does_no_harm() -> None:
    begun, go_on = threading.Event(), threading.Event()

    def slow() -> None:
        begun.set()
        go_on.wait(20)

    async def leave() -> int:
        threads = Threads(1, "t")
        task = asyncio.create_task(threads.run(slow))
        await asyncio.to_thread(begun.wait, 20)
        task.cancel()
        await asyncio.gather(task, return_exceptions=True)
        go_on.set()
        return await threads.run(int, "7")

    assert asyncio.run(leave()) == 7
