"""Running queries are listed, found and stopped, whichever process of the service has them."""

import os
import signal
import socket
import time
from contextlib import ExitStack
from hashlib import sha256

import pytest

from icgraph.errors import QueryIdTaken, QueryStopped, ServiceNotReady
from icgraph.query.place import sweep, take, take_place
from icgraph.query.running import TEXT_SHOWN, Running
from icgraph.query.watch import Watch
from icgraph.store.tasks import Task
from tests.query.conftest import kill

QUERY = "ASK {}"


def refuses(entry):
    with pytest.raises(QueryIdTaken, match="one"), entry:
        pass


def hang(process):
    os.kill(process.pid, signal.SIGSTOP)
    os.waitpid(process.pid, os.WUNTRACED)


def test_a_query_is_listed_while_it_runs(task):
    moments = iter([10.0, 12.5, 99.0])
    running = Running(clock=lambda: next(moments))

    with running.entry("one", QUERY, "192.0.2.0/24", task):
        (listed,) = running.list()

    assert listed.pop("started").endswith("+00:00")
    assert listed == {
        "id": "one",
        "kind": "query",
        "state": "waiting",
        "seconds": 2.5,
        "hash": sha256(QUERY.encode()).hexdigest()[:16],
        "text": QUERY,
        "client": "192.0.2.0/24",
    }
    assert running.list() == []


def test_whoever_knows_the_id_sees_no_text_and_no_client(task):
    running = Running()

    with running.entry("one", QUERY, "192.0.2.0/24", task):
        found = running.find("one")

    assert found is not None
    assert set(found) == {"id", "kind", "state", "started", "seconds"}


def test_a_long_text_is_cut_in_the_list_and_its_length_told(task):
    running = Running()

    with running.entry("one", "x" * 100_000, None, task):
        (listed,) = running.list()

    assert len(listed["text"]) == TEXT_SHOWN
    assert listed["length"] == 100_000


def test_a_query_that_fails_is_listed_no_longer(task):
    running = Running()

    with pytest.raises(ZeroDivisionError), running.entry("one", QUERY, None, task):
        raise ZeroDivisionError

    assert running.list() == []


def test_queries_are_counted_by_state():
    running = Running()
    tasks = {name: Task() for name in ("one", "two", "three", "four")}
    tasks["two"].state = tasks["three"].state = "long"
    tasks["four"].state = "ended"

    with ExitStack() as stack:
        for name, task in tasks.items():
            stack.enter_context(running.entry(name, QUERY, None, task))

        assert running.states() == {"waiting": 1, "running": 0, "long": 2}


@pytest.mark.parametrize("named", [True, False])
def test_an_id_that_runs_is_refused_a_second_time(task, tmp_path, named):
    running = Running(tmp_path)

    with running.entry("one", QUERY, None, task, named=named):
        refuses(running.entry("one", QUERY, None, task, named=named))
        assert [query["id"] for query in running.list()] == ["one"]
    with running.entry("one", QUERY, None, task, named=named):
        pass


def test_an_id_that_runs_in_another_process_is_refused(two_watches, task):
    here, there = two_watches

    with there.entry(QUERY, id="one", task=task, named=True):
        refuses(here.entry(QUERY, id="one", task=task, named=True))
    with here.entry(QUERY, id="one", task=task, named=True):
        pass


def test_a_killed_process_frees_its_ids(two_watches, task, other_process):
    process = other_process("e = watch.entry('', id='one', task=task, named=True); e.__enter__()")
    refuses(two_watches[0].entry(QUERY, id="one", task=task, named=True))

    kill(process)

    with two_watches[0].entry(QUERY, id="one", task=task, named=True):
        pass


def test_a_full_disk_does_not_refuse_a_query(task, tmp_path):
    running = Running(tmp_path / "absent")

    with running.entry("one", QUERY, None, task):
        assert running.find("one")


def test_stopping_a_query_here_gives_its_task_the_error(task):
    watch = Watch()

    with watch.entry(QUERY, id="one", task=task):
        assert watch.stop("one")
        assert not watch.stop("another")

    assert isinstance(task.error, QueryStopped)
    assert not watch.stop("one")


def test_any_process_lists_finds_and_stops_the_queries_of_another(two_watches, task):
    here, there = two_watches

    with here.entry(QUERY, id="one", task=Task()), there.entry(QUERY, id="two", task=task):
        assert [query["id"] for query in here.queries().queries] == ["one", "two"]
        found = here.find("two")
        assert found is not None
        assert found["state"] == "waiting"
        assert here.stop("two")

    assert isinstance(task.error, QueryStopped)
    assert here.find("two") is None
    assert not here.stop("two")
    assert here.queries().silent == 0


def test_a_process_that_was_killed_has_no_queries(two_watches, other_process):
    process = other_process("e = watch.entry('', id='one', task=task); e.__enter__()")
    assert two_watches[0].find("one")

    kill(process)

    assert two_watches[0].find("one") is None
    assert two_watches[0].queries().silent == 0


def test_a_process_that_hangs_is_told_as_silent_and_costs_no_more_than_a_second(
    two_watches, other_process
):
    hang(other_process(""))
    begun = time.monotonic()

    listing = two_watches[0].queries()

    assert listing.silent == 1
    assert time.monotonic() - begun < 2


@pytest.mark.parametrize("ask", [Watch.find, Watch.stop])
def test_what_a_process_that_hangs_may_run_is_not_said_to_run_nowhere(
    two_watches, task, other_process, ask
):
    hang(other_process(""))

    with pytest.raises(ServiceNotReady):
        ask(two_watches[0], "one")
    with two_watches[1].entry(QUERY, id="two", task=task):
        assert ask(two_watches[0], "two")


def test_a_peer_that_asks_nonsense_or_leaves_hinders_nobody(two_watches, run_folder, task):
    here, there = two_watches
    folder = os.open(run_folder, os.O_RDONLY)
    for nonsense in (b"", b"\0", b"\0" * 13 + b"nonsense", b"\0\0\0\0\2\0\0\0\0\0\0\0\0{]"):
        with socket.socket(socket.AF_UNIX) as connection:
            connection.connect(f"/proc/self/fd/{folder}/1.sock")
            connection.sendall(nonsense)
    os.close(folder)

    with there.entry(QUERY, id="one", task=task):
        assert here.find("one")


def test_the_place_of_a_dead_process_is_taken_again(two_watches, run_folder, other_process):
    process = other_process("")
    assert (run_folder / "2.sock").exists()
    kill(process)

    place = take_place(run_folder)

    assert place.number == 2
    place.hold.free()


def test_sweeping_removes_what_the_dead_left_and_nothing_of_the_living(
    two_watches, run_folder, task, other_process
):
    kill(other_process("e = watch.entry('', id='dead', task=task, named=True); e.__enter__()"))
    with two_watches[0].entry(QUERY, id="alive", task=task, named=True):
        before = {path for path in run_folder.rglob("*") if path.is_file()}

        sweep(run_folder)

        after = {path for path in run_folder.rglob("*") if path.is_file()}
        gone = {path.relative_to(run_folder).parts[0] for path in before - after}
        assert gone == {"2.lock", "ids", "metrics"}
        assert {path.name for path in after if path.parent == run_folder} == {"0.lock", "1.lock"}
        assert len([path for path in after if path.parent.name == "ids"]) == 1
        assert not (run_folder / "2.sock").exists()
        assert (run_folder / "1.sock").exists()


def test_a_lock_is_held_by_one_until_it_is_freed(tmp_path):
    hold = take(tmp_path / "a.lock")
    assert hold
    assert take(tmp_path / "a.lock") is None

    hold.free()

    again = take(tmp_path / "a.lock")
    assert again
    again.free()
