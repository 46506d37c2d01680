"""The four pictures as pages show them: drawing, notes, and the same as a table.

Each is made of one answer (`discovery.pictures`). What a picture leaves out (a city that has no
coordinates, a practice without a year) its notes tell in numbers, and its table holds.
"""

from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import Final

from flask import url_for
from pyoxigraph import Literal

from icgraph.discovery.pictures import WORKS, Answer, cities, counts, links
from icgraph.model.iris import SLUG
from icgraph.web.drawing import heat, maps, network, years
from icgraph.web.drawing.svg import Drawing
from icgraph.web.languages import gettext, ngettext

#: A text or number, and where it leads.
Item = tuple[Literal | str | int, str | None]
Address = Callable[[str], str | None]

MOST_COLUMNS: Final = 60
MOST_ROWS: Final = 40
_STATES: Final = ("ended", "ongoing", "permanent", "unknown")


@dataclass(frozen=True, slots=True)
class Shown:
    """A picture, the answer it is made of, notes, and its table: heads, and rows of cells."""

    drawing: Drawing
    answer: Answer
    notes: list[str]
    heads: list[Literal | str]
    rows: list[list[list[Item]]]


def shown_map(answer: Answer, address: Address) -> Shown:
    """The cities on a map."""
    found = cities(answer)
    spots = [
        maps.Spot(*city.point, city.practices, name, _city_tip(name, city.practices),
                  address(city.iri))
        for city in found
        if city.point
        for name in [answer.name(city.iri)]
    ]  # fmt: skip
    missing = len(found) - len(spots)
    notes = []
    if missing:
        notes.append(
            ngettext(
                "%(num)s of %(all)s cities has no known coordinates: it is in the table, not on "
                "the map.",
                "%(num)s of %(all)s cities have no known coordinates: they are in the table, not "
                "on the map.",
                missing,
                all=len(found),
            )
        )
    notes.append(
        gettext("The borders are those of Natural Earth; they express no opinion on any territory.")
    )
    words = maps.Words(
        gettext("Map of cities"),
        gettext(
            "%(placed)s cities on a map of Europe and one of the world; the larger a circle, the "
            "more practices of the city are known.",
            placed=len(spots),
        ),
        gettext("no practice yet"),
        lambda number: ngettext("%(num)s practice", "%(num)s practices", number),
    )
    drawing = maps.map_of(spots, {_slug(city.country) for city in found}, words)
    heads: list[Literal | str] = [
        gettext("City"), gettext("Country"), gettext("Practices"), gettext("Coordinates"),
    ]  # fmt: skip
    rows: list[list[list[Item]]] = [
        [
            _thing(answer, city.iri, address),
            _thing(answer, city.country, address),
            [(city.practices, None)],
            [(_coordinates(city.point), None)],
        ]
        for city in sorted(
            found, key=lambda city: (-city.practices, answer.name(city.iri).value, city.iri)
        )
    ]
    return Shown(drawing, answer, notes, heads, rows)


def shown_network(answer: Answer, address: Address) -> Shown:
    """Who takes part in which partnership or project."""
    found = links(answer)
    members: dict[str, list[str]] = defaultdict(list)
    for link in found:
        members[link.work].append(link.member)
    projects = {link.work for link in found if link.kind.endswith(f"/{WORKS['project']}")}
    kinds = {link.work: link.kind for link in found}
    people = {link.member for link in found}
    words = network.Words(
        gettext("Network of partnerships and projects"),
        gettext(
            "%(works)s partnerships and projects, linked with the %(members)s organisations that "
            "take part in them.",
            works=len(members),
            members=len(people),
        ),
        gettext("Partnerships"),
        gettext("Projects"),
        gettext("Organisations"),
    )
    ends = network.Ends(
        answer.name, address, lambda end, number: _end_tip(answer.name(end).value, number)
    )
    pairs = list(dict.fromkeys((link.work, link.member) for link in found))
    drawing = network.network_of(pairs, projects, ends, words)
    heads: list[Literal | str] = [
        gettext("Partnership or project"), gettext("Kind"), gettext("Who takes part"),
    ]  # fmt: skip
    rows: list[list[list[Item]]] = [
        [
            _thing(answer, work, address),
            [(answer.name(kinds[work]), None)],
            [
                item
                for one in answer.by_name(members[work])
                for item in _thing(answer, one, address)
            ],
        ]
        for work in answer.by_name(members)
    ]
    return Shown(drawing, answer, [], heads, rows)


def shown_years(answer: Answer, _address: Address) -> Shown:
    """How many practices began in each year."""
    found = counts(answer, "year", "status")
    states = sorted({one.column for one in found}, key=_state_order)
    by_year: dict[int | None, Counter[str | None]] = defaultdict(Counter)
    for one in found:
        by_year[_year(one.row)][one.column] += one.practices
    undated = sum(by_year.pop(None, Counter[str | None]()).values())
    dated = {year: number for year, number in by_year.items() if year is not None}
    names = tuple(answer.name(state) if state else gettext("not told") for state in states)
    told = [name if isinstance(name, str) else name.value for name in names]
    bars = _bars(dated, states)
    words = years.Words(
        gettext("Practices over time"),
        gettext(
            "A bar for each year: its height is the number of practices that began in it, its "
            "colours say what is known of their end."
        ),
        tuple(told),
        lambda bar: _bar_tip(bar, told),
    )
    notes = []
    if undated:
        whole = undated + sum(number.total() for number in dated.values())
        notes.append(
            ngettext(
                "%(num)s of %(all)s practices does not say when it began: no bar counts it.",
                "%(num)s of %(all)s practices do not say when they began: no bar counts them.",
                undated,
                all=whole,
            )
        )
    heads: list[Literal | str] = [gettext("Year"), *names, gettext("Together")]
    rows: list[list[list[Item]]] = [
        [[(str(year), None)], *_plain(dated[year][state] for state in states),
         [(dated[year].total(), None)]]
        for year in sorted(dated, reverse=True)
    ]  # fmt: skip
    return Shown(years.years_of(bars, words), answer, notes, heads, rows)


def shown_topics(answer: Answer, address: Address) -> Shown:
    """How many practices each country has on each topic."""
    found = [one for one in counts(answer, "topic", "country") if one.practices]
    cells = {(one.row, one.column): one.practices for one in found if one.row and one.column}
    topics = _most_first(answer, [(row, number) for (row, _), number in cells.items()])
    countries = _most_first(answer, [(column, number) for (_, column), number in cells.items()])
    words = heat.Words(
        gettext("Topics by country"),
        gettext(
            "A row for each topic, a column for each country; a number in a square is that of the "
            "country’s practices on the topic."
        ),
        _cell_tip,
    )
    drawing = heat.heat_of(
        [(topic, answer.name(topic)) for topic in topics[:MOST_ROWS]],
        [(country, answer.name(country)) for country in countries[:MOST_COLUMNS]],
        cells,
        words,
    )
    notes = [gettext("A practice on several topics counts under each of them.")]
    rest = max(0, len(topics) - MOST_ROWS) + max(0, len(countries) - MOST_COLUMNS)
    if rest:
        notes.append(
            ngettext(
                "%(num)s topic or country with fewer practices is in the table only.",
                "%(num)s topics and countries with fewer practices are in the table only.",
                rest,
            )
        )
    unsorted = sum(one.practices for one in found if not (one.row and one.column))
    if unsorted:
        notes.append(
            ngettext(
                "%(num)s practice states no topic or no country: no square counts it.",
                "%(num)s practices state no topic or no country: no square counts them.",
                unsorted,
            )
        )
    heads: list[Literal | str] = [
        gettext("Topic"),
        *(answer.name(country) for country in countries),
    ]
    rows: list[list[list[Item]]] = [
        [
            _thing(answer, topic, address),
            *([_cell(topic, country, cells.get((topic, country), 0))] for country in countries),
        ]
        for topic in topics
    ]
    return Shown(drawing, answer, notes, heads, rows)


def _plain(values: Iterable[Literal | str | int]) -> list[list[Item]]:
    """Cells of one value each that lead nowhere."""
    return [[(value, None)] for value in values]


def _thing(answer: Answer, iri: str, address: Address) -> list[Item]:
    return [(answer.name(iri), address(iri))]


def _slug(iri: str) -> str:
    return iri.rpartition("/")[2]


def _city_tip(name: Literal, number: int) -> str:
    return _told(name.value, ngettext("%(num)s practice", "%(num)s practices", number))


def _end_tip(name: str, number: int) -> str:
    return _told(name, ngettext("%(num)s link", "%(num)s links", number))


def _cell_tip(topic: str, country: str, number: int) -> str:
    practices = ngettext("%(num)s practice", "%(num)s practices", number)
    return _told(f"{topic}, {country}", practices)


def _told(name: str, words: str) -> str:
    return gettext("%(name)s: %(words)s", name=name, words=words)


def _bar_tip(bar: years.Bar, states: Sequence[str]) -> str:
    told = [f"{state} {number}" for state, number in zip(states, bar.parts, strict=True) if number]
    practices = ngettext("%(num)s practice", "%(num)s practices", bar.whole)
    return _told(bar.label, practices + (f" ({', '.join(told)})" if told else ""))


def _coordinates(point: tuple[float, float] | None) -> str:
    return f"{point[1]:.2f}, {point[0]:.2f}" if point else gettext("not known")


def _state_order(state: str | None) -> tuple[int, str]:
    """Known states in their order, others after them, none at all last."""
    if state is None:
        return (len(_STATES) + 1, "")
    slug = _slug(state)
    return (_STATES.index(slug) if slug in _STATES else len(_STATES), slug)


def _year(text: str | None) -> int | None:
    """The year as a number; None for what is no year of our era."""
    short = text is not None and text.isascii() and text.isdecimal() and len(text) <= 4
    return int(text) if text is not None and short else None


def _bars(dated: dict[int, Counter[str | None]], states: Sequence[str | None]) -> list[years.Bar]:
    """A bar for each of the last years, empty ones too, and one for all years before."""
    if not dated:
        return []
    last = max(dated)
    first = max(min(dated), last - years.MOST_YEARS + 1)
    before = sum((dated[year] for year in dated if year < first), Counter[str | None]())
    bars = [
        years.Bar(str(year), tuple(dated.get(year, Counter())[state] for state in states))
        for year in range(first, last + 1)
    ]
    if before:
        bars.insert(0, years.Bar(f"–{first - 1}", tuple(before[state] for state in states)))
    return bars


def _most_first(answer: Answer, numbered: list[tuple[str, int]]) -> list[str]:
    totals: Counter[str] = Counter()
    for name, number in numbered:
        totals[name] += number
    return sorted(answer.by_name(totals), key=lambda name: -totals[name])


def _cell(topic: str, country: str, number: int) -> Item:
    topic_slug, country_slug = _slug(topic), _slug(country)
    if not number or not SLUG.fullmatch(topic_slug) or not SLUG.fullmatch(country_slug):
        return (number, None)
    return (number, url_for("browse.practices", topic=topic_slug, country=country_slug))
