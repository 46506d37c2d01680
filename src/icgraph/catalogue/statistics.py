"""Figures of the default graph, counted by the engine: what VoID tells of a dataset.

Each is exact for the revision it was counted on. Of partitions the largest are named, and all
are counted.
"""

from collections import defaultdict
from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

from pyoxigraph import BlankNode, Literal, NamedNode

from icgraph.model.iris import Base
from icgraph.model.terms import FOREIGN_PREFIXES, prefixes

Term = NamedNode | BlankNode | Literal
Rows = Callable[[str], list[dict[str, Term]]]

#: So many classes, properties and graphs are named.
NAMED: Final = 500

#: One query, so that all figures are of one revision, whatever is published meanwhile.
_QUERY: Final = """
SELECT ?figure ?part ?count WHERE {{
  {{ SELECT ("triples" AS ?figure) (COUNT(*) AS ?count) WHERE {{ ?s ?p ?o }} }}
  UNION {{ SELECT ("entities" AS ?figure) (COUNT(DISTINCT ?s) AS ?count) WHERE {{
    ?s a ?type . FILTER(STRSTARTS(STR(?s), "{space}") && !CONTAINS(STR(?s), "#")) }} }}
  UNION {{ SELECT ("subjects" AS ?figure) (COUNT(DISTINCT ?s) AS ?count) {{ ?s ?p ?o }} }}
  UNION {{ SELECT ("objects" AS ?figure) (COUNT(DISTINCT ?o) AS ?count) {{ ?s ?p ?o }} }}
  UNION {{ SELECT ("classes" AS ?figure) (COUNT(DISTINCT ?c) AS ?count) {{ ?s a ?c }} }}
  UNION {{ SELECT ("properties" AS ?figure) (COUNT(DISTINCT ?p) AS ?count) {{ ?s ?p ?o }} }}
  UNION {{ SELECT ("changes" AS ?figure) (COUNT(DISTINCT ?change) AS ?count) WHERE {{
    GRAPH <{provenance}> {{ ?change a prov:Activity }} }} }}
  UNION {{ SELECT ("by class" AS ?figure) ?part (COUNT(*) AS ?count) WHERE {{
    ?s a ?part FILTER(ISIRI(?part)) }}
    GROUP BY ?part ORDER BY DESC(?count) ?part LIMIT {named} }}
  UNION {{ SELECT ("by property" AS ?figure) ?part (COUNT(*) AS ?count) {{ ?s ?part ?o }}
    GROUP BY ?part ORDER BY DESC(?count) ?part LIMIT {named} }}
  UNION {{ SELECT ("by graph" AS ?figure) ?part (COUNT(*) AS ?count) WHERE {{
    GRAPH ?part {{ ?s ?p ?o }} FILTER(ISIRI(?part)) }}
    GROUP BY ?part ORDER BY DESC(?count) ?part LIMIT {named} }}
}}
"""

Parts = tuple[tuple[str, int], ...]


@dataclass(frozen=True, slots=True)
class Statistics:
    """Counts of the default graph, and of each named graph its statements.

    `entities` are the records; `by_class` and the like hold IRIs with their counts, the largest
    first, `NAMED` at most, while `classes` and `properties` count them all. `changes` is the
    number of recorded changes, which is that of the revision; 0 where none is recorded.
    """

    triples: int
    entities: int
    subjects: int
    objects: int
    changes: int
    classes: int
    properties: int
    by_class: Parts
    by_property: Parts
    by_graph: Parts


def count_statistics(rows: Rows, base: str) -> Statistics:
    """The figures of the newest revision of a graph below `base`."""
    provenance = Base(base).graph("provenance")
    query = f"PREFIX prov: <{FOREIGN_PREFIXES['prov']}>" + _QUERY.format(
        space=f"{base}id/", provenance=provenance, named=NAMED
    )
    counts: dict[str, int] = {}
    parts: dict[str, list[tuple[str, int]]] = defaultdict(list)
    for row in rows(query):
        figure, count = row["figure"].value, _number(row["count"])
        if "part" in row:
            parts[figure].append((row["part"].value, count))
        else:
            counts[figure] = count
    return Statistics(
        **counts,
        by_class=_largest_first(parts["by class"]),
        by_property=_largest_first(parts["by property"]),
        by_graph=_largest_first(parts["by graph"]),
    )


def vocabularies(statistics: Statistics, base: str) -> list[str]:
    """The namespaces of the properties and classes that are used, of those that have a prefix."""
    used = [iri for iri, _ in (*statistics.by_class, *statistics.by_property)]
    known = set(prefixes(base).values())
    return sorted(space for space in known if any(iri.startswith(space) for iri in used))


def _largest_first(parts: list[tuple[str, int]]) -> Parts:
    return tuple(sorted(parts, key=lambda part: (-part[1], part[0])))


def _number(term: Term) -> int:
    assert isinstance(term, Literal)
    return int(term.value)
