"""The query log: one line for each query that has ended, and no more of the client than allowed."""

import json
import os
import threading
from dataclasses import replace
from datetime import datetime
from hashlib import sha256

import pytest

from icgraph.config import Settings
from icgraph.errors import QueryStopped, TimeLimitExceeded
from icgraph.query.answer import Answer, Timing
from icgraph.query.log import QueryLog, shown_client
from icgraph.query.watch import Watch
from icgraph.store.home import open_home

SECRET = "SELECT * WHERE { ?s ?p 'the name of my patient' }"


ANSWER = Answer(7, "text/csv", b"12345", 3, Timing(0.0012345678, 0.5, 0.25))


@pytest.fixture
def log(tmp_path):
    """A watch that logs, and what it has logged."""
    path = tmp_path / "log"
    descriptor = os.open(path, os.O_WRONLY | os.O_APPEND | os.O_CREAT)
    yield (
        Watch(log=QueryLog(descriptor), log_clients="network"),
        lambda: [json.loads(line) for line in path.read_text().splitlines()],
    )
    os.close(descriptor)


def test_an_answered_query_is_one_line_with_what_it_cost(log, task):
    watch, lines = log

    with watch.entry(SECRET, id="one", task=task, client="192.0.2.77") as entry:
        entry.answered(ANSWER)

    (line,) = lines()
    assert datetime.fromisoformat(line.pop("time")).tzinfo
    assert 0 <= line.pop("duration") < 5
    assert line == {
        "event": "query",
        "id": "one",
        "kind": "query",
        "hash": sha256(SECRET.encode()).hexdigest()[:16],
        "outcome": "ok",
        "queue": 0.001235,
        "evaluation": 0.5,
        "serialisation": 0.25,
        "rows": 3,
        "bytes": 5,
        "revision": 7,
        "format": "text/csv",
        "client": "192.0.2.0/24",
    }


def test_the_text_of_a_query_is_never_in_the_log(log, task):
    watch, lines = log

    with watch.entry(SECRET, id="one", task=task) as entry:
        entry.answered(ANSWER)

    assert "patient" not in json.dumps(lines())


def test_the_size_of_a_spooled_result_is_told(log, task, tmp_path):
    watch, lines = log
    (tmp_path / "spooled").write_bytes(b"x" * 1000)

    with (
        (tmp_path / "spooled").open("rb") as file,
        watch.entry(SECRET, id="one", task=task) as entry,
    ):
        entry.answered(replace(ANSWER, payload=file))

    assert lines()[0]["bytes"] == 1000


def test_answers_that_cost_no_evaluation_are_told_apart(log, task):
    watch, lines = log

    with watch.entry(SECRET, id="one", task=task) as entry:
        entry.answered(replace(ANSWER, cached=True))
    with watch.entry(SECRET, id="two", task=task) as entry:
        entry.not_modified(7)

    assert [line["outcome"] for line in lines()] == ["cached", "not-modified"]


def test_the_same_answer_from_memory_is_a_line_without_the_first_asker(log, task):
    watch, lines = log
    with watch.entry(SECRET, id="one", task=task, client="192.0.2.77") as entry:
        entry.answered(ANSWER)
        again = entry.again()

    again()

    first, second = lines()
    assert second["outcome"] == "cached"
    assert second["hash"] == first["hash"]
    assert second["bytes"] == 5
    assert second["id"] is None
    assert "client" not in second


@pytest.mark.parametrize(
    ("error", "outcome"),
    [
        (TimeLimitExceeded("late"), "time-limit"),
        (QueryStopped("stopped"), "query-stopped"),
        (ZeroDivisionError(), "error"),
    ],
)
def test_the_outcome_of_a_query_that_fails_is_the_code_of_its_error(log, task, error, outcome):
    watch, lines = log

    with pytest.raises(type(error)), watch.entry(SECRET, id="one", task=task):
        raise error

    assert [line["outcome"] for line in lines()] == [outcome]


def test_an_update_is_logged_as_one(log, task):
    watch, lines = log

    with watch.entry("CLEAR ALL", id="one", task=task, kind="update") as entry:
        entry.written(8)

    (line,) = lines()
    assert (line["kind"], line["outcome"], line["revision"]) == ("update", "ok", 8)


@pytest.mark.parametrize(
    ("client", "allowed", "shown"),
    [
        ("192.0.2.77", "none", None),
        ("192.0.2.77", "network", "192.0.2.0/24"),
        ("192.0.2.77", "address", "192.0.2.77"),
        ("::ffff:192.0.2.77", "network", "192.0.2.0/24"),
        ("2001:db8:1:2:3::4", "network", "2001:db8:1::/48"),
        ("fe80::1%eth0", "network", "fe80::/48"),
        ("operator", "none", None),
        ("operator", "network", None),
        ("", "address", None),
    ],
)
def test_no_more_of_a_client_is_shown_than_the_setting_allows(client, allowed, shown):
    assert shown_client(client, allowed) == shown


def test_lines_of_many_threads_stay_whole(log, task):
    watch, lines = log

    def work(name):
        for number in range(200):
            with watch.entry(SECRET, id=f"{name}-{number}", task=task):
                pass

    threads = [threading.Thread(target=work, args=(name,)) for name in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert len({line["id"] for line in lines()}) == 800


def test_a_log_that_cannot_be_written_fails_no_query(task):
    reading, writing = os.pipe()
    os.close(reading)
    watch = Watch(log=QueryLog(writing))

    with watch.entry(SECRET, id="one", task=task):
        pass

    os.close(writing)


@pytest.mark.parametrize("on", [True, False])
def test_the_setting_turns_the_log_on_and_off(tmp_path, capfd, task, on):
    watch = Watch.over(open_home(tmp_path), Settings(query_log=on))

    with watch.entry(SECRET, id="one", task=task):
        pass

    watch.close()
    assert ('"id":"one"' in capfd.readouterr().err) is on
