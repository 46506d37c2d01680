"""When a record was: its periods drawn on one axis, what is certain apart from what may be.

Dates are stated with a year, a month or a day; the bounds of a period are the first and the
last day that each may mean. Between the latest start and the earliest end it certainly was;
on either side it may have been. Nothing here knows how a page looks.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from typing import Final, Literal

from pyoxigraph import Literal as Text
from pyoxigraph import NamedNode

from icgraph.discovery.records import Record

_BOUNDS: Final = ("startEarliest", "startLatest", "endEarliest", "endLatest")
_GOES_ON: Final = frozenset({"ongoing", "permanent"})
#: Ticks stand this many years apart: the first step that needs no more than `_MOST_TICKS`.
_STEPS: Final = (1, 2, 5, 10, 20, 50, 100, 200, 500, 1000)
_MOST_TICKS: Final = 8
_SHORTEST_AXIS: Final = 8
#: A span is never thinner than this share of the axis, so that a day can be seen.
_THINNEST: Final = 0.6

Certainty = Literal["certain", "possible", "before", "after"]


@dataclass(frozen=True, slots=True)
class Span:
    """A stretch of a bar; `start` and `width` in per cent of the axis.

    `before` and `after` lead to an end that is not known.
    """

    certainty: Certainty
    start: float
    width: float


@dataclass(frozen=True, slots=True)
class Bar:
    """A period: the bounds that are known by name, and what is drawn of it."""

    part: str
    label: Text | None
    bounds: dict[str, date]
    goes_on: bool
    spans: tuple[Span, ...]


@dataclass(frozen=True, slots=True)
class Timeline:
    """Periods on one axis; `ticks` are years and their places in per cent."""

    bars: tuple[Bar, ...]
    ticks: tuple[tuple[int, float], ...]


@dataclass(frozen=True, slots=True)
class _Stated:
    part: str
    label: Text | None
    bounds: dict[str, date]
    goes_on: bool
    seen: date | None


def timeline(record: Record) -> Timeline | None:
    """The record's period and phases; None where no date is known."""
    stated = [one for one in _stated(record) if one.bounds]
    if not stated:
        return None
    axis = _Axis.over(stated)
    bars = tuple(
        Bar(one.part, one.label, one.bounds, one.goes_on, tuple(_spans(one, axis)))
        for one in stated
    )
    return Timeline(bars, axis.ticks)


def _stated(record: Record) -> Iterator[_Stated]:
    for term in (*record.all("ic:period"), *record.all("ic:phase")):
        part = term.value
        days = {name: _day(record, f"ic:{name}", part) for name in _BOUNDS}
        status = record.one("ic:status", part) or (
            record.one("ic:status") if term in record.all("ic:period") else None
        )
        slug = status.value.rpartition("/")[2] if isinstance(status, NamedNode) else ""
        yield _Stated(
            part,
            record.label(part),
            {name: day for name, day in days.items() if day is not None},
            slug in _GOES_ON,
            _day(record, "ic:statedOn", part),
        )


def _day(record: Record, name: str, part: str) -> date | None:
    """A day; one that is no day of the calendar is as good as none."""
    term = record.one(name, part)
    try:
        return date.fromisoformat(term.value) if isinstance(term, Text) else None
    except ValueError:
        return None


@dataclass(frozen=True, slots=True)
class _Axis:
    """From the first day of one year to the first day of another."""

    first: int
    last: int
    step: int

    @classmethod
    def over(cls, stated: list[_Stated]) -> "_Axis":
        days = [day for one in stated for day in (*one.bounds.values(), one.seen) if day]
        first, last = min(days).year, max(days).year + 1
        first = min(first - 1, last - _SHORTEST_AXIS)
        step = next((n for n in _STEPS if (last - first) / n <= _MOST_TICKS), _STEPS[-1])
        return cls(first - first % step, last + -last % step, step)

    @property
    def ticks(self) -> tuple[tuple[int, float], ...]:
        years = range(self.first, self.last + 1, self.step)
        return tuple((year, self.place_of_year(year)) for year in years)

    def place_of_year(self, year: int) -> float:
        return _rounded(100 * (year - self.first) / (self.last - self.first))

    def place(self, day: date) -> float:
        """Where a day stands, in per cent."""
        through = (day.timetuple().tm_yday - 1) / 366
        return _rounded(100 * (day.year + through - self.first) / (self.last - self.first))


def _spans(one: _Stated, axis: _Axis) -> Iterator[Span]:
    places = {name: axis.place(day) for name, day in one.bounds.items()}
    starts = [places[name] for name in ("startEarliest", "startLatest") if name in places]
    ends = [places[name] for name in ("endEarliest", "endLatest") if name in places]
    if starts and ends and starts[-1] >= ends[0]:
        yield _span("possible", starts[0], ends[-1])
        return
    seen = axis.place(one.seen) if one.seen and one.goes_on else None
    begun = starts[-1] if starts else 0.0
    over = ends[0] if ends else max(begun, seen) if seen is not None else begun
    if starts:
        yield from _possible(starts)
        if over > begun:
            yield _span("certain", begun, over)
    elif over > 0:
        yield _span("before", 0.0, over)
    if ends:
        yield from _possible(ends)
    elif over < 100:
        yield _span("after", over, 100.0)


def _possible(places: list[float]) -> Iterator[Span]:
    if places[-1] > places[0]:
        yield _span("possible", places[0], places[-1])


def _span(certainty: Certainty, start: float, end: float) -> Span:
    return Span(certainty, start, _rounded(max(end - start, _THINNEST)))


def _rounded(place: float) -> float:
    return round(place, 2)
