"""The words of the graph: ontology terms, schemes of concepts, and shapes, with their statements.

Terms and concepts are in the graph and asked for there. Shapes are rules about the graph, not
part of it: they are read once from the packaged files and put below the graph's own base.
"""

from collections.abc import Iterable
from functools import cache
from typing import Final

from pyoxigraph import (
    BlankNode,
    CanonicalizationAlgorithm,
    Dataset,
    NamedNode,
    RdfFormat,
    Triple,
    parse,
)

from icgraph.config import packaged
from icgraph.discovery.asking import answer
from icgraph.discovery.reading import Reading, Row, read_triples
from icgraph.discovery.records import Statements, collect, with_neighbours
from icgraph.model.terms import DEFAULT_BASE

# A vocabulary is its own description and everything that says it belongs to it. The IRI of its
# version stands for it; of an earlier version only the later one can tell.
_WHOLE: Final = """
  { VALUES ?whole { UNDEF } BIND(?whole AS ?s) }
  UNION { VALUES ?whole { UNDEF } ?s rdfs:isDefinedBy|rdfs:isDefinedBy/owl:versionIRI ?whole }
  UNION { VALUES ?whole { UNDEF } ?s owl:versionIRI|owl:priorVersion ?whole }
  UNION { VALUES ?whole { UNDEF } ?s skos:inScheme ?whole }
  ?s ?p ?o
"""
_SCHEMES: Final = "?s a skos:ConceptScheme ; ?p ?o"

_USES: Final = """
SELECT ?p (COUNT(?s) AS ?count) WHERE { VALUES ?term { UNDEF } ?s ?p ?term
  FILTER(?p NOT IN (skos:hasTopConcept, skos:inScheme, skos:topConceptOf)) } GROUP BY ?p
"""


def read_vocabulary(reading: Reading, iri: str) -> tuple[Statements, Statements]:
    """A vocabulary or one term: its statements, and the same with the labels of what they name.

    The first is empty when the graph says nothing of it; `{base}scheme/` holds all schemes.
    """
    query = f"SELECT DISTINCT ?s ?p ?o WHERE {{ {_pattern(reading, iri)} }}"
    own = collect(_rows(reading, query, iri))
    return own, answer(reading, with_neighbours(reading, own)) if own else own


def vocabulary_statements(reading: Reading, iri: str) -> list[Triple]:
    """The same as data; empty where the graph says nothing of it."""
    query = f"CONSTRUCT {{ ?s ?p ?o }} WHERE {{ {_pattern(reading, iri)} }}"
    values = {"whole": [NamedNode(iri)]} if "UNDEF" in query else {}
    return read_triples(reading.graph(query, "application/n-triples", **values))


def count_uses(reading: Reading, iri: str) -> dict[str, int]:
    """How many statements have this term as their object, by property."""
    rows = reading.rows(_USES, term=[NamedNode(iri)])
    return {row["p"].value: int(row["count"].value) for row in rows}


def read_shapes(base: str, iri: str) -> Statements:
    """The shapes, or the one with this IRI; empty when there is none."""
    if iri == f"{base}shapes/":
        return _collected(base)
    return collect(map(_row, shapes_statements(base, iri)))


def shapes_statements(base: str, iri: str) -> list[Triple]:
    """The same as data; blank nodes that belong to a shape come with it."""
    triples = _shapes(base)
    if iri == f"{base}shapes/":
        return list(triples)
    wanted = _with_blank_nodes(NamedNode(iri), triples)
    return [triple for triple in triples if triple.subject in wanted]


def _pattern(reading: Reading, iri: str) -> str:
    return _SCHEMES if iri == f"{reading.base.iri}scheme/" else _WHOLE


def _rows(reading: Reading, query: str, iri: str) -> list[Row]:
    if "UNDEF" in query:
        return reading.rows(query, whole=[NamedNode(iri)])
    return reading.rows(query)


@cache
def _shapes(base: str) -> tuple[Triple, ...]:
    """The packaged shapes; blank nodes are named by RDFC-1.0, alike in every process."""
    found = Dataset()
    for path in sorted(packaged("shapes").glob("*.ttl")):
        text = path.read_text(encoding="utf-8").replace(DEFAULT_BASE, base)
        for quad in parse(text, format=RdfFormat.TURTLE, rename_blank_nodes=True):
            found.add(quad)
    found.canonicalize(CanonicalizationAlgorithm.RDFC_1_0)
    return tuple(quad.triple for quad in sorted(found, key=str))


@cache
def _collected(base: str) -> Statements:
    return collect(map(_row, _shapes(base)))


def _with_blank_nodes(
    start: NamedNode, triples: Iterable[Triple]
) -> set[NamedNode | BlankNode | Triple]:
    """A node, and the blank nodes that hang on it."""
    objects: dict[object, list[object]] = {}
    for triple in triples:
        objects.setdefault(triple.subject, []).append(triple.object)
    found: set[NamedNode | BlankNode | Triple] = {start}
    waiting: list[object] = [start]
    while waiting:
        for node in objects.get(waiting.pop(), []):
            if isinstance(node, BlankNode) and node not in found:
                found.add(node)
                waiting.append(node)
    return found


def _row(triple: Triple) -> Row:
    assert not isinstance(triple.subject, Triple)
    assert not isinstance(triple.object, Triple)
    return {"s": triple.subject, "p": triple.predicate, "o": triple.object}
