from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from icgraph.model.periods import parse_date, timing

HARVEST = date(2026, 11, 21)
days = st.dates(min_value=date(1900, 1, 1), max_value=date(2100, 12, 31))


def read(start=None, end=None, *, ongoing=False, wording=None):
    return timing(start=start, end=end, ongoing=ongoing, wording=wording, observed=HARVEST)


@given(days)
def test_a_date_of_any_precision_covers_the_day_it_was_cut_from(day):
    for length in (4, 7, 10):
        read = parse_date(day.isoformat()[:length])
        assert read.first <= day <= read.last


@given(days)
def test_the_bounds_of_a_date_are_its_own_and_no_wider(day):
    for length in (4, 7, 10):
        text = day.isoformat()[:length]
        read = parse_date(text)
        assert not (read.first - timedelta(days=1)).isoformat().startswith(text)
        assert not (read.last + timedelta(days=1)).isoformat().startswith(text)


@pytest.mark.parametrize(
    ("text", "datatype"), [("2012", "gYear"), ("2012-02", "gYearMonth"), ("2012-02-29", "date")]
)
def test_the_datatype_keeps_the_precision(text, datatype):
    assert parse_date(text).datatype == datatype


@pytest.mark.parametrize(
    "text", ["", "12", "2012-13", "2012-00", "2013-02-29", "2012-1", "2012/2013", "0000", "٢٠١٢"]
)
def test_what_is_no_date_is_refused(text):
    with pytest.raises(ValueError, match=r"date|calendar"):
        parse_date(text)


@pytest.mark.parametrize(
    ("stated", "status", "bounds"),
    [
        (
            ("2012", "2014", False, "2012-2014"),
            "ended",
            "2012-01-01 2012-12-31 2014-01-01 2014-12-31",
        ),
        (
            ("2018-01", "2018-02", False, None),
            "ended",
            "2018-01-01 2018-01-31 2018-02-01 2018-02-28",
        ),
        (
            ("2021-04", "2021-04", False, None),
            "ended",
            "2021-04-01 2021-04-30 2021-04-01 2021-04-30",
        ),
        (("2009", None, True, "2009 - ongoing"), "ongoing", "2009-01-01 2009-12-31"),
        (("2012", None, False, None), "unknown", "2012-01-01 2012-12-31"),
        (("2012", None, True, "Permanent since 2012"), "permanent", "2012-01-01 2012-12-31"),
        ((None, None, True, "ongoing"), "ongoing", ""),
        ((None, "2013-09", False, None), "ended", "2013-09-01 2013-09-30"),
        (("2030", None, False, None), "planned", "2030-01-01 2030-12-31"),
        ((None, None, False, None), "unknown", ""),
    ],
)
def test_stated_dates_give_the_status_and_bounds_of_the_ontology(stated, status, bounds):
    start, end, ongoing, wording = stated
    period = read(start, end, ongoing=ongoing, wording=wording).period
    assert period.status == status
    assert " ".join(day.isoformat() for day in period.bounds.values()) == bounds


@pytest.mark.parametrize("status_words", ["ongoing", "permanent since 2012"])
def test_what_goes_on_has_no_end_and_says_when_that_was_seen(status_words):
    found = read("2012", "2014", ongoing=True, wording=status_words)
    assert found.period.end is None
    assert found.period.stated_on == HARVEST


def test_a_stated_end_of_something_ongoing_is_the_end_of_a_phase():
    phase = read("2012", "2014", ongoing=True).phase
    assert phase is not None
    assert (phase.start.text, phase.end.text, phase.status) == ("2012", "2014", "ended")


def test_what_is_still_to_end_goes_on_and_its_end_is_that_of_a_planned_phase():
    found = read("2021-12", "2027")
    assert found.period.status == "ongoing"
    assert found.phase.status == "planned"


def test_a_bare_year_is_no_wording_because_it_dates_the_entry():
    assert read(wording=" 2016 ").period.says_something is False
    assert read(wording="2016 onwards").period.wording == "2016 onwards"


def test_an_end_before_the_start_is_refused():
    with pytest.raises(ValueError, match="before the start"):
        read("2014", "2013-12")


def test_an_end_within_the_year_of_the_start_is_no_contradiction():
    assert read("2014", "2014-04").period.status == "ended"


@given(days, days)
def test_bounds_are_in_order(one, other):
    first, last = sorted((one, other))
    bounds = read(first.isoformat(), last.isoformat()).period.bounds
    assert bounds["startEarliest"] <= bounds["startLatest"]
    if "endLatest" in bounds:
        assert bounds["startEarliest"] <= bounds["endLatest"]
