"""The network of partnerships and projects: who takes part in what, by names and lines."""

from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from math import sqrt
from typing import Final
from xml.etree.ElementTree import Element

from pyoxigraph import Literal

from icgraph.web.drawing.labels import Box, Named, names
from icgraph.web.drawing.layout import arrange
from icgraph.web.drawing.svg import Drawing, element, linked

_WIDTH: Final = 1100.0
_KEY: Final = 36
_SIZE: Final = 12.0
#: How many of those with the most links are named whatever they cover.
_WEIGHTY: Final = 14
_LONGEST_TIP: Final = 200


@dataclass(frozen=True, slots=True)
class Ends:
    """What the network calls things: the name of each, where it leads, its number of links."""

    name: Callable[[str], Literal]
    address: Callable[[str], str | None]
    tip: Callable[[str, int], str]


@dataclass(frozen=True, slots=True)
class Words:
    """The texts of the network: title, description, and the key's words for the three marks."""

    title: str
    description: str
    partnership: str
    project: str
    member: str


@dataclass(frozen=True, slots=True)
class _Mark:
    """One end of links: where it stands, how many links it has, what it is, its number."""

    iri: str
    x: float
    y: float
    links: int
    kind: str
    number: int

    @property
    def radius(self) -> float:
        """Its size in pixels; more links make it a little larger."""
        return 3.0 + 1.1 * sqrt(self.links)


def network_of(
    links: Sequence[tuple[str, str]], projects: set[str], ends: Ends, words: Words
) -> Drawing:
    """The network of these links, each from a partnership or project to a member."""
    layout = arrange(tuple(links), _WIDTH)
    degrees = Counter(end for link in links for end in link)
    works = {work for work, _ in links}
    order = sorted(layout.places, key=lambda end: (-degrees[end], end not in works, end))
    marks = {
        end: _Mark(end, *layout.places[end], degrees[end], _kind(end, works, projects), number)
        for number, end in enumerate(order)
    }
    wanted = [
        Named(
            mark.x,
            mark.y,
            mark.radius,
            ends.name(mark.iri),
            f"name {mark.kind}",
            mark.number < _WEIGHTY,
        )
        for mark in marks.values()
    ]
    drawn = (
        *(_line(marks[work], marks[member]) for work, member in links),
        *(_drawn(mark, ends) for mark in marks.values()),
        *names(wanted, layout.width, layout.height, _SIZE, _boxes(wanted)),
        _key(words, layout.height),
    )
    width, height = round(layout.width), round(layout.height) + _KEY
    return Drawing("network", words.title, words.description, width or round(_WIDTH), height, drawn)


def _boxes(wanted: list[Named]) -> list[Box]:
    return [(m.x - m.radius, m.y - m.radius, m.x + m.radius, m.y + m.radius) for m in wanted]


def _kind(end: str, works: set[str], projects: set[str]) -> str:
    if end not in works:
        return "member"
    return "project" if end in projects else "partnership"


def _line(work: _Mark, member: _Mark) -> Element:
    ends = f"{work.number} {member.number}"
    return element(
        "line", class_="tie", data_ends=ends, x1=work.x, y1=work.y, x2=member.x, y2=member.y
    )


def _drawn(mark: _Mark, ends: Ends) -> Element:
    tip = element("title", ends.tip(mark.iri, mark.links)[:_LONGEST_TIP])
    shape = _shape(mark.kind, mark.x, mark.y, mark.radius, tip)
    drawn = linked(ends.address(mark.iri), shape, class_=mark.kind)
    drawn.set("data-end", str(mark.number))
    return drawn


def _shape(kind: str, x: float, y: float, r: float, tip: Element | None = None) -> Element:
    """Squares for projects, diamonds for partnerships, circles for who takes part."""
    if kind == "member":
        return element("circle", tip, cx=x, cy=y, r=r)
    turn = None if kind == "project" else f"rotate(45 {x:.1f} {y:.1f})"
    return element("rect", tip, x=x - r, y=y - r, width=2 * r, height=2 * r, transform=turn)


def _key(words: Words, top: float) -> Element:
    x, middle, parts = 12.0, top + _KEY / 2, list[Element | None]()
    texts = {"partnership": words.partnership, "project": words.project, "member": words.member}
    for kind, text in texts.items():
        parts.append(element("g", _shape(kind, x, middle, 5.0), class_=kind))
        parts.append(element("text", text, x=x + 12, y=middle + 4, class_="legend"))
        x += 36 + 0.56 * 12 * len(text)
    return element("g", *parts)
