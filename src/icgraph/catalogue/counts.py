"""Counts of the packaged graph, and the page `docs/counts.md` that shows them.

`python -m icgraph.catalogue.counts FILE` writes the page. Each count is a query whose answer
is a list of names with numbers; nothing is counted in Python.
"""

import sys
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from pyoxigraph import DefaultGraph, Literal, NamedNode, Quad, QuerySolutions

from icgraph.model.kinds import KINDS
from icgraph.model.terms import DEFAULT_BASE, prefixes
from icgraph.store.packaged import packaged_dataset
from icgraph.store.scratch import scratch_store


@dataclass(frozen=True, slots=True)
class Count:
    """A table of the page; `query` binds ?thing, ?name and one variable for each number."""

    title: str
    note: str
    heads: tuple[str, ...]
    query: str


@dataclass(frozen=True, slots=True)
class Line:
    """One line of a table: what is counted, as its IRI or text, its name and the numbers."""

    thing: str
    name: str
    numbers: tuple[int, ...]


_OF_PRACTICES: Final = """
SELECT ?thing ?name (COUNT(DISTINCT ?practice) AS ?practices) WHERE {{
  ?thing skos:inScheme <{base}scheme/{scheme}> ; rdfs:label ?name . FILTER(LANG(?name) = "en")
  OPTIONAL {{ ?practice {property} ?thing ; a ic:Practice }}
}} GROUP BY ?thing ?name ORDER BY DESC(?practices) ?name
"""

_COUNTRIES: Final = """
SELECT ?thing ?name (COUNT(DISTINCT ?practice) AS ?practices) (COUNT(DISTINCT ?place) AS ?places)
  (COUNT(DISTINCT ?body) AS ?organisations)
WHERE {
  ?thing a ic:Country ; rdfs:label ?name . FILTER(LANG(?name) = "en")
  { ?practice a ic:Practice ; ic:country ?thing }
  UNION { ?place a ic:Place ; ic:country ?thing }
  UNION { ?body a org:Organization ; dcterms:spatial/ic:country? ?thing }
} GROUP BY ?thing ?name ORDER BY ?name
"""

_KINDS: Final = """
SELECT ?thing ("" AS ?name) (COUNT(DISTINCT ?record) AS ?records) WHERE {{
  VALUES ?thing {{ {types} }} ?record a ?thing
}} GROUP BY ?thing ORDER BY DESC(?records)
"""

_SOURCES: Final = """
SELECT ?thing ?name (COUNT(DISTINCT ?source) AS ?sources) (COUNT(DISTINCT ?practice) AS ?practices)
WHERE {
  ?thing a skos:Concept ; rdfs:label ?name . FILTER(LANG(?name) = "en")
  ?source a ic:SourceDocument ; dcterms:type ?thing .
  OPTIONAL { ?practice dcterms:source ?source ; a ic:Practice }
} GROUP BY ?thing ?name ORDER BY DESC(?sources) ?name
"""

_TITLES: Final = """
SELECT ?thing (?thing AS ?name) (COUNT(DISTINCT ?practice) AS ?practices) WHERE {
  ?practice a ic:Practice ; rdfs:label ?title . BIND(LANG(?title) AS ?thing)
} GROUP BY ?thing ORDER BY DESC(?practices) ?thing
"""

_TYPES: Final = """
SELECT ?thing ?name (COUNT(DISTINCT ?body) AS ?organisations) WHERE {
  ?body a org:Organization ; org:classification ?thing .
  ?thing rdfs:label ?name . FILTER(LANG(?name) = "en")
} GROUP BY ?thing ?name ORDER BY DESC(?organisations) ?name
"""

COUNTS: Final = {
    "kinds": Count(
        "Records by kind",
        "Parts of records (periods, participations, figures) are not counted.",
        ("Kind", "Records"),
        _KINDS.format(
            types=" ".join(f"<{kind.type_iri(DEFAULT_BASE)}>" for kind in KINDS.values())
        ),
    ),
    "countries": Count(
        "By country",
        "Places do not include the country itself. An organisation counts in each country where "
        "it has a place; some have none.",
        ("Country", "Practices", "Places", "Organisations"),
        _COUNTRIES,
    ),
    "topics": Count(
        "Practices by topic",
        "Topics were assigned by reading; a practice has one to several.",
        ("Topic", "Practices"),
        _OF_PRACTICES.format(base=DEFAULT_BASE, scheme="topic", property="dcterms:subject"),
    ),
    "statuses": Count(
        "Practices by status",
        "As of the day of the harvest; not known where no source states an end or that it goes on.",
        ("Status", "Practices"),
        _OF_PRACTICES.format(base=DEFAULT_BASE, scheme="temporal-status", property="ic:status"),
    ),
    "languages": Count(
        "Practices by language of their titles",
        "A practice with titles in several languages counts in each.",
        ("Language", "Practices"),
        _TITLES,
    ),
    "sources": Count(
        "Sources by kind",
        "Only sources whose kind is known; the second number is that of practices seen there.",
        ("Kind of source", "Sources", "Practices"),
        _SOURCES,
    ),
    "organisation types": Count(
        "Organisations by type",
        "Each organisation has one type.",
        ("Type", "Organisations"),
        _TYPES,
    ),
}


def count(quads: Iterable[Quad]) -> dict[str, list[Line]]:
    """The lines of every table, of the records in the default graph."""
    evaluate = scratch_store(quad for quad in quads if quad.graph_name == DefaultGraph())
    prologue = "".join(f"PREFIX {name}: <{iri}>\n" for name, iri in prefixes().items())
    found = {}
    for key, table in COUNTS.items():
        solutions = evaluate(prologue + table.query, {})
        assert isinstance(solutions, QuerySolutions)
        found[key] = [_line(list(solution)) for solution in solutions]
    return found


def _line(terms: list[object]) -> Line:
    thing, name, *numbers = terms
    assert isinstance(thing, NamedNode | Literal)
    kinds = {kind.type_iri(DEFAULT_BASE): kind for kind in KINDS.values()}
    shown = kinds[thing.value].path.capitalize() if thing.value in kinds else _text(name)
    return Line(thing.value, shown, tuple(int(_text(number)) for number in numbers))


def _text(term: object) -> str:
    assert isinstance(term, Literal)
    return term.value


def counts_page(counts: dict[str, list[Line]]) -> str:
    """The page, in Markdown."""
    parts = [
        "# What the graph holds\n",
        "Counted by queries over the packaged graph; written by `make docs`, do not edit.\n",
    ]
    for key, table in COUNTS.items():
        parts.append(f"## {table.title}\n\n{table.note}\n")
        rule = ["---"] + ["---:"] * (len(table.heads) - 1)
        rows = [[line.name, *map(str, line.numbers)] for line in counts[key]]
        parts.append(
            "\n".join(f"| {' | '.join(row)} |" for row in [table.heads, rule, *rows]) + "\n"
        )
    return "\n".join(parts)


if __name__ == "__main__":
    Path(sys.argv[1]).write_text(counts_page(count(packaged_dataset())), encoding="utf-8")
