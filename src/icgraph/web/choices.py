"""What the page of a list shows of the selection: what is chosen, what can be, and the ways out.

Names of facets in the page's language, values by their number of results; every link is an
address of the same list.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from typing import Final

from pyoxigraph import Literal

from icgraph.discovery.facets import YEAR
from icgraph.discovery.folding import fold
from icgraph.discovery.selection import Choice, Narrowed, Selection
from icgraph.discovery.tables import Value
from icgraph.model.labels import choose
from icgraph.web.languages import gettext, page_language
from icgraph.web.pages import short_name
from icgraph.web.selection import Asked

Named = tuple[Choice, Literal | str]

#: Values shown of a facet at once, behind "more", and when it is shown whole.
_FIRST: Final = 8
_MORE: Final = 30
_WHOLE: Final = 5000


@dataclass(frozen=True, slots=True)
class Chip:
    """Something chosen: the facet, what it is called, whether it is known, and how to remove it."""

    facet: str
    label: Literal | str
    known: bool
    address: str
    count: int = 0


@dataclass(frozen=True, slots=True)
class Panel:
    """A facet: its values, the first of them and more; `whole` leads to all, where there are more.

    `total` is how many values there are.
    """

    name: str
    title: str
    first: list[Named]
    more: list[Named]
    total: int
    whole: str | None


def titles() -> dict[str, str]:
    """The names of facets in the page's language."""
    return {
        "topic": gettext("Topic"),
        "country": gettext("Country"),
        "city": gettext("City or region"),
        "year": gettext("Active in the year"),
        "status": gettext("Status"),
        "organisation-type": gettext("Kind of organisation"),
        "project": gettext("In the project"),
        "programme": gettext("Programme"),
        "language": gettext("Language of sources"),
        "type": gettext("Kind of place"),
        "region": gettext("Region"),
        "network": gettext("Network"),
        "activity-type": gettext("Kind of activity"),
        "source-kind": gettext("Kind of source"),
    }


def chips(asked: Asked, narrowed: Narrowed) -> list[Chip]:
    """Everything chosen, each with the address of the list without it."""
    return [chip for chip, _ in _chosen(asked, narrowed)]


def panels(asked: Asked, narrowed: Narrowed) -> list[Panel]:
    """The facets that have something to choose."""
    names = titles()
    found = [_panel(asked, narrowed, facet, names[facet]) for facet in narrowed.table.facets]
    return [panel for panel in found if panel.total]


def ways_out(asked: Asked, narrowed: Narrowed) -> list[Chip]:
    """What to remove where nothing fits: choices without which something would, the best first."""
    found = []
    for chip, selection in _chosen(asked, narrowed):
        count = Narrowed(narrowed.table, selection).total
        if count:
            found.append(replace(chip, count=count))
    return sorted(found, key=lambda chip: -chip.count)


def label_of(value: Value) -> Literal | str:
    """What to call a value in the page's language."""
    label = choose(value.labels, page_language())
    return label or (short_name(value.iri) if value.iri else value.code)


def _panel(asked: Asked, narrowed: Narrowed, facet: str, title: str) -> Panel:
    choices = narrowed.choices(facet)
    total = len(choices)
    if asked.expanded == facet:
        return Panel(facet, title, [], _in_order(facet, choices[:_WHOLE]), total, None)
    if facet == YEAR:
        choices.sort(key=lambda choice: choice.value.code, reverse=True)
    else:
        choices.sort(key=lambda choice: (not choice.chosen, -choice.count, choice.value.code))
    first = [(choice, label_of(choice.value)) for choice in choices[:_FIRST]]
    more = _in_order(facet, choices[_FIRST:_MORE])
    whole = asked.address(all=facet, _anchor=f"facet-{facet}") if total > _MORE else None
    return Panel(facet, title, first, more, total, whole)


def _in_order(facet: str, choices: Iterable[Choice]) -> list[Named]:
    """Years as they were, the newest first; all else by name."""
    named = [(choice, label_of(choice.value)) for choice in choices]
    return named if facet == YEAR else sorted(named, key=_by_name)


def _chosen(asked: Asked, narrowed: Narrowed) -> Iterator[tuple[Chip, Selection]]:
    """Each choice, and the selection without it."""
    names = titles()
    selection = asked.selection
    if selection.text:
        left = replace(selection, text="")
        yield Chip(gettext("Words"), f"“{selection.text}”", True, asked.address(left)), left
    for facet, codes in selection.values.items():
        for code in codes:
            value = narrowed.table.facets[facet].get(code)
            left = selection.without(facet, code)
            label = code if value is None else label_of(value)
            yield Chip(names[facet], label, value is not None, asked.address(left)), left
    if selection.certain and selection.values.get(YEAR):
        left = replace(selection, certain=False)
        yield Chip(names[YEAR], gettext("for certain"), True, asked.address(left)), left


def _by_name(pair: Named) -> tuple[str, str]:
    label = pair[1]
    return (fold(label if isinstance(label, str) else label.value), pair[0].value.code)
