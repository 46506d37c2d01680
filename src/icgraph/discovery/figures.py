"""Numbers that a practice states, put in order: its own, then those of each place it is in.

A number of inhabitants says nothing of the practice, so figures about a place stand apart.
How numbers are written is the pages' matter.
"""

from dataclasses import dataclass

from pyoxigraph import Literal, NamedNode

from icgraph.discovery.reading import Term
from icgraph.discovery.records import Record
from icgraph.model.iris import slugify


@dataclass(frozen=True, slots=True)
class Figure:
    """One number: what it counts, how many of which unit, and the year it is of."""

    part: str
    label: Literal | None
    value: Term | None
    unit: Literal | None
    year: Term | None


@dataclass(frozen=True, slots=True)
class Figures:
    """The numbers about one thing."""

    about: str
    figures: tuple[Figure, ...]


def figures(record: Record) -> list[Figures]:
    """The figures of the record by what they are about, its own first; by name, then year."""
    by_thing: dict[str, list[Figure]] = {}
    for part in record.all("ic:figure"):
        if isinstance(part, NamedNode):
            about = record.one("ic:figureAbout", part.value)
            thing = about.value if isinstance(about, NamedNode) else record.iri
            by_thing.setdefault(thing, []).append(_figure(record, part.value))
    return [
        Figures(thing, tuple(sorted(by_thing[thing], key=_position)))
        for thing in sorted(by_thing, key=lambda thing: (thing != record.iri, thing))
    ]


def _figure(record: Record, part: str) -> Figure:
    return Figure(
        part,
        record.label(part),
        record.one("ic:value", part),
        record.text("ic:unit", part),
        record.one("ic:year", part),
    )


def _position(figure: Figure) -> tuple[str, str, str]:
    name = slugify(figure.label.value) if figure.label else ""
    return (name, str(figure.year or ""), figure.part)
