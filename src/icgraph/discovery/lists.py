"""Lists of records: one page of a kind, filtered and counted, and the counts beside the filter.

Sorting and filtering happen in the engine, so that a page costs what it shows. Words are
sought in names and in slugs, which are names without marks: `lodz` finds Łódź.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Final

from pyoxigraph import Literal, NamedNode

from icgraph.discovery.reading import Reading
from icgraph.discovery.records import BRIEF, Record, facts
from icgraph.model.iris import RecordName, slugify
from icgraph.model.kinds import KINDS, Kind

PAGE_LENGTH: Final = 40
#: Words of a search beyond these are not used.
MOST_WORDS: Final = 8
WORD_LENGTH: Final = 60

#: What a list shows of each record.
LISTED: Final = (
    *BRIEF, "dcterms:abstract", "dcterms:subject", "ic:involves", "ic:managedBy", "ic:grant",
    "ic:withinProject", "geo:sfWithin", "dcterms:isPartOf",
)  # fmt: skip

_MATCHES: Final = """
  VALUES ?type {{ UNDEF }}
  ?record a ?type .
  {filters}
"""

_TOPIC: Final = "VALUES ?topic { UNDEF } ?record dcterms:subject ?topic ."
_COUNTRY: Final = "VALUES ?country { UNDEF } ?record ic:country ?country ."

# One block a word: each must occur in a name or slug of the record or of its place. Blocks are
# sub-selects, since Oxigraph evaluates a FILTER EXISTS of this size once for every record.
_WORD: Final = """
  {{ SELECT DISTINCT ?record WHERE {{
    VALUES ?plain{n} {{ UNDEF }} VALUES ?folded{n} {{ UNDEF }}
    {{ ?record rdfs:label ?name . BIND(?record AS ?about) }}
    UNION {{ ?record skos:altLabel ?name . BIND(?record AS ?about) }}
    UNION {{ ?record dcterms:spatial ?about . ?about rdfs:label ?name }}
    FILTER(CONTAINS(LCASE(STR(?name)), ?plain{n})
      || CONTAINS(STRAFTER(STRAFTER(STR(?about), "/id/"), "/"), ?folded{n}))
  }} }}
"""

_COUNT: Final = "SELECT (COUNT(DISTINCT ?record) AS ?count) WHERE {{ {matches} }}"

# The name by which a reader finds it: asked language, English, French, any (rank 0 to 3);
# quotation marks before it do not count.
_PAGE: Final = """
SELECT ?record (MIN(?ranked) AS ?best) WHERE {{
  {{ SELECT DISTINCT ?record WHERE {{ {matches} }} }}
  VALUES ?language {{ UNDEF }}
  ?record rdfs:label ?label .
  BIND(CONCAT(
    IF(LANGMATCHES(LANG(?label), ?language), "0", IF(LANGMATCHES(LANG(?label), "en"), "1",
      IF(LANGMATCHES(LANG(?label), "fr"), "2", "3"))),
    REPLACE(LCASE(STR(?label)), "^[^\\\\p{{L}}\\\\p{{N}}]+", "")) AS ?ranked)
}} GROUP BY ?record ORDER BY SUBSTR(MIN(?ranked), 2) ?record LIMIT {limit} OFFSET {offset}
"""

_NUMBERS: Final = """
SELECT ?type (COUNT(?record) AS ?count) WHERE { VALUES ?type { UNDEF } ?record a ?type }
GROUP BY ?type
"""

_BY_TOPIC: Final = """
SELECT ?thing (COUNT(?practice) AS ?count) WHERE {
  ?thing skos:inScheme ?scheme . VALUES ?scheme { UNDEF }
  OPTIONAL { ?practice dcterms:subject ?thing ; a ic:Practice }
} GROUP BY ?thing
"""

_BY_COUNTRY: Final = """
SELECT ?thing (COUNT(?practice) AS ?count) WHERE {
  ?practice a ic:Practice ; ic:country ?thing
} GROUP BY ?thing
"""


@dataclass(frozen=True, slots=True)
class Filter:
    """What a list is narrowed by; an empty one narrows nothing."""

    text: str = ""
    topic: NamedNode | None = None
    country: NamedNode | None = None

    @property
    def words(self) -> list[str]:
        """The words sought, lower case."""
        return [word[:WORD_LENGTH] for word in self.text.casefold().split()][:MOST_WORDS]


@dataclass(frozen=True, slots=True)
class Page:
    """One page of a list; `number` counts from 1."""

    records: list[Record]
    total: int
    number: int

    @property
    def pages(self) -> int:
        """How many pages the list has, at least one."""
        return max(1, -(-self.total // PAGE_LENGTH))

    @property
    def first(self) -> int:
        """The position of the page's first record, from 1."""
        return (self.number - 1) * PAGE_LENGTH + 1


@dataclass(frozen=True, slots=True)
class Counted:
    """A topic or a country, its name in the reader's language, and how many practices it has."""

    iri: str
    slug: str
    label: Literal
    count: int


def read_page(reading: Reading, kind: Kind, filter_: Filter, number: int) -> Page:
    """A page of the list; a number beyond the last page gives an empty one."""
    matches = _matches(kind, reading, filter_)
    count = _COUNT.format(matches=matches.text)
    total = int(reading.rows(count, **matches.values)[0]["count"].value)
    offset = (number - 1) * PAGE_LENGTH
    query = _PAGE.format(matches=matches.text, limit=PAGE_LENGTH, offset=offset)
    language = [Literal(reading.language)]
    rows = reading.rows(query, **matches.values, language=language) if offset < total else []
    return Page(_records(reading, [row["record"].value for row in rows]), total, number)


def read_numbers(reading: Reading) -> dict[str, int]:
    """How many records each kind has."""
    types = {kind.type_iri(reading.base.iri): kind.name for kind in KINDS.values()}
    rows = reading.rows(_NUMBERS, type=map(NamedNode, types))
    counts = {types[row["type"].value]: int(row["count"].value) for row in rows}
    return {name: counts.get(name, 0) for name in KINDS}


def count_topics(reading: Reading) -> list[Counted]:
    """All topics by name, with the number of practices about each."""
    scheme = NamedNode(f"{reading.base.iri}scheme/topic")
    return _counted(reading, _BY_TOPIC, scheme=[scheme])


def count_countries(reading: Reading) -> list[Counted]:
    """The countries that have practices, by name."""
    return _counted(reading, _BY_COUNTRY)


@dataclass(frozen=True, slots=True)
class _Matches:
    """A group pattern that binds ?record, and the terms its `VALUES` take."""

    text: str
    values: dict[str, Iterable[NamedNode | Literal]]


def _matches(kind: Kind, reading: Reading, filter_: Filter) -> _Matches:
    values: dict[str, Iterable[NamedNode | Literal]] = {
        "type": [NamedNode(kind.type_iri(reading.base.iri))]
    }
    filters = []
    if filter_.topic is not None:
        filters.append(_TOPIC)
        values["topic"] = [filter_.topic]
    if filter_.country is not None:
        filters.append(_COUNTRY)
        values["country"] = [filter_.country]
    for n, word in enumerate(filter_.words):
        filters.append(_WORD.format(n=n))
        values[f"plain{n}"] = [Literal(word)]
        values[f"folded{n}"] = [Literal(slugify(word))]
    return _Matches(_MATCHES.format(filters="\n".join(filters)), values)


def _records(reading: Reading, iris: Sequence[str]) -> list[Record]:
    statements = facts(reading, iris, LISTED)
    names = ((iri, reading.base.name_of(iri)) for iri in iris)
    return [
        Record(name, iri, (iri,), statements, reading) for iri, name in names if name is not None
    ]


def _counted(
    reading: Reading, query: str, **values: Iterable[NamedNode | Literal]
) -> list[Counted]:
    counts = {row["thing"].value: int(row["count"].value) for row in reading.rows(query, **values)}
    known = facts(reading, counts, ["rdfs:label"])
    things = []
    for iri, count in counts.items():
        slug = iri.rpartition("/")[2]
        name = RecordName("place", slug)
        label = Record(name, iri, (iri,), known, reading).label() or Literal(slug)
        things.append(Counted(iri, slug, label, count))
    return sorted(things, key=lambda thing: (slugify(thing.label.value), thing.iri))
