"""The timeline of a record: what is certain, what is possible, what is not known."""

from datetime import date, timedelta
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pyoxigraph import Literal, NamedNode

from icgraph.discovery.reading import Reading
from icgraph.discovery.records import Record, read_record
from icgraph.discovery.timeline import timeline
from icgraph.model.iris import Base, RecordName
from icgraph.model.terms import DEFAULT_BASE

IRI = DEFAULT_BASE + "id/practice/one"
NS = DEFAULT_BASE + "ns/"
DAYS = st.dates(date(1900, 1, 1), date(2100, 12, 31))


def record(status: str = "ended", **days: date) -> Record:
    """A record with one period that has these bounds."""
    part = IRI + "#period"
    statements = {
        IRI: {
            NS + "period": (NamedNode(part),),
            NS + "status": (NamedNode(f"{DEFAULT_BASE}scheme/temporal-status/{status}"),),
        },
        part: {NS + name: (Literal(day.isoformat()),) for name, day in days.items()},
    }
    name = RecordName("practice", "one")
    return Record(name, IRI, (IRI, part), statements, Reading(None, Base(DEFAULT_BASE), "en"))


def certainties(drawn) -> list[str]:
    return [span.certainty for span in drawn.bars[0].spans]


def test_years_are_certain_between_the_latest_start_and_the_earliest_end(reading):
    found = read_record(reading, RecordName("practice", "integration-support-group"))
    drawn = timeline(found)
    assert certainties(drawn) == ["possible", "certain", "possible"]
    assert [year for year, _ in drawn.ticks] == [2010, 2012, 2014, 2016, 2018, 2020, 2022]


def test_days_leave_nothing_open():
    first, last = date(2012, 3, 1), date(2014, 6, 30)
    drawn = timeline(
        record(startEarliest=first, startLatest=first, endEarliest=last, endLatest=last)
    )
    assert certainties(drawn) == ["certain"]


def test_within_one_year_nothing_is_certain():
    first, last = date(2015, 1, 1), date(2015, 12, 31)
    drawn = timeline(
        record(startEarliest=first, startLatest=last, endEarliest=first, endLatest=last)
    )
    assert certainties(drawn) == ["possible"]


def test_what_goes_on_is_certain_until_it_was_seen_and_open_after():
    day = date(2012, 1, 1)
    drawn = timeline(
        record("ongoing", startEarliest=day, startLatest=day, statedOn=date(2026, 11, 21))
    )
    assert certainties(drawn) == ["certain", "after"]
    assert drawn.bars[0].goes_on


def test_a_start_alone_says_nothing_of_what_followed():
    first, last = date(2012, 1, 1), date(2012, 12, 31)
    drawn = timeline(record("unknown", startEarliest=first, startLatest=last))
    assert certainties(drawn) == ["possible", "after"]


def test_an_end_alone_says_nothing_of_what_went_before():
    first, last = date(2012, 1, 1), date(2012, 12, 31)
    drawn = timeline(record(endEarliest=first, endLatest=last))
    assert certainties(drawn) == ["before", "possible"]


def test_without_dates_there_is_nothing_to_draw():
    assert timeline(record("ongoing", statedOn=date(2026, 11, 21))) is None


@given(
    st.lists(DAYS, min_size=4, max_size=4).map(sorted),
    st.sampled_from(["ended", "ongoing"]),
    st.sets(st.sampled_from(["start", "end"]), min_size=1),
)
def test_spans_follow_each_other_within_the_axis(days, status, known):
    names = ["startEarliest", "startLatest", "endEarliest", "endLatest"]
    bounds = {name: day for name, day in zip(names, days, strict=True) if name[:-6] in known or
              name[:-8] in known}  # fmt: skip
    drawn = timeline(record(status, **bounds))
    spans = drawn.bars[0].spans
    assert spans
    assert drawn.ticks[0][1] == 0
    assert drawn.ticks[-1][1] == 100
    assert len(drawn.ticks) <= 10
    for span in spans:
        assert 0 <= span.start <= span.start + span.width <= 101
    for before, after in pairwise(spans):
        assert after.start >= before.start


@pytest.mark.parametrize("length", [1, 40, 400])
def test_however_long_the_axis_its_ticks_are_few_and_even(length):
    first = date(1500, 1, 1)
    last = first + timedelta(days=366 * length)
    drawn = timeline(
        record(startEarliest=first, startLatest=first, endEarliest=last, endLatest=last)
    )
    years = [year for year, _ in drawn.ticks]
    assert 3 <= len(years) <= 10
    assert len({later - earlier for earlier, later in pairwise(years)}) == 1
