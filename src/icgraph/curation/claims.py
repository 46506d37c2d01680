"""Claims: what single sources say where sources disagree.

A reviewable table has one row for each statement of a source; the graph of a source holds what
that source says, in the terms of the records. The record itself has the decision, and its
document, in the graph of provenance, the reason. The importer finds no disagreements of its
own: people read them in the remarks of the facts.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence

from pyoxigraph import DefaultGraph, Literal, NamedNode, Quad

from icgraph.curation.mappings import Row
from icgraph.curation.rdf import format_turtle
from icgraph.curation.sources import Library
from icgraph.curation.statements import BASE, Subject, integer, partial_date, record_iri, term, text
from icgraph.errors import InputError
from icgraph.model.iris import source_slug
from icgraph.model.periods import parse_date

_DATES = frozenset({"dcat:startDate", "dcat:endDate"})
_YEARS = frozenset({"ic:startYear", "ic:endYear"})
_TEXTS = frozenset({"rdfs:label", "ic:statedAs"})
_RECORDS = frozenset({"dcterms:spatial", "ic:underProgramme"})


def name_sources(rows: Sequence[Row], library: Library) -> None:
    """Make known the sources that the facts speak of without an address of their own."""
    for row in rows:
        page = library.document(row["slug"])
        page.labels.setdefault(row["language"], set()).add(row["label"])
        page.address = row["url"] or None


def claimed(
    rows: Sequence[Row], drafts: Mapping[str, Sequence[Subject]], library: Library
) -> tuple[set[Quad], dict[NamedNode, set[str]]]:
    """The claims in their graphs, and the decisions by record.

    Rows of records that the facts at hand do not have are passed over: they may be a part.
    """
    made = {record.node.value: record for records in drafts.values() for record in records}
    quads: set[Quad] = set()
    decisions: dict[NamedNode, set[str]] = defaultdict(set)
    for row in rows:
        record = made.get(term(row["record"]).value)
        if record is None:
            continue
        slug = _source(row, library)
        graph = NamedNode(BASE.graph(f"claims/{slug}"))
        subject = NamedNode(f"{record.node.value}#{row['part']}") if row["part"] else record.node
        if row["part"]:
            quads |= {
                Quad(quad.subject, quad.predicate, subject, graph)
                for quad in record.quads
                if quad.object == subject
            }
        quads.add(Quad(subject, term(row["predicate"]), _value(row), graph))
        if row["decision"]:
            decisions[record.node].add(row["decision"])
    return quads, decisions


def format_claims(quads: Iterable[Quad], names: Mapping[str, str]) -> str:
    """The claims as TriG: graphs by name, and in each the layout of the Turtle files."""
    by_graph: dict[str, set[Quad]] = defaultdict(set)
    for quad in quads:
        assert not isinstance(quad.graph_name, DefaultGraph)
        by_graph[str(quad.graph_name)].add(Quad(quad.subject, quad.predicate, quad.object))
    everything = format_turtle((quad for found in by_graph.values() for quad in found), names)
    head = [line for line in everything.splitlines() if line.startswith("@prefix ")]
    blocks = ["\n".join(head)] if head else []
    for graph in sorted(by_graph):
        turtle = format_turtle(by_graph[graph], names)
        body = [line for line in turtle.splitlines() if not line.startswith("@prefix ")]
        blocks.append(f"{graph} {{\n" + "\n".join(body).strip("\n") + "\n}")
    return "\n\n".join(blocks) + "\n" if blocks else ""


def _source(row: Row, library: Library) -> str:
    """The slug of the source of a row, which the facts or the table of named sources have."""
    place = row["source"]
    slug = source_slug(place) if place.startswith("http") else place
    if not library.has(place):
        raise InputError(
            f"{row.where}: the source {place!r} is no page of the facts.",
            advice="Mend the address, or add the source to named-sources.csv.",
        )
    return slug


def _value(row: Row) -> NamedNode | Literal:
    predicate, value = row["predicate"], row["value"]
    try:
        if predicate in _DATES:
            return partial_date(parse_date(value))
        if predicate in _YEARS:
            return integer(int(value))
    except ValueError as error:
        raise InputError(f"{row.where}: {error}.", advice="Mend the value.") from None
    if predicate in _TEXTS:
        words, _, tag = value.rpartition("@")
        return text(words, tag)
    if predicate in _RECORDS:
        kind, _, slug = value.partition(":")
        return record_iri(kind, slug)
    raise InputError(
        f"{row.where}: claims with {predicate!r} are not foreseen.", advice="Mend the predicate."
    )
