"""The selection of a list as data: JSON, CSV for spreadsheets, and RDF.

The columns are the facets of the kind, so that whatever can be chosen can be read off, with the
name, the years, the summary and the time of the last change. Large selections come in pages.
"""

import csv
import io
import json
from collections.abc import Callable, Iterator
from typing import Any, Final

from flask import Response, url_for
from pyoxigraph import Literal, NamedNode, RdfFormat, parse, serialize

from icgraph.curation.rdf import format_turtle
from icgraph.discovery.facets import YEAR
from icgraph.discovery.lists import LISTED, Page
from icgraph.discovery.reading import Reading
from icgraph.discovery.records import Record
from icgraph.discovery.selection import Narrowed
from icgraph.discovery.tables import Value
from icgraph.model.labels import choose
from icgraph.model.terms import prefixes
from icgraph.web.choices import label_of
from icgraph.web.languages import page_language
from icgraph.web.media import GRAPH_FORMATS, HTML, NTRIPLES, RESULTS_CSV, TURTLE, Format
from icgraph.web.selection import Asked

#: Records in one answer.
LENGTH: Final = 1000

JSON: Final = Format("json", "application/json", ".json", "JSON", ("text/json",), "")
LIST_FORMATS: Final = (HTML, JSON, RESULTS_CSV, *GRAPH_FORMATS)

#: Excel takes a file for UTF-8 only if it begins with this.
_MARK: Final = "\ufeff"
#: With these a cell begins that a spreadsheet would take for a formula.
_FORMULA: Final = ("=", "+", "-", "@", "\t", "\r", "\n")

_STATEMENTS: Final = """
CONSTRUCT { ?record ?p ?o . ?o rdfs:label ?label } WHERE {
  VALUES ?p { UNDEF }
  { SELECT ?record ?p ?o WHERE { VALUES ?record { UNDEF } ?record ?p ?o } }
  OPTIONAL { ?o rdfs:label ?label }
}
"""

Described = dict[str, Any]


def as_json(asked: Asked, narrowed: Narrowed, page: Page) -> Response:
    """The selection, its results, and the values that can be added with the number of results."""
    more = asked.address(page=page.number + 1, format=JSON.name)
    document = {
        "kind": asked.kind.name,
        "total": page.total,
        "page": page.number,
        "pages": page.pages,
        "next": more if page.number < page.pages else None,
        "selection": {
            "q": asked.selection.text,
            "sort": asked.selection.sort,
            "certainty": "certain" if asked.selection.certain else "possible",
            "values": dict(asked.selection.values),
        },
        "unknown": [{"facet": facet, "value": code} for facet, code in narrowed.unknown()],
        "notUnderstood": list(asked.stray),
        "facets": {
            facet: [
                {**_value(choice.value), "count": choice.count, "chosen": choice.chosen}
                for choice in narrowed.choices(facet)
            ]
            for facet in narrowed.table.facets
        },
        "records": list(_described(narrowed, page)),
    }
    return Response(json.dumps(document, ensure_ascii=False), content_type=JSON.content_type)


def as_csv(asked: Asked, narrowed: Narrowed, page: Page, *, marked: bool) -> Response:
    """One row a record; several values of a cell stand apart by ` | `.

    A cell that a spreadsheet would run gets an apostrophe before it. `marked` puts the mark
    before the text by which spreadsheets know UTF-8, which programs need not see.
    """
    rows = list(_described(narrowed, page))
    text = io.StringIO()
    writer = csv.writer(text)
    columns = _columns(narrowed)
    writer.writerow(columns)
    writer.writerows([[_cell(row.get(column)) for column in columns] for row in rows])
    body = (_MARK if marked else "") + text.getvalue()
    response = Response(body, content_type=RESULTS_CSV.content_type)
    response.headers["Content-Disposition"] = f'attachment; filename="{asked.kind.path}.csv"'
    return response


def as_graph(reading: Reading, page: Page, format_: Format) -> Response:
    """What the list says of its records, and the names of what they name; in a fixed order."""
    body = b""
    if page.records:
        body = reading.graph(
            _STATEMENTS,
            NTRIPLES.media_type,
            record=[NamedNode(record.iri) for record in page.records],
            p=[NamedNode(reading.expand(name)) for name in LISTED],
        )
    quads = sorted(set(parse(body, format=RdfFormat.N_TRIPLES)), key=str)
    base = reading.base.iri
    if format_ is TURTLE:
        data = format_turtle(quads, prefixes(base)).encode()
    else:
        rdf = RdfFormat.from_media_type(format_.media_type)
        triples = [quad.triple for quad in quads]
        data = serialize(triples, format=rdf, prefixes=prefixes(base)) or b""
    return Response(data, content_type=format_.content_type)


def _columns(narrowed: Narrowed) -> list[str]:
    facets = [name for name in narrowed.table.facets if name != YEAR]
    dated = YEAR in narrowed.table.facets
    certainty = ["certainty"] if narrowed.selection.values.get(YEAR) else []
    years = ["start", "end"] if dated else []
    return ["iri", "page", "name", *years, *certainty, *facets, "summary", "changed"]


def _described(narrowed: Narrowed, page: Page) -> Iterator[Described]:
    """Each record of the page as JSON values, by column."""
    table = narrowed.table
    values = table.values_of(page.positions)
    wanted: dict[str, Callable[[Record, int], Any]] = {
        "iri": lambda record, _: record.iri,
        "page": lambda record, _: _address(record),
        "name": lambda record, n: _text(choose(table.labels[n], page_language())),
        "start": lambda record, _: _year(record, "ic:startYear"),
        "end": lambda record, _: _year(record, "ic:endYear"),
        "certainty": lambda _, n: "certain" if narrowed.certainly(n) else "possible",
        "summary": lambda record, _: _text(record.text("dcterms:abstract")),
        "changed": lambda _, n: table.changed[n] or None,
    }
    for record, position in zip(page.records, page.positions, strict=True):
        yield {
            column: wanted[column](record, position)
            if column in wanted
            else [_value(value) for value in values[position].get(column, [])]
            for column in _columns(narrowed)
        }


def _address(record: Record) -> str:
    return url_for("records.document", kind=record.name.kind, slug=record.name.slug, _external=True)


def _text(text: Literal | None) -> dict[str, str | None] | None:
    return None if text is None else {"text": text.value, "language": text.language}


def _year(record: Record, name: str) -> int | None:
    term = record.one(name)
    return int(term.value) if isinstance(term, Literal) and term.value.isdecimal() else None


def _value(value: Value) -> dict[str, str]:
    label = label_of(value)
    words = label if isinstance(label, str) else label.value
    described = {"value": value.code, "label": words}
    return {**described, "iri": value.iri} if value.iri else described


def _cell(value: Any) -> str:
    """A value as the text of a cell, which no spreadsheet takes for a formula."""
    if value is None:
        return ""
    if isinstance(value, list):
        text = " | ".join(each["label"] for each in value)
    else:
        text = str(value["text"] if isinstance(value, dict) else value)
    return defused(text)


def defused(text: str) -> str:
    """The text of a cell with an apostrophe before it where a spreadsheet would run it."""
    return f"'{text}" if text.startswith(_FORMULA) else text
