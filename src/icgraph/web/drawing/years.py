"""Practices over time: a bar for each year in which some began, by what is known of their end."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from math import ceil, log10
from typing import Final
from xml.etree.ElementTree import Element

from icgraph.web.drawing.svg import Drawing, element

#: Years told one by one; all before them stand in one bar.
MOST_YEARS: Final = 40
_WIDTH: Final = 960
_HEIGHT: Final = 380
_LEFT: Final = 44
_RIGHT: Final = 14
_TOP: Final = 16
_FOOT: Final = 30
_KEY: Final = 34


@dataclass(frozen=True, slots=True)
class Bar:
    """A year, or all years until one: what to call it, and how many practices of each state."""

    label: str
    parts: tuple[int, ...]

    @property
    def whole(self) -> int:
        """All its practices."""
        return sum(self.parts)


@dataclass(frozen=True, slots=True)
class Words:
    """The texts: title, description, the states in the order of the parts, a bar in words."""

    title: str
    description: str
    states: tuple[str, ...]
    tip: Callable[[Bar], str]


def years_of(bars: Sequence[Bar], words: Words) -> Drawing:
    """The bars side by side, with a scale at the left."""
    most = max((bar.whole for bar in bars), default=0)
    step = _step(most)
    top = max(step, ceil(most / step) * step)
    width = (_WIDTH - _LEFT - _RIGHT) / max(1, len(bars))
    tall = _HEIGHT - _TOP - _FOOT
    marks = (
        *(_rule(value, _HEIGHT - _FOOT - tall * value / top) for value in range(0, top + 1, step)),
        *(_bar(bar, _LEFT + n * width, width, tall / top, words.tip(bar))
          for n, bar in enumerate(bars)),
        *_labels(bars, width),
        *_key(words.states),
    )  # fmt: skip
    return Drawing("years", words.title, words.description, _WIDTH, _HEIGHT + _KEY, marks)


def _step(most: int) -> int:
    """The distance of lines: 1, 2 or 5 times a power of ten, for at most six of them."""
    if most <= 5:
        return 1
    power = int(10 ** int(log10(most / 5)))
    return next(n * power for n in (1, 2, 5, 10) if n * power * 6 >= most)


def _rule(value: int, y: float) -> Element:
    return element(
        "g",
        element("line", x1=_LEFT, x2=_WIDTH, y1=y, y2=y, class_="rule"),
        element("text", str(value), x=_LEFT - 8, y=y + 4, class_="legend", text_anchor="end"),
    )


def _bar(bar: Bar, left: float, width: float, unit: float, tip: str) -> Element:
    parts, y = list[Element](), float(_HEIGHT - _FOOT)
    for n, count in enumerate(bar.parts):
        height = count * unit
        y -= height
        if count:
            box = {"x": left + 0.12 * width, "y": y, "width": 0.76 * width, "height": height}
            parts.append(element("rect", **box, class_=f"state{n}"))
    return element("g", element("title", tip), *parts, class_="bar")


def _labels(bars: Sequence[Bar], width: float) -> list[Element]:
    """The names below the bars: of as many as find room, the first one always."""
    every = max(1, ceil(44 / width))
    middle = _HEIGHT - _FOOT + 18
    return [
        element(
            "text", bar.label, x=_LEFT + (n + 0.5) * width, y=middle, class_="legend",
            text_anchor="middle",
        )
        for n, bar in enumerate(bars)
        if n == 0 or ((len(bars) - 1 - n) % every == 0 and n >= every)
    ]  # fmt: skip


def _key(states: Sequence[str]) -> list[Element]:
    x, y, parts = float(_LEFT), _HEIGHT + 8.0, list[Element]()
    for n, state in enumerate(states):
        parts.append(element("rect", x=x, y=y, width=12, height=12, class_=f"state{n}"))
        parts.append(element("text", state, x=x + 18, y=y + 10, class_="legend"))
        x += 44 + 0.56 * 12 * len(state)
    return parts
