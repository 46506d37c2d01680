"""A heat map: topics down, countries across, the deeper the colour the more practices."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Final
from xml.etree.ElementTree import Element

from pyoxigraph import Literal

from icgraph.web.drawing.labels import shortened
from icgraph.web.drawing.svg import Drawing, element

#: The least number of practices of each depth of colour: each twice that before.
STEPS: Final = (1, 2, 4, 8, 16)
_CELL: Final = 25
_LEFT: Final = 290
_TOP: Final = 120
_KEY: Final = 44
_LONGEST: Final = 40


@dataclass(frozen=True, slots=True)
class Words:
    """The texts: title, description, and a cell in words."""

    title: str
    description: str
    tip: Callable[[str, str, int], str]


def heat_of(
    rows: Sequence[tuple[str, Literal]],
    columns: Sequence[tuple[str, Literal]],
    counts: Mapping[tuple[str, str], int],
    words: Words,
) -> Drawing:
    """The heat map of these rows and columns, each an identifier and a name."""
    width, height = _LEFT + len(columns) * _CELL + 40, _TOP + len(rows) * _CELL + _KEY
    cells = [
        _cell(n, m, count, words.tip(row_name.value, column_name.value, count))
        for m, (row, row_name) in enumerate(rows)
        for n, (column, column_name) in enumerate(columns)
        if (count := counts.get((row, column), 0))
    ]
    marks = (
        *(_row_name(m, name) for m, (_, name) in enumerate(rows)),
        *(_column_name(n, name) for n, (_, name) in enumerate(columns)),
        _grid(len(rows), len(columns)),
        *cells,
        *_key(_TOP + len(rows) * _CELL + 16),
    )
    return Drawing("heat", words.title, words.description, max(width, 640), height, marks)


def depth(count: int) -> int:
    """Which of the depths of colour a number of practices has, from 0."""
    return sum(count >= least for least in STEPS) - 1


def _row_name(m: int, name: Literal) -> Element:
    text, y = shortened(name.value, _LONGEST), _TOP + m * _CELL + 17
    return element(
        "text", text, x=_LEFT - 10, y=y, text_anchor="end", class_="head", lang=name.language
    )


def _column_name(n: int, name: Literal) -> Element:
    x, y = _LEFT + n * _CELL + 16, _TOP - 8
    text = element("text", shortened(name.value, 24), x=x, y=y, class_="head", lang=name.language)
    text.set("transform", f"rotate(-60 {x} {y})")
    return text


def _grid(rows: int, columns: int) -> Element:
    right, foot = _LEFT + columns * _CELL, _TOP + rows * _CELL
    across = "".join(f"M{_LEFT} {_TOP + m * _CELL}H{right}" for m in range(rows + 1))
    down = "".join(f"M{_LEFT + n * _CELL} {_TOP}V{foot}" for n in range(columns + 1))
    return element("path", d=across + down, class_="rule")


def _cell(n: int, m: int, count: int, tip: str) -> Element:
    x, y = _LEFT + n * _CELL, _TOP + m * _CELL
    return element(
        "g",
        element("title", tip),
        *_square(x, y, count),
        element("text", str(count), x=x + _CELL / 2, y=y + 16.5, text_anchor="middle"),
        class_=f"cell depth{depth(count)}",
    )


def _square(x: float, y: float, count: int) -> list[Element]:
    opacity = ("0.14", "0.3", "0.48", "0.76", "1")[depth(count)]
    return [
        element("rect", x=x + 1, y=y + 1, width=_CELL - 2, height=_CELL - 2, fill_opacity=opacity)
    ]


def _key(top: float) -> list[Element]:
    """The numbers each depth stands for."""
    parts, x = list[Element](), float(_LEFT)
    for n, least in enumerate(STEPS):
        last = STEPS[n + 1] - 1 if n + 1 < len(STEPS) else None
        words = f"{least}+" if last is None else str(least) if last == least else f"{least}–{last}"
        parts.append(element("g", *_square(x, top, least), class_=f"cell depth{n}"))
        parts.append(element("text", words, x=x + _CELL + 6, y=top + 17, class_="legend"))
        x += 74
    return parts
