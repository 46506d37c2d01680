"""Up to four records side by side at `/compare?record=practice/x&record=place/y`.

What is compared stands in the address; the page has a field to find more, and links that leave
one out.
"""

import json
from typing import Any, Final

from flask import Blueprint, Response, make_response, render_template, request, url_for
from pyoxigraph import Literal

from icgraph.discovery.comparison import Cell, Item, Row, find, rows_of
from icgraph.discovery.reading import Reading
from icgraph.discovery.records import Record, read_record
from icgraph.errors import InputError, NotFound
from icgraph.model.iris import SLUG, RecordName
from icgraph.model.kinds import KINDS
from icgraph.model.labels import choose
from icgraph.web.headers import conditional
from icgraph.web.languages import gettext, page_language
from icgraph.web.list_data import JSON
from icgraph.web.media import HTML, Format
from icgraph.web.pages import short_name
from icgraph.web.reading import current_reading
from icgraph.web.site import current_site
from icgraph.web.wanted import wanted_format

MOST: Final = 4
_FOUND: Final = 8
_FINDABLE: Final = ("practice", "place")
_TEXT_LENGTH: Final = 200
_FORMATS: Final = (HTML, JSON)

blueprint: Final = Blueprint("compare", __name__)


@blueprint.get("/compare")
def compare() -> Response:
    """The comparison, as a page or as JSON."""
    names = _names()
    format_ = wanted_format(_FORMATS)
    response = conditional(f"compare-{format_.name}", lambda: _answer(names, format_))
    response.vary.update(("Accept", "Accept-Language"))
    return response


def _answer(names: list[RecordName], format_: Format) -> Response:
    reading = current_reading()
    records = [found for name in names if (found := read_record(reading, name))]
    _check_all_there(names, records)
    rows = rows_of(records, current_site().tables)
    if format_ is JSON:
        document = {
            "records": [_described(record) for record in records],
            "rows": [_row(row) for row in rows],
        }
        return Response(json.dumps(document, ensure_ascii=False), content_type=JSON.content_type)
    text = request.args.get("find", "").strip()[:_TEXT_LENGTH]
    return make_response(
        render_template(
            "compare.html",
            records=records,
            rows=rows,
            titles=_titles(),
            label_of=_label,
            most=MOST,
            text=text,
            candidates=_candidates(reading, names, text) if text and len(names) < MOST else [],
            address=_address,
            data=_address(names, format=JSON.name),
        )
    )


def _names() -> list[RecordName]:
    """The records in the address, each once; raises InputError for what names none."""
    texts = list(dict.fromkeys(text for text in request.args.getlist("record") if text))
    names = [_name(text) for text in texts]
    if len(names) > MOST:
        raise InputError(
            gettext("You chose %(count)s records.", count=len(names)),
            advice=gettext("Up to %(most)s can be compared; leave some out.", most=MOST),
        )
    return names


def _name(text: str) -> RecordName:
    kind, _, slug = text.partition("/")
    name = current_site().base.name_of(text)
    if name is None and kind in KINDS and SLUG.fullmatch(slug):
        name = RecordName(kind, slug)
    if name is None:
        raise InputError(
            gettext("The parameter %(name)s cannot be “%(value)s”.", name="record", value=text),
            advice=gettext("Write the kind and the name of a record, such as place/pl-lublin."),
        )
    return name


def _check_all_there(names: list[RecordName], records: list[Record]) -> None:
    there = {record.name for record in records}
    missing = [f"{name.kind}/{name.slug}" for name in names if name not in there]
    if missing:
        raise NotFound(
            gettext("There is no record %(names)s.", names=", ".join(missing)),
            advice=gettext("Look for it in the lists."),
        )


def _candidates(
    reading: Reading, chosen: list[RecordName], text: str
) -> list[tuple[RecordName, Literal | str]]:
    """Records that the words find and that are not compared yet."""
    found = []
    for iri, table, position in find(reading, current_site().tables, _FINDABLE, text, _FOUND):
        name = reading.base.name_of(iri)
        if name is not None and name not in chosen:
            found.append((name, choose(table.labels[position], page_language()) or name.slug))
    return found


def _address(names: list[RecordName], **values: Any) -> str:
    return url_for(
        "compare.compare", record=[f"{name.kind}/{name.slug}" for name in names], **values
    )


def _titles() -> dict[str, str]:
    """The names of rows in the page's language."""
    return {
        "summary": gettext("In short"),
        "kind": gettext("Kind"),
        "place": gettext("Place"),
        "country": gettext("Country"),
        "start": gettext("Start"),
        "end": gettext("End"),
        "status": gettext("Status"),
        "topic": gettext("Topics"),
        "target-group": gettext("For whom"),
        "participant": gettext("Who takes part"),
        "project": gettext("In the project"),
        "programme": gettext("Programme"),
        "population": gettext("Inhabitants"),
        "network": gettext("Network"),
        "practice": gettext("Practices"),
        "organisation": gettext("Organisations"),
        "partnership": gettext("Partnerships"),
        "purpose": gettext("Purpose"),
        "process": gettext("Process"),
        "impact": gettext("Impact"),
        "source": gettext("Sources"),
    }


def _label(item: Item) -> Literal | str:
    return item.text or short_name(item.iri)


def _row(row: Row) -> dict[str, Any]:
    return {"name": row.name, "cells": [_cell(cell) for cell in row.cells]}


def _cell(cell: Cell) -> dict[str, Any]:
    return {"total": cell.total, "values": [_item(item) for item in cell.items]}


def _item(item: Item) -> dict[str, Any]:
    described: dict[str, Any] = {"label": _plain(_label(item)), "shared": item.shared}
    if item.iri:
        described["iri"] = item.iri
    if item.notes:
        described["roles"] = [_plain(note) for note in item.notes]
    return described


def _plain(text: Literal | str) -> str:
    return text if isinstance(text, str) else text.value


def _described(record: Record) -> dict[str, Any]:
    label = record.label() or Literal(record.name.slug)
    return {"iri": record.iri, "name": label.value, "language": label.language}
