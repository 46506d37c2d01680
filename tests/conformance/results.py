"""Results of queries as tables of terms, whatever format they are written in.

The readers are written from the specifications and do not use the engine's own, so that a
mistake in its writer cannot be undone by the same mistake in its reader. Terms keep their
lexical forms: `01` and `1` are two terms.
"""

import csv
import io
import json
import re
from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from xml.etree import ElementTree as ET

from pyoxigraph import BlankNode, Literal, NamedNode, Quad, RdfFormat, Store, Triple, parse

from tests.conformance.sameness import Row, same_rows
from tests.conformance.suite import Dataset, file_iri

Term = NamedNode | BlankNode | Literal | Triple
RS = "http://www.w3.org/2001/sw/DataAccess/tests/result-set#"
_SRX = "{http://www.w3.org/2005/sparql-results#}"
_LANGUAGE = "{http://www.w3.org/XML/1998/namespace}lang"
_RDF_FORMATS = {
    ".ttl": RdfFormat.TURTLE,
    ".nt": RdfFormat.N_TRIPLES,
    ".rdf": RdfFormat.RDF_XML,
}


@dataclass(frozen=True)
class Table:
    """Solutions by their variables; an ASK has the variable `ask`, a graph has three."""

    variables: tuple[str, ...]
    rows: tuple[tuple[Term | None, ...], ...]

    def by_value(self) -> "Table":
        """The same with every literal in the one form that its value has in the engine."""
        return Table(
            self.variables, tuple(tuple(_canonical(cell) for cell in row) for row in self.rows)
        )

    def same(self, other: "Table", *, ordered: bool) -> bool:
        """Whether both hold the same solutions, in the same order where that is due."""
        return set(self.variables) == set(other.variables) and same_rows(
            self._sorted(ordered=ordered), other._sorted(ordered=ordered)
        )

    def _sorted(self, *, ordered: bool) -> list[Row]:
        places = sorted(range(len(self.variables)), key=lambda place: self.variables[place])
        return [
            (number if ordered else None, *(row[place] for place in places))
            for number, row in enumerate(self.rows)
        ]


def read_json(body: bytes) -> Table:
    """SPARQL 1.1 Query Results JSON Format."""
    found = json.loads(body)
    if "boolean" in found:
        return _truth(found["boolean"])
    return _table(
        found["head"]["vars"],
        (
            {name: _json_term(term) for name, term in solution.items()}
            for solution in found["results"]["bindings"]
        ),
    )


def read_xml(body: bytes) -> Table:
    """SPARQL Query Results XML Format."""
    root = ET.fromstring(body)
    truth = root.findtext(f"{_SRX}boolean")
    if truth is not None:
        return _truth({"true": True, "false": False}[truth.strip()])
    return _table(
        [variable.attrib["name"] for variable in root.iterfind(f"{_SRX}head/{_SRX}variable")],
        (
            {binding.attrib["name"]: _xml_term(binding[0]) for binding in solution}
            for solution in root.iterfind(f"{_SRX}results/{_SRX}result")
        ),
    )


def read_csv(body: bytes) -> Table:
    """SPARQL 1.1 Query Results CSV: terms have lost their kinds, all but blank nodes."""
    names, *lines = csv.reader(io.StringIO(body.decode(), newline=""))
    return Table(tuple(names), tuple(tuple(_csv_term(cell) for cell in line) for line in lines))


def read_tsv(body: bytes) -> Table:
    """SPARQL 1.1 Query Results TSV: terms as in Turtle."""
    names, *lines = body.decode().removesuffix("\n").replace("\r\n", "\n").split("\n")
    return Table(
        tuple(name.removeprefix("?") for name in names.split("\t")),
        tuple(tuple(_tsv_term(cell) for cell in line.split("\t")) for line in lines),
    )


def read_turtle(body: bytes) -> Table:
    """A graph."""
    return _graph(quad.triple for quad in parse(body, RdfFormat.TURTLE))


#: By media type, what reads an answer.
READERS: Mapping[str, Callable[[bytes], Table]] = {
    "application/sparql-results+json": read_json,
    "application/sparql-results+xml": read_xml,
    "text/csv": read_csv,
    "text/tab-separated-values": read_tsv,
    "text/turtle": read_turtle,
}
_TYPES = {
    ".srj": "application/sparql-results+json",
    ".srx": "application/sparql-results+xml",
    ".csv": "text/csv",
    ".tsv": "text/tab-separated-values",
}


def expected(path: Path) -> tuple[Table, str]:
    """What a result file says, and the media type in which to ask for it."""
    if path.suffix in _TYPES:
        media_type = _TYPES[path.suffix]
        return READERS[media_type](path.read_bytes()), media_type
    triples = triples_of(path)
    if any(triple.predicate.value == f"{RS}resultVariable" for triple in triples):
        return _result_set(triples), "application/sparql-results+json"
    return _graph(triples), "text/turtle"


def triples_of(path: Path) -> list[Triple]:
    """The triples of a file of the suites; blank nodes are its own."""
    format_ = _RDF_FORMATS[path.suffix]
    quads = parse(path.read_bytes(), format_, base_iri=file_iri(path), rename_blank_nodes=True)
    return [quad.triple for quad in quads]


def quads_of(dataset: Dataset) -> list[Row]:
    """The quads of a dataset as rows, graph first; None is the default graph."""
    rows: set[Row] = set()
    for graph, path in dataset.items():
        name = None if graph is None else NamedNode(graph)
        rows.update((name, *triple) for triple in triples_of(path))
    return list(rows)


def _table(names: Iterable[str], solutions: Iterable[Mapping[str, Term]]) -> Table:
    names = tuple(names)
    rows = []
    for solution in solutions:
        assert set(solution) <= set(names), f"{set(solution)} are not all declared: {names}"
        rows.append(tuple(solution.get(name) for name in names))
    return Table(names, tuple(rows))


def _truth(value: object) -> Table:
    assert isinstance(value, bool)
    return Table(("ask",), ((Literal(value),),))


def _graph(triples: Iterable[Triple]) -> Table:
    found = {(triple.subject, triple.predicate, triple.object) for triple in triples}
    return Table(("subject", "predicate", "object"), tuple(found))


def _canonical(term: Term | None) -> Term | None:
    if not isinstance(term, Literal):
        return term
    store = Store()
    store.add(Quad(BlankNode(), NamedNode("urn:x:value"), term))
    (quad,) = store
    return quad.object


def _json_term(term: Mapping[str, str]) -> Term:
    value = term["value"]
    match term["type"]:
        case "uri":
            return NamedNode(value)
        case "bnode":
            return BlankNode(value)
        case "literal" | "typed-literal":
            return _literal(value, term.get("xml:lang"), term.get("datatype"))
    raise AssertionError(term)


def _xml_term(element: ET.Element) -> Term:
    value = element.text or ""
    match element.tag.removeprefix(_SRX):
        case "uri":
            return NamedNode(value)
        case "bnode":
            return BlankNode(value)
        case "literal":
            return _literal(value, element.get(_LANGUAGE), element.get("datatype"))
    raise AssertionError(element.tag)


def _csv_term(cell: str) -> Term:
    return BlankNode(cell[2:]) if cell.startswith("_:") else Literal(cell)


def _tsv_term(cell: str) -> Term | None:
    if not cell:
        return None
    assert not re.search(r"[\t\r\n]", cell)
    (quad,) = parse(f"<x:s> <x:p> {cell} .", RdfFormat.TURTLE)
    return quad.object


def _literal(value: str, language: str | None, datatype: str | None) -> Literal:
    if language is not None:
        return Literal(value, language=language.lower())
    return Literal(value, datatype=NamedNode(datatype) if datatype else None)


def _result_set(triples: list[Triple]) -> Table:
    """A result in the vocabulary of the first working group, which a few tests still use."""
    described: dict[Term, dict[str, list[Term]]] = defaultdict(lambda: defaultdict(list))
    for triple in triples:
        name = triple.predicate.value.removeprefix(RS)
        described[triple.subject][name].append(triple.object)
    (whole,) = (node for node in described.values() if "resultVariable" in node)
    return _table(
        [name.value for name in whole["resultVariable"]],
        (
            {
                described[binding]["variable"][0].value: described[binding]["value"][0]
                for binding in described[solution]["binding"]
            }
            for solution in whole["solution"]
        ),
    )
