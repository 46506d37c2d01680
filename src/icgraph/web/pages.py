"""What templates need: texts with their language, years, dates, numbers, names.

Filters and tests of Jinja only; which data a page shows is decided by `records`, `browse` and
`vocabulary`, where links lead by `leading`. Every IRI and text is untrusted; templates escape.
"""

import re
from datetime import date, datetime
from decimal import Decimal, InvalidOperation
from functools import cache, lru_cache
from typing import Any, Final
from urllib.parse import quote, unquote

from babel.dates import format_date, format_datetime, format_skeleton
from babel.numbers import format_decimal
from flask import Flask, current_app, request
from pyoxigraph import Literal, NamedNode

from icgraph.discovery.figures import figures
from icgraph.discovery.networks import belongings
from icgraph.discovery.participants import participants
from icgraph.discovery.records import Record
from icgraph.discovery.timeline import Bar
from icgraph.errors import ICGraphError
from icgraph.model.kinds import KINDS
from icgraph.model.labels import LANGUAGES
from icgraph.model.points import read_point
from icgraph.model.terms import prefixes
from icgraph.web.citation import bibtex, ris
from icgraph.web.languages import PARAMETER, gettext, language_name, ngettext, page_language
from icgraph.web.site import current_site

_MOST_PLACES: Final = 6
_LOCAL: Final = re.compile(r"[A-Za-z0-9][A-Za-z0-9_-]*")
_XSD: Final = "http://www.w3.org/2001/XMLSchema#"


def register(app: Flask) -> None:
    """Give the application's templates their words."""
    app.jinja_env.tests["iri"] = lambda term: isinstance(term, NamedNode)
    app.jinja_env.tests["literal"] = lambda term: isinstance(term, Literal)
    filters = (
        short_name, foreign, years, status, line, dated, position, number, sentence, named,
        expand, kind_word, compact, amount, moment, bar_words,
    )  # fmt: skip
    for function in (*filters, participants, figures, belongings, bibtex, ris):
        app.jinja_env.filters[function.__name__] = function
    app.jinja_env.trim_blocks = True
    app.jinja_env.lstrip_blocks = True
    app.context_processor(_context)


def short_name(iri: str) -> str:
    """What to call a thing that has no label: the language a code means, else the IRI's end."""
    if "/authority/language/" in iri:
        code = iri.rpartition("/")[2]
        return language_name(code, page_language()) or code
    tail = iri.rstrip("/").replace("#", "/").rpartition("/")[2]
    return unquote(tail) or iri


def foreign(text: Literal | NamedNode) -> str | None:
    """The language tag of a text that is not in the page's language, for its `lang`.

    An IRI may stand where a text should; it has no language.
    """
    tag = text.language if isinstance(text, Literal) else None
    return tag if tag and tag.partition("-")[0] != page_language() else None


def years(record: Record, of: str | None = None) -> str:
    """When: "2012–2020", "since 2012", "until 2020", or nothing."""
    start, end = (record.one(f"ic:{name}Year", of) for name in ("start", "end"))
    if start and end:
        return start.value if start == end else f"{start.value}–{end.value}"
    if start:
        if _status_slug(record, of) in {"ongoing", "permanent"}:
            return gettext("since %(year)s", year=start.value)
        return gettext("from %(year)s", year=start.value)
    return gettext("until %(year)s", year=end.value) if end else ""


def status(record: Record, of: str | None = None) -> str:
    """The word for its state ("ended"), or nothing where it is unknown."""
    term = record.one("ic:status", of)
    if term is None or _status_slug(record, of) == "unknown":
        return ""
    label = record.label(term.value)
    return label.value if label else short_name(term.value)


Item = tuple[Literal | str, str | None]


def line(record: Record) -> list[list[Item]]:
    """What, where and when in one line: groups of (text, IRI to link to)."""
    groups: list[list[Item]] = [_what(record), _where(record)]
    groups += [[(words, None)] for words in (years(record), status(record)) if words]
    return [group for group in groups if group]


def _what(record: Record) -> list[Item]:
    """The kind of body, happening, source or place; nothing where the list says it already."""
    names = ("org:classification", "dcterms:type", "dcterms:language")
    terms = [term for name in names for term in record.all(name)]
    if record.name.kind == "place":
        common = {record.reading.expand("ic:Place")}
        terms = [term for term in record.all("rdf:type") if term.value not in common]
    return [(record.label(term.value) or short_name(term.value), None) for term in terms]


def _where(record: Record) -> list[Item]:
    """Places, then their countries; of many places the first few."""
    places = [term.value for term in (*record.all("dcterms:spatial"), *record.all("geo:sfWithin"))]
    of_places = [term.value for place in places for term in record.all("ic:country", place)]
    countries = [term.value for term in record.all("ic:country")] or of_places
    cities = [place for place in dict.fromkeys(places) if place not in countries]
    items: list[Item] = [
        (record.label(iri) or short_name(iri), iri) for iri in cities[:_MOST_PLACES]
    ]
    if len(cities) > _MOST_PLACES:
        more = len(cities) - _MOST_PLACES
        items.append((ngettext("%(num)s more place", "%(num)s more places", more), None))
    items += [(record.label(iri) or short_name(iri), iri) for iri in dict.fromkeys(countries)]
    return items


def dated(term: Any) -> str:
    """A date of any precision in the page's language; other values as they are."""
    if not isinstance(term, Literal):
        return str(term)
    text, kind = term.value, term.datatype.value.removeprefix(_XSD)
    try:
        if kind in {"date", "dateTime"}:
            return format_date(date.fromisoformat(text[:10]), "long", locale=_locale())
        if kind == "gYearMonth":
            month = date.fromisoformat(f"{text[:7]}-01")
            return format_skeleton("yMMMM", month, locale=_locale())
    except ValueError:
        return text
    return text


def moment(time: datetime) -> str:
    """The day and the minute of a recorded change, in UTC."""
    return format_datetime(time, "d MMMM y, HH:mm", locale=_locale()) + " UTC"


def bar_words(bar: Bar) -> str:
    """What a bar of a timeline shows, for those who cannot see it."""
    sentences = []
    if "startEarliest" in bar.bounds:
        sentences.append(_edge(gettext("Start"), bar, "startEarliest", "startLatest"))
    if "endEarliest" in bar.bounds:
        sentences.append(_edge(gettext("End"), bar, "endEarliest", "endLatest"))
    elif bar.goes_on:
        sentences.append(gettext("It goes on."))
    else:
        sentences.append(gettext("The end is not known."))
    if "startEarliest" not in bar.bounds:
        sentences.insert(0, gettext("The start is not known."))
    return " ".join(sentences)


def _edge(word: str, bar: Bar, earliest: str, latest: str) -> str:
    first, last = bar.bounds[earliest], bar.bounds.get(latest, bar.bounds[earliest])
    days = [format_date(day, "long", locale=_locale()) for day in (first, last)]
    if first == last:
        return gettext("%(edge)s: %(day)s.", edge=word, day=days[0])
    return gettext(
        "%(edge)s: between %(first)s and %(last)s.", edge=word, first=days[0], last=days[1]
    )


def position(wkt: Literal) -> str:
    """A point as people write it: 51.25° N, 22.57° E; other geometries as they are."""
    point = read_point(wkt.value)
    if point is None:
        return wkt.value
    longitude, latitude = point
    north = gettext("N") if latitude >= 0 else gettext("S")
    east = gettext("E") if longitude >= 0 else gettext("W")
    figures = [
        format_decimal(abs(value), format="0.##", locale=_locale())
        for value in (latitude, longitude)
    ]
    return f"{figures[0]}° {north}, {figures[1]}° {east}"


def number(value: float) -> str:
    """A number with its thousands apart."""
    return _number(value, _locale())


def amount(term: Any) -> str:
    """A number of the graph with its thousands apart; other values as they are."""
    try:
        return format_decimal(Decimal(term.value), locale=_locale())
    except InvalidOperation:
        return str(term.value)


def sentence(text: str) -> str:
    """The text with its first letter large."""
    return text[:1].upper() + text[1:]


def named(code: str) -> str:
    """The name of a language tag in the page's language."""
    return language_name(code, page_language()) or code


def expand(name: str, record: Record) -> str:
    """The IRI of a prefixed name."""
    return record.reading.expand(name)


def compact(iri: str) -> str:
    """The prefixed name of an IRI where it has one."""
    for prefix, namespace in prefixes(current_site().base.iri).items():
        local = iri.removeprefix(namespace)
        if local != iri and _LOCAL.fullmatch(local):
            return f"{prefix}:{local}"
    return iri


def kind_word(name: str) -> str:
    """The word for a class of the languages of the web: "class", "property", "rule"."""
    last = short_name(name)
    return _kind_words(page_language()).get(last, last)


@cache
def _kind_words(_language: str) -> dict[str, str]:
    """The words in the page's language, which is this one."""
    return {
        "Class": gettext("class"),
        "ObjectProperty": gettext("link"),
        "DatatypeProperty": gettext("value"),
        "AnnotationProperty": gettext("value"),
        "Ontology": gettext("ontology"),
        "Concept": gettext("concept"),
        "ConceptScheme": gettext("list of concepts"),
        "NodeShape": gettext("rule"),
        "PropertyShape": gettext("rule"),
        "Violation": gettext("violation"),
        "Warning": gettext("warning"),
        "Info": gettext("information"),
    }


@lru_cache(maxsize=4096)
def _number(value: int, locale: str) -> str:
    """A list has a hundred counts, most of them small."""
    return format_decimal(value, locale=locale)


def _locale() -> str:
    """Whose way of writing dates and numbers a page follows: British for English."""
    return "en_GB" if page_language() == "en" else page_language()


def _status_slug(record: Record, of: str | None) -> str:
    term = record.one("ic:status", of)
    return term.value.rpartition("/")[2] if term else "unknown"


def _context() -> dict[str, Any]:
    """What every template may use."""
    return {
        "endpoints": current_app.view_functions,
        "kinds": KINDS,
        "language": page_language(),
        "languages": {code: _in_language(code) for code in LANGUAGES},
        "revision": _revision(),
        "site_base": current_site().base.iri,
        "stamp": current_app.extensions["icgraph_stamp"],
    }


def _in_language(code: str) -> str:
    """The address of this page in another language."""
    arguments = list(request.args.items(multi=True))
    kept = [(name, value) for name, value in arguments if name != PARAMETER]
    pairs = [*kept, (PARAMETER, code)]
    return "?" + "&".join(f"{quote(name)}={quote(value)}" for name, value in pairs)


def _revision() -> int | None:
    """The newest revision, or None while there is none: error pages need this too."""
    try:
        return current_site().execution.head()
    except ICGraphError:
        return None
