"""What the pictures show: one query each, its rows, and the names of the things in them.

A picture, its table and the query beside it are made of the same `Answer`, so none can say
more than the others. Each query is bounded; one that gives all the rows it may says so, and
what a picture has no place for (a city without coordinates) is counted, never left out silently.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Final

from pyoxigraph import Literal, NamedNode

from icgraph.discovery.asking import Asking, rows
from icgraph.discovery.reading import Reading, Row
from icgraph.discovery.records import Record, facts
from icgraph.model.iris import RecordName, slugify
from icgraph.model.points import read_point

#: Longitude and latitude, in degrees.
Point = tuple[float, float]

#: The kinds of collaboration the network shows, by the name in addresses.
WORKS: Final = {"partnership": "Partnership", "project": "Project"}

MOST_PLACES: Final = 2000
MOST_LINKS: Final = 800
MOST_CELLS: Final = 4000

_CITIES: Final = f"""
SELECT ?place ?country (SAMPLE(?wkt) AS ?point) (COUNT(DISTINCT ?practice) AS ?practices) WHERE {{
  ?place a ic:City ; ic:country ?country .
  OPTIONAL {{ ?place geo:hasCentroid/geo:asWKT ?wkt }}
  OPTIONAL {{ ?practice dcterms:spatial ?place ; a ic:Practice }}
}}
GROUP BY ?place ?country
ORDER BY DESC(?practices) ?place ?country
LIMIT {MOST_PLACES}
"""

_LINKS: Final = f"""
SELECT DISTINCT ?work ?kind ?member WHERE {{
  VALUES ?kind {{ UNDEF }}
  ?work a ?kind ; ic:involves ?member .
}}
ORDER BY ?work ?member
LIMIT {MOST_LINKS}
"""

_LINKS_OF_A_COUNTRY: Final = f"""
SELECT DISTINCT ?work ?kind ?member WHERE {{
  {{ SELECT DISTINCT ?work WHERE {{
    VALUES ?country {{ UNDEF }}
    ?place geo:sfWithin* ?country . ?one dcterms:spatial ?place . ?work ic:involves ?one
  }} }}
  VALUES ?kind {{ UNDEF }}
  ?work a ?kind ; ic:involves ?member .
}}
ORDER BY ?work ?member
LIMIT {MOST_LINKS}
"""

_COUNTRIES: Final = """
SELECT DISTINCT ?country WHERE {
  VALUES ?kind { UNDEF }
  ?work a ?kind ; ic:involves ?member .
  ?member dcterms:spatial/geo:sfWithin* ?country .
  ?country a ic:Country .
} LIMIT 400
"""

_POINTS: Final = """
SELECT ?place (SAMPLE(?wkt) AS ?point) WHERE {
  VALUES ?place { UNDEF }
  ?place geo:hasCentroid/geo:asWKT ?wkt
} GROUP BY ?place
"""

_YEARS: Final = f"""
SELECT ?year ?status (COUNT(DISTINCT ?practice) AS ?practices) WHERE {{
  ?practice a ic:Practice .
  OPTIONAL {{ ?practice ic:startYear ?year }}
  OPTIONAL {{ ?practice ic:status ?status }}
}}
GROUP BY ?year ?status
ORDER BY ?year ?status
LIMIT {MOST_CELLS}
"""

_TOPICS: Final = f"""
SELECT ?topic ?country (COUNT(DISTINCT ?practice) AS ?practices) WHERE {{
  ?practice a ic:Practice .
  OPTIONAL {{ ?practice ic:country ?country }}
  OPTIONAL {{ ?practice dcterms:subject ?topic . ?topic skos:inScheme ?scheme . VALUES ?scheme {{ UNDEF }} }}
}}
GROUP BY ?topic ?country
ORDER BY ?topic ?country
LIMIT {MOST_CELLS}
"""  # noqa: E501 - one line reads best where people see the query


@dataclass(frozen=True, slots=True)
class Answer:
    """The rows of a query, its text, and the names of what the rows mention.

    `full` says that there are as many rows as the query allows, so that there may be more.
    """

    query: str
    rows: tuple[Row, ...]
    names: dict[str, Literal]
    full: bool

    def name(self, iri: str) -> Literal:
        """What to call a thing, in the reader's language where possible."""
        return self.names.get(iri) or Literal(iri.rstrip("/").replace("#", "/").rpartition("/")[2])

    def by_name(self, iris: Iterable[str]) -> list[str]:
        """These things in the order of their names."""
        return sorted(set(iris), key=lambda iri: (slugify(self.name(iri).value), iri))


@dataclass(frozen=True, slots=True)
class City:
    """A city; its point is (longitude, latitude) in degrees, None where nobody told it."""

    iri: str
    country: str
    point: Point | None
    practices: int


@dataclass(frozen=True, slots=True)
class Link:
    """A member takes part in a partnership or project; `kind` is the class of the latter."""

    work: str
    kind: str
    member: str


@dataclass(frozen=True, slots=True)
class Count:
    """How many practices share these two values; None stands for what they do not tell."""

    row: str | None
    column: str | None
    practices: int


def ask_cities(reading: Reading) -> Answer:
    """All cities, those with the most practices first."""
    return _ask(reading, _CITIES, MOST_PLACES)


def ask_links(reading: Reading, kind: str = "", country: NamedNode | None = None) -> Answer:
    """Who takes part in which partnership or project (`WORKS`), of one kind if one is given.

    With a country: all members of those in which somebody from that country takes part.
    """
    kinds = [NamedNode(reading.expand(f"ic:{name}")) for name in _classes(kind)]
    if country is None:
        return _ask(reading, _LINKS, MOST_LINKS, kind=kinds)
    return _ask(reading, _LINKS_OF_A_COUNTRY, MOST_LINKS, kind=kinds, country=[country])


def ask_countries(reading: Reading) -> Answer:
    """The countries that take part in any partnership or project."""
    kinds = [NamedNode(reading.expand(f"ic:{name}")) for name in WORKS.values()]
    return _ask(reading, _COUNTRIES, 400, kind=kinds)


def ask_years(reading: Reading) -> Answer:
    """How many practices began in each year, by what is known of their end."""
    return _ask(reading, _YEARS, MOST_CELLS)


def ask_topics(reading: Reading) -> Answer:
    """How many practices each country has on each topic."""
    scheme = NamedNode(f"{reading.base.iri}scheme/topic")
    return _ask(reading, _TOPICS, MOST_CELLS, scheme=[scheme])


def seek_points(places: Sequence[NamedNode]) -> Asking[dict[str, Point]]:
    """Where these places are, as far as it is known."""
    if not places:
        return {}
    told = yield from rows(_POINTS, place=places)
    found = {row["place"].value: _point(row) for row in told}
    return {iri: at for iri, at in sorted(found.items()) if at is not None}


def cities(answer: Answer) -> list[City]:
    """The rows of `ask_cities`; of a city in two countries the first counts."""
    found: dict[str, City] = {}
    for row in answer.rows:
        iri = row["place"].value
        city = City(iri, row["country"].value, _point(row), _number(row))
        found.setdefault(iri, city)
    return list(found.values())


def links(answer: Answer) -> list[Link]:
    """The rows of `ask_links`."""
    return [Link(row["work"].value, row["kind"].value, row["member"].value) for row in answer.rows]


def counts(answer: Answer, row: str, column: str) -> list[Count]:
    """The rows of a query that counts practices by two variables."""
    return [Count(_value(one, row), _value(one, column), _number(one)) for one in answer.rows]


def _classes(kind: str) -> list[str]:
    return [WORKS[kind]] if kind else list(WORKS.values())


def _ask(
    reading: Reading, query: str, most: int, **values: Iterable[NamedNode | Literal]
) -> Answer:
    terms: dict[str, Iterable[NamedNode | Literal]] = {
        name: tuple(given) for name, given in values.items()
    }
    told = tuple(reading.rows(query, **terms))
    iris = {term.value for row in told for term in row.values() if isinstance(term, NamedNode)}
    text = reading.complete(query, **terms).strip()
    return Answer(text, told, _names(reading, sorted(iris)), len(told) >= most)


def _names(reading: Reading, iris: list[str]) -> dict[str, Literal]:
    known = facts(reading, iris, ["rdfs:label"])
    nameless = RecordName("", "")
    labels = ((iri, Record(nameless, iri, (iri,), known, reading).label()) for iri in iris)
    return {iri: label for iri, label in labels if label is not None}


def _value(row: Row, name: str) -> str | None:
    return row[name].value if name in row else None


def _point(row: Row) -> Point | None:
    wkt = row.get("point")
    return read_point(wkt.value) if isinstance(wkt, Literal) else None


def _number(row: Row) -> int:
    return int(row["practices"].value)
