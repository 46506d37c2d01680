"""The tables in ontology/README.md and shapes/README.md, made from the Turtle.

`python -m tests.ontology.tables` writes them; test_readmes.py fails when they are not true.
"""

import re
from pathlib import Path

from rdflib import OWL, RDF, RDFS, SH, SKOS, Graph, URIRef
from rdflib.term import Node

from icgraph.model.terms import prefixes
from tests.ontology.graphs import NS, ROOT, SHAPES, read

ONTOLOGY_README = ROOT / "ontology/README.md"
SHAPES_README = ROOT / "shapes/README.md"
_SDO = "https://schema.org/"
_KNOWN = sorted(prefixes().items(), key=lambda item: -len(item[1]))


def short(iri: Node) -> str:
    """The IRI as prefix and name."""
    prefix, start = next(item for item in _KNOWN if str(iri).startswith(item[1]))
    return f"{prefix}:{str(iri).removeprefix(start)}"


def _text(graph: Graph, subject: Node, predicate: URIRef, language: str) -> str:
    (found,) = (
        text for text in graph.objects(subject, predicate) if text.language == language
    )  # exactly one
    return str(found)


def _codes(nodes: set[Node]) -> str:
    return ", ".join(f"`{name}`" for name in sorted(short(node) for node in nodes))


def _own(graph: Graph, *kinds: URIRef) -> list[Node]:
    found = {term for kind in kinds for term in graph.subjects(RDF.type, kind)}
    return sorted(term for term in found if str(term).startswith(NS))


def class_table(graph: Graph) -> list[str]:
    """One row for each own class."""
    rows = ["| Class | English, French | Meaning | Kind of |", "|---|---|---|---|"]
    for term in _own(graph, OWL.Class):
        names = f"{_text(graph, term, RDFS.label, 'en')}, *{_text(graph, term, RDFS.label, 'fr')}*"
        above = _codes(set(graph.objects(term, RDFS.subClassOf)))
        meaning = _text(graph, term, SKOS.definition, "en")
        rows.append(f"| `{short(term)}` | {names} | {meaning} | {above} |")
    return rows


def property_table(graph: Graph) -> list[str]:
    """One row for each own property: no domain or range, only what is usual."""
    rows = ["| Property | English, French | Meaning | Usual from → to |", "|---|---|---|---|"]
    for term in _own(graph, OWL.ObjectProperty, OWL.DatatypeProperty):
        names = f"{_text(graph, term, RDFS.label, 'en')}, *{_text(graph, term, RDFS.label, 'fr')}*"
        start = _codes(set(graph.objects(term, URIRef(_SDO + "domainIncludes"))))
        end = _codes(set(graph.objects(term, URIRef(_SDO + "rangeIncludes")))) or "any IRI"
        meaning = _text(graph, term, SKOS.definition, "en")
        rows.append(f"| `{short(term)}` | {names} | {meaning} | {start} → {end} |")
    return rows


def shape_table(path: Path) -> list[str]:
    """One row for each rule in a file of shapes."""
    rules = read(f"shapes/{path.name}")
    rows = []
    for shape, severity in rules.subject_objects(SH.severity):
        constraint = rules.value(shape, SH.sparql)
        message = _text(rules, shape if constraint is None else constraint, SH.message, "en")
        name = str(shape).removeprefix(SHAPES)
        rows.append(f"| `ics:{name}` | {str(severity).rpartition('#')[2]} | {message} |")
    return ["| Shape | Severity | Message |", "|---|---|---|", *sorted(rows)] if rows else []


def _in_section(text: str, heading: str, table: list[str]) -> str:
    """The text with this table, and no other, under the prose of one section."""
    found = re.search(
        rf"^{re.escape(heading)}\n(?P<body>.*?)(?=^#|\Z)", text, re.MULTILINE | re.DOTALL
    )
    if found is None:
        raise ValueError(f"no section {heading!r}")
    lines = found["body"].splitlines()
    prose = "\n".join(line for line in lines if not line.startswith("|")).strip("\n")
    section = "\n\n".join(part for part in (heading, prose, "\n".join(table)) if part)
    before, after = text[: found.start()], text[found.end() :]
    return f"{before}{section}\n\n{after}" if after else f"{before}{section}\n"


def written_ontology_readme(text: str) -> str:
    """The text with true tables of classes and properties."""
    graph = read("ontology/icgraph.ttl")
    text = _in_section(text, "## Classes", class_table(graph))
    return _in_section(text, "## Properties", property_table(graph))


def written_shapes_readme(text: str) -> str:
    """The text with a true table for each file of shapes."""
    for path in sorted((ROOT / "shapes").glob("*.ttl")):
        if table := shape_table(path):
            text = _in_section(text, f"## {path.name}", table)
    return text


if __name__ == "__main__":
    for readme, write in (
        (ONTOLOGY_README, written_ontology_readme),
        (SHAPES_README, written_shapes_readme),
    ):
        readme.write_text(write(readme.read_text()))
