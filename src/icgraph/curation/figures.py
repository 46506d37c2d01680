"""Figures and money: what a number counts, in which unit and year, and of what it tells.

A figure that describes the city and not the practice (its inhabitants, its nationalities) is
context: a reviewable table says which are, and they are stated about the practice's place.
"""

from collections.abc import Mapping, Set
from dataclasses import dataclass

from pyoxigraph import Literal, NamedNode

from icgraph.curation.facts import Fact
from icgraph.curation.statements import Subject, integer, number, plain, text
from icgraph.model.iris import slugify

_SLUG_LENGTH = 60


@dataclass(frozen=True, slots=True)
class FigureDesk:
    """What is needed to state figures: the context figures by practice and words, the units."""

    context: Set[tuple[str, str]]
    units: Mapping[str, str]

    def state(self, record: Subject, fact: Fact, place: NamedNode) -> None:
        """State the figures and the cost of a practice; `place` is where it is carried out."""
        names: set[str] = set()
        figures = sorted(fact.within("figures"), key=_order)
        for figure in figures:
            what, unit = figure.text("what"), figure.text("unit")
            value, year = _value(figure), figure.year("year")
            name = _free(f"figure-{slugify(what)[:_SLUG_LENGTH].rstrip('-')}", year, names)
            part = record.part(name, "ic:figure", "ic:Figure")
            part.state("rdfs:label", text(what, "en"))
            part.state("ic:value", value)
            part.state("ic:unit", text(self.units.get(unit, unit), "en"))
            if year is not None:
                part.state("ic:year", integer(year))
            about_place = (fact.text("id"), what) in self.context
            part.state("ic:figureAbout", place if about_place else record.node)
        cost = fact.part("cost")
        if cost.values:
            state_amount(record, "cost", _value(cost), cost.text("currency"))


def state_amount(record: Subject, name: str, value: Literal, currency: str) -> None:
    """State a sum of money as the part of that name, linked by the property of that name."""
    part = record.part(name, f"ic:{name}", "ic:Amount")
    part.state("ic:value", value)
    part.state("ic:currency", plain(currency))


def _value(fact: Fact) -> Literal:
    value = fact.number("value")
    if value is None:
        raise fact.broken("value", "is missing", "Add it as a number.")
    return number(value)


def _order(figure: Fact) -> tuple[str, str, float]:
    return figure.text("what"), str(figure.year("year")), figure.number("value") or 0


def _free(stem: str, year: int | None, taken: set[str]) -> str:
    """A name for the part: the words, then the year, then a number where it is taken."""
    names = [stem] if year is None else [f"{stem}-{year}"]
    count = 2
    while names[-1] in taken:
        names.append(f"{names[0]}-{count}")
        count += 1
    taken.add(names[-1])
    return names[-1]
