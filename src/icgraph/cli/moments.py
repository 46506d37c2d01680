"""Dates and moments as options take them: ISO 8601, in UTC unless they say otherwise."""

from datetime import UTC, datetime, timedelta

import click


class Moment(click.ParamType[datetime]):
    """`2026-11-22`, or `2026-11-22T09:30` with or without an offset; a moment in UTC.

    A date alone is its beginning, or, where it is the `last_day` of something, its end.
    """

    name = "date"

    def __init__(self, *, last_day: bool = False) -> None:
        self._last_day = last_day

    def convert(
        self, value: object, param: click.Parameter | None, ctx: click.Context | None
    ) -> datetime:
        """The moment; fails for what is none."""
        if isinstance(value, datetime):
            return value
        text = str(value).strip()
        try:
            moment = datetime.fromisoformat(text)
            if len(text) <= len("2026-11-22") and self._last_day:
                moment += timedelta(days=1)
            return moment.astimezone(UTC) if moment.tzinfo else moment.replace(tzinfo=UTC)
        except (ValueError, OverflowError):
            self.fail(f"{text!r} is no date such as 2026-11-22.", param, ctx)
