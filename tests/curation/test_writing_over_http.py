"""The door for writes, over a home of its own with workers on disk."""

from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest

from icgraph.config import Settings
from icgraph.curation.packaged import publish_nothing
from icgraph.curation.updates import Writing
from icgraph.errors import TimeLimitExceeded
from icgraph.query.execution import Execution
from icgraph.store.changes import WrittenChange
from icgraph.store.home import Home, open_home
from icgraph.store.log import now, open_log
from icgraph.store.projection import Projection

#: Run on a copy, as it has two operations, and without end.
ENDLESS = """INSERT DATA { <a:a> <a:b> 1 } ; INSERT { <a:a> <a:c> ?n } WHERE {
  SELECT (COUNT(*) AS ?n) { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i . ?j ?k ?l . ?m ?n1 ?o } }"""
UPDATE = {"task": "update", "base_iri": "http://e/"}


@pytest.fixture
def home(tmp_path: Path) -> Home:
    made = open_home(tmp_path / "home")
    with closing(open_log(made.log, None, bare=True)) as log:
        publish_nothing(log)
    follow(made)
    return made


@pytest.fixture
def settings(home: Home) -> Settings:
    return Settings(home=home.folder, bare=True, engine="disk", http_processes=1, query_seconds=3)


@pytest.fixture
def execution(home: Home, settings: Settings) -> Iterator[Execution]:
    with closing(Execution.over(home, settings, "http://e/")) as made:
        yield made


@pytest.fixture
def writing(execution: Execution, home: Home, settings: Settings) -> Iterator[Writing]:
    with closing(Writing(execution, home, settings)) as made:
        yield made


def follow(home: Home) -> None:
    """Publish what the log has, as the supervisor does."""
    with closing(open_log(home.log, None, bare=True)) as log:
        Projection(home.projection, checkpoints=4).follow(log)


def record(home: Home, text: bytes) -> None:
    """What a command beside the service does."""
    with closing(open_log(home.log, None, bare=True)) as log:
        change = WrittenChange("somebody", "something", text)
        log.append_written(change, after=log.head(), time=now())
    follow(home)


def written(writing: Writing, text: str) -> None:
    writing.write(UPDATE, text.encode(), agent="tester", message="because")


def test_the_copy_of_a_write_that_is_stopped_is_swept(writing: Writing, home: Home) -> None:
    record(home, b"".join(sorted(b"<a:%d> <a:p> <a:o> .\n" % number for number in range(300))))
    with pytest.raises(TimeLimitExceeded) as caught:
        written(writing, ENDLESS)
    assert "waiting for other writes included, within 3 seconds" in caught.value.detail
    assert (caught.value.members["limit"], caught.value.members["value"]) == ("query_seconds", 3)
    assert list(home.spool.glob("update-*")) == []


@pytest.mark.prove
def test_all_attempts_of_a_write_have_one_time_limit(
    writing: Writing, execution: Execution, home: Home, monkeypatch
) -> None:
    evaluate = execution.write
    given: list[float] = []

    def after_somebody_else(*arguments, seconds, task):
        given.append(seconds)
        answer = evaluate(*arguments, seconds=seconds, task=task)
        if len(given) < 3:
            record(home, f"<a:a> <a:attempt> <a:{len(given)}> .\n".encode())
        return answer

    monkeypatch.setattr(execution, "write", after_somebody_else)
    written(writing, "INSERT DATA { <a:a> <a:b> 1 }")
    assert len(given) == 3
    assert 3 > given[0] > given[1] > given[2]
