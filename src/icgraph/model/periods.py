"""Periods: dates of any precision, the four bounds that queries compare, years and status.

A date keeps the precision it was stated with (a year, a month, a day); its bounds are the
first and the last day it may mean. The bounds of every period of the graph are computed here
and nowhere else. The day of observation is a parameter: nothing here looks at a clock.
"""

import re
from calendar import monthrange
from dataclasses import dataclass
from datetime import date
from typing import Final

_DATE: Final = re.compile(r"([0-9]{4})(?:-([0-9]{2})(?:-([0-9]{2}))?)?")
_BARE_YEAR: Final = re.compile(r"\s*[0-9]{4}\s*")
_PERMANENT: Final = re.compile(r"\bpermanent", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class PartialDate:
    """A year, a month or a day; `first` and `last` are the days it may mean."""

    text: str
    first: date
    last: date

    @property
    def datatype(self) -> str:
        """The local name of its XML Schema datatype: `gYear`, `gYearMonth` or `date`."""
        return {4: "gYear", 7: "gYearMonth", 10: "date"}[len(self.text)]


def parse_date(text: str) -> PartialDate:
    """Read `2012`, `2012-05` or `2012-05-31`; raises ValueError for anything else."""
    match = _DATE.fullmatch(text)
    if match is None:
        raise ValueError(f"{text!r} is no date of the form 2012, 2012-05 or 2012-05-31")
    year, month, day = (None if part is None else int(part) for part in match.groups())
    assert year is not None
    try:
        first = date(year, 1 if month is None else month, 1 if day is None else day)
    except ValueError:
        raise ValueError(f"{text!r} is not in the calendar") from None
    if day is not None:
        return PartialDate(text, first, first)
    last_month = 12 if month is None else month
    return PartialDate(text, first, date(year, last_month, monthrange(year, last_month)[1]))


@dataclass(frozen=True, slots=True)
class Period:
    """What is known of a stretch of time.

    `status` is the slug of a temporal status. `stated_on` is the day for which "ongoing" or
    "permanent" was said, and None for all other statuses.
    """

    start: PartialDate | None
    end: PartialDate | None
    status: str
    wording: str | None = None
    stated_on: date | None = None

    @property
    def bounds(self) -> dict[str, date]:
        """The bounds that are known, by the local names of their properties."""
        found: dict[str, date] = {}
        if self.start is not None:
            found |= {"startEarliest": self.start.first, "startLatest": self.start.last}
        if self.end is not None:
            found |= {"endEarliest": self.end.first, "endLatest": self.end.last}
        return found

    @property
    def says_something(self) -> bool:
        """Whether it is worth stating: a date, a wording, or that it goes on."""
        return bool(self.start or self.end or self.wording or self.stated_on)


@dataclass(frozen=True, slots=True)
class Timing:
    """The period of a record and, where something ongoing was given an end, that phase."""

    period: Period
    phase: Period | None = None


def timing(
    *,
    start: str | None,
    end: str | None,
    ongoing: bool,
    wording: str | None,
    observed: date,
) -> Timing:
    """The period that stated dates mean on the day they were observed.

    A wording that is a bare year is dropped: it dates the entry, not the thing. What goes on
    has no end, so a stated end becomes that of a phase; what is still to end goes on.
    Raises ValueError for a text that is no date and for an end before the start.
    """
    begun = parse_date(start) if start else None
    ended = parse_date(end) if end else None
    if begun and ended and ended.last < begun.first:
        raise ValueError(f"the end {ended.text} lies before the start {begun.text}")
    words = None if wording is None or _BARE_YEAR.fullmatch(wording) else wording
    status = _status(begun, ended, ongoing=ongoing, wording=words, observed=observed)
    if status not in {"ongoing", "permanent"}:
        return Timing(Period(begun, ended, status, words))
    phase = Period(begun, ended, "planned" if ended.last > observed else "ended") if ended else None
    return Timing(Period(begun, None, status, words, observed), phase)


def _status(
    start: PartialDate | None,
    end: PartialDate | None,
    *,
    ongoing: bool,
    wording: str | None,
    observed: date,
) -> str:
    if ongoing:
        return "permanent" if wording and _PERMANENT.search(wording) else "ongoing"
    if start and start.first > observed:
        return "planned"
    if end is None:
        return "unknown"
    return "ended" if end.last < observed else "ongoing"
