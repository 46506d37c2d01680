"""Names beside marks, as many as find room: whoever comes first is named first.

A name that would cover another, or leave the picture, is tried on the other sides of its mark,
then left out; the mark itself and the table beside the picture still tell it.
"""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final
from xml.etree.ElementTree import Element

from pyoxigraph import Literal

from icgraph.web.drawing.svg import element

LONGEST: Final = 34
#: The width of a letter and the height of a line, in parts of the font's size.
_LETTER: Final = 0.56
_LINE: Final = 1.15

Box = tuple[float, float, float, float]


@dataclass(frozen=True, slots=True)
class Named:
    """A mark that would like its name beside it: a circle at a place, of this radius.

    A `weighty` one is named even where its name covers smaller marks.
    """

    x: float
    y: float
    radius: float
    name: Literal
    class_: str = "name"
    weighty: bool = False


class _Boxes:
    """Boxes by the bands of the picture they reach into, so that few are compared."""

    def __init__(self, band: float) -> None:
        self._band = band
        self._bands: dict[int, list[Box]] = defaultdict(list)

    def add(self, box: Box) -> None:
        for band in self._reach(box):
            self._bands[band].append(box)

    def meet(self, box: Box) -> bool:
        """Whether any of them has a part in common with this one."""
        return any(
            _meet(box, other) for band in self._reach(box) for other in self._bands.get(band, ())
        )

    def _reach(self, box: Box) -> range:
        return range(int(box[1] // self._band), int(box[3] // self._band) + 1)


def shortened(text: str, longest: int = LONGEST) -> str:
    """The text, cut with an ellipsis when it is longer than this many letters."""
    return text if len(text) <= longest else text[: longest - 1].rstrip() + "…"


def names(
    marks: Iterable[Named], width: float, height: float, size: float, taken: Iterable[Box] = ()
) -> list[Element]:
    """The names that find room in a picture of this size, written `size` pixels high."""
    small, filled = _Boxes(size), _Boxes(size)
    for box in taken:
        (filled if box[2] - box[0] > size else small).add(box)
    written = []
    for mark in marks:
        text = shortened(mark.name.value)
        for x, y, anchor in _sides(mark, size):
            box = _box(x, y, anchor, len(text), size)
            hidden = filled.meet(box) or (not mark.weighty and small.meet(box))
            if _within(box, width, height) and not hidden:
                filled.add(box)
                written.append(_text(mark, text, x, y, anchor))
                break
    return written


def _text(mark: Named, text: str, x: float, y: float, anchor: str) -> Element:
    return element(
        "text", text, x=x, y=y, class_=mark.class_, text_anchor=anchor, lang=mark.name.language
    )


def _sides(mark: Named, size: float) -> list[tuple[float, float, str]]:
    """Right, left, below and above the mark: where the text begins, and what is its anchor."""
    gap, middle = mark.radius + 0.3 * size, mark.y + 0.35 * size
    return [
        (mark.x + gap, middle, "start"),
        (mark.x - gap, middle, "end"),
        (mark.x, mark.y + gap + 0.8 * size, "middle"),
        (mark.x, mark.y - gap, "middle"),
    ]


def _box(x: float, y: float, anchor: str, letters: int, size: float) -> Box:
    width = letters * _LETTER * size
    left = {"start": x, "end": x - width, "middle": x - width / 2}[anchor]
    return (left, y - 0.8 * size, left + width, y + (_LINE - 0.8) * size)


def _meet(one: Box, other: Box) -> bool:
    return one[0] < other[2] and other[0] < one[2] and one[1] < other[3] and other[1] < one[3]


def _within(box: Box, width: float, height: float) -> bool:
    return box[0] >= 0 and box[1] >= 0 and box[2] <= width and box[3] <= height
