"""Counts add up over the processes of a service, and outlive each of them."""

import os

import pytest
from prometheus_client.parser import text_string_to_metric_families

from icgraph.errors import TimeLimitExceeded
from icgraph.query import metrics
from icgraph.query.memory import below, memory_of
from icgraph.query.place import take_place
from icgraph.query.watch import Watch
from tests.query.conftest import kill

ONE_QUERY = "with watch.entry('', id='x', task=task): pass"


def read(watch, revision=1):
    text, content_type = watch.metrics(revision, "")
    assert content_type.startswith("text/plain")
    return {
        (sample.name, *sorted(sample.labels.values())): sample.value
        for family in text_string_to_metric_families(text.decode())
        for sample in family.samples
    }


def run(watch, task, outcome="ok"):
    with watch.entry("ASK {}", id="one", task=task) as entry:
        if outcome != "ok":
            entry.failed(outcome)


@pytest.fixture
def watch(run_folder):
    watch = Watch(place=take_place(run_folder))
    yield watch
    watch.close()


def test_queries_are_counted_by_their_outcome(watch, task):
    run(watch, task)
    run(watch, task)
    with pytest.raises(TimeLimitExceeded), watch.entry("ASK {}", id="one", task=task):
        raise TimeLimitExceeded("late")

    counted = read(watch)

    assert counted["icgraph_queries_total", "ok", "query"] == 2
    assert counted["icgraph_queries_total", "query", "time-limit"] == 1
    assert counted["icgraph_query_seconds_count", "query"] == 3


def test_answers_from_memory_do_not_make_the_queries_look_fast(watch, task):
    run(watch, task, "cached")
    run(watch, task, "not-modified")
    run(watch, task)

    assert read(watch)["icgraph_query_seconds_count", "query"] == 1


def test_counts_add_up_over_processes_and_outlive_a_killed_one(watch, task, other_process):
    run(watch, task)
    process = other_process(ONE_QUERY)
    assert read(watch)["icgraph_queries_total", "ok", "query"] == 2

    kill(process)
    assert read(watch)["icgraph_queries_total", "ok", "query"] == 2
    other_process(ONE_QUERY)

    assert read(watch)["icgraph_queries_total", "ok", "query"] == 3


def test_a_process_that_is_replaced_again_and_again_leaves_no_more_files(
    watch, run_folder, other_process
):
    kill(other_process(ONE_QUERY))
    before = len([*run_folder.rglob("*")])

    for _ in range(3):
        kill(other_process(ONE_QUERY))

    assert len([*run_folder.rglob("*")]) == before
    assert read(watch)["icgraph_queries_total", "ok", "query"] == 4


def test_gauges_are_those_of_the_living(watch, task, other_process):
    process = other_process("e = watch.entry('', id='x', task=task); e.__enter__()")
    with watch.entry("ASK {}", id="one", task=task):
        counted = read(watch)
    assert counted["icgraph_queries_now", "waiting"] == 2
    assert counted["icgraph_http_processes", "answering"] == 2

    kill(process)

    counted = read(watch)
    assert counted["icgraph_queries_now", "waiting"] == 0
    assert counted["icgraph_http_processes", "answering"] == 1


def test_figures_of_the_parts_are_summed_over_processes(watch, other_process):
    watch.add_figures(lambda: {"cache_bytes": 5})
    watch.add_figures(lambda: {"cache_bytes": 10, "spool_bytes": 1})
    other_process("watch.add_figures(lambda: {'cache_bytes': 100.5})")

    counted = read(watch)

    assert counted["icgraph_cache_bytes",] == 115.5
    assert counted["icgraph_spool_bytes",] == 1


def test_deaths_of_workers_are_counted_by_cause(watch):
    watch.worker_died("memory")

    assert read(watch)["icgraph_worker_deaths_total", "memory"] == 1


def test_the_revision_is_told(watch):
    assert read(watch, revision=12)["icgraph_revision",] == 12


def test_a_file_that_a_killed_process_left_empty_is_passed_over(watch, run_folder, task):
    run(watch, task)
    (run_folder / "metrics" / "counter_9.db").touch()

    assert read(watch)["icgraph_queries_total", "ok", "query"] == 1


def test_a_full_disk_makes_a_process_count_alone(run_folder, task, monkeypatch):
    def full(*_):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(metrics.os, "posix_fallocate", full)
    watch = Watch(place=take_place(run_folder))

    run(watch, task)

    assert read(watch)["icgraph_queries_total", "ok", "query"] == 1
    watch.close()


def test_the_files_have_their_disk_before_they_are_written(watch, run_folder):
    files = [*(run_folder / "metrics").iterdir()]

    assert len(files) == 2
    assert all(file.stat().st_blocks * 512 >= metrics.FILE_BYTES for file in files)


def test_a_watch_without_a_home_counts_its_own(task):
    watch = Watch()

    run(watch, task)

    assert read(watch)["icgraph_queries_total", "ok", "query"] == 1


def test_openmetrics_is_spoken_to_those_who_ask_for_it(watch, task):
    run(watch, task)

    text, content_type = watch.metrics(1, "application/openmetrics-text; version=1.0.0")

    assert content_type.startswith("application/openmetrics-text")
    assert text.endswith(b"# EOF\n")


def test_the_memory_of_a_process_is_its_own_share(watch, other_process):
    process = other_process("")

    assert process.pid in below(os.getpid())
    assert 1_000_000 < memory_of(process.pid) < 500_000_000
    kill(process)
    assert memory_of(process.pid) == 0
    assert process.pid not in below(os.getpid())
