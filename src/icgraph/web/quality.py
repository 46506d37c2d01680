"""The quality page at `/quality`: what the rules find in the published graph, as page and data.

A process beside the service validates every published revision; until it is done with the
newest one, the page shows the one before and says so.
"""

import csv
import io
import json
from dataclasses import dataclass
from typing import Final
from urllib.parse import urlencode

from flask import Blueprint, Response, make_response, render_template, request, url_for

from icgraph.catalogue.cells import plain_cell
from icgraph.catalogue.quality import Assessment, read_assessments, read_report
from icgraph.discovery.titles import read_titles
from icgraph.errors import InputError, NotFound
from icgraph.guard.causes import Cause, by_record
from icgraph.guard.paths import path_text
from icgraph.guard.report import Cut, Finding, Report, Severity
from icgraph.guard.report_turtle import report_turtle
from icgraph.guard.wording import severity_name, short_names
from icgraph.web.dataset import current_home
from icgraph.web.exchange import current_exchange
from icgraph.web.headers import conditional
from icgraph.web.languages import gettext, page_language
from icgraph.web.list_data import JSON
from icgraph.web.media import HTML, RESULTS_CSV, TURTLE, Format, negotiate
from icgraph.web.paging import no_page, page_links, page_number
from icgraph.web.reading import current_reading
from icgraph.web.signposting import Link, Variant, link_field, signposts
from icgraph.web.site import current_site
from icgraph.web.wanted import suffixed_format

blueprint: Final = Blueprint("quality", __name__)

FORMATS: Final = (HTML, JSON, RESULTS_CSV, TURTLE)
#: Records on a page, and revisions in the history.
LENGTH: Final = 50
HISTORY: Final = 20


@dataclass(frozen=True, slots=True)
class Asked:
    """What of the report is asked for: a severity, a rule by its IRI, a page of the findings."""

    severity: Severity | None
    rule: str
    page: int

    def address(self, *, suffix: str = "", **changed: str | int) -> str:
        """The address of these findings, with something changed, from the first page on."""
        severity = self.severity.value if self.severity else ""
        values = {"severity": severity, "rule": self.rule} | changed
        kept = {name: value for name, value in values.items() if value}
        address = url_for("quality.quality", suffix=suffix)
        return f"{address}?{urlencode(kept)}" if kept else address

    def of(self, report: Report) -> Report:
        """The findings that are asked for."""
        return Report(
            tuple(each for each in report.findings if self._covers(each)),
            tuple(cut for cut in report.cuts if self._covers(cut)),
            report.by_reference,
        )

    def _covers(self, told: Finding | Cut) -> bool:
        return self.severity in {None, told.severity} and self.rule in {"", told.shape.value}


@blueprint.get("/quality", defaults={"suffix": ""})
@blueprint.get("/quality.<suffix>")
def quality(suffix: str) -> Response:
    """What the rules find, in the format of the suffix or of `Accept`."""
    chosen = suffixed_format(f".{suffix}", FORMATS) if suffix else None
    format_ = chosen or negotiate(request.headers.get("Accept"), FORMATS)
    if current_site().settings.bare:
        raise NotFound(
            gettext("A plain store has no rules."), advice=gettext("Serve a graph of records.")
        )
    history = read_assessments(current_home().quality, HISTORY)
    # What was assessed changes without the graph.
    state = f"{format_.name} {history[0].hash}"
    response = conditional(state, lambda: _whole(history, _asked(), format_))
    if exchange := current_exchange():
        exchange.lasts = None
    if chosen is None:
        response.vary.add("Accept")
    response.vary.add("Accept-Language")
    return response


def _whole(history: list[Assessment], asked: Asked, format_: Format) -> Response:
    revision, report = read_report(current_home().quality)
    variants = [
        Variant(each, url_for("quality.quality", suffix=each.suffix[1:])) for each in FORMATS
    ]
    links = signposts(
        format_,
        cite_as=f"{current_site().base.iri}quality",
        variants=variants,
        collection=f"{current_site().base.iri}dataset",
    )
    if format_ is HTML:
        return _page(history, asked, report, links)
    response = _data(revision, asked.of(report), format_)
    response.headers["Link"] = link_field(links)
    return response


def _page(history: list[Assessment], asked: Asked, report: Report, links: list[Link]) -> Response:
    language = page_language()
    base = current_site().base.iri
    shown = asked.of(report)
    grouped = list(by_record(shown, language, short_names(base)))
    pages = max(1, -(-len(grouped) // LENGTH))
    if asked.page > pages:
        raise no_page(asked.page)
    here = grouped[(asked.page - 1) * LENGTH : asked.page * LENGTH]
    response = make_response(
        render_template(
            "quality.html",
            newest=history[0],
            history=history,
            published=current_site().execution.head(),
            asked=asked,
            records=_titled(here),
            rules={finding.shape.value: finding for finding in report.findings},
            cuts=shown.cuts,
            pages=pages,
            severities=list(Severity),
            severity_name=severity_name,
        )
    )
    links += page_links(asked.page, pages, lambda number: asked.address(page=number))
    response.headers["Link"] = link_field(links)
    return response


def _titled(records: list[tuple[str, list[Cause]]]) -> list[tuple[str, object, list[Cause]]]:
    """The records with their titles where they have one."""
    base = current_site().base
    names = {iri: base.name_of(iri) for iri, _ in records}
    titles = read_titles(current_reading(), [name for name in names.values() if name])
    return [
        (iri, titles.get(name) if (name := names[iri]) else None, causes) for iri, causes in records
    ]


def _data(revision: int, shown: Report, format_: Format) -> Response:
    base = current_site().base.iri
    if format_ is TURTLE:
        return Response(report_turtle(shown, base), content_type=TURTLE.content_type)
    if format_ is JSON:
        body = json.dumps({"revision": revision, **shown.to_json()}, ensure_ascii=False)
        return Response(body, content_type=JSON.content_type)
    return Response(_csv(shown), content_type=RESULTS_CSV.content_type)


def _csv(report: Report) -> str:
    language = page_language()
    text = io.StringIO()
    writer = csv.writer(text)
    columns = ("severity", "record", "focus", "path", "value", "rule", "message", "accepted")
    writer.writerow(columns)
    for finding in report.findings:
        cells = (
            finding.severity.value,
            finding.record,
            finding.focus.value,
            path_text(finding.path) if finding.path else "",
            finding.value.value if finding.value else "",
            finding.shape.value,
            finding.message(language),
            finding.accepted,
        )
        writer.writerow([plain_cell(cell) for cell in cells])
    return text.getvalue()


def _asked() -> Asked:
    severity = request.args.get("severity", "")
    if severity and severity not in set(Severity):
        raise InputError(
            gettext(
                "The parameter %(name)s cannot be “%(value)s”.", name="severity", value=severity
            ),
            advice=gettext("It is one of: %(names)s.", names=", ".join(Severity)),
        )
    rule = request.args.get("rule", "")
    return Asked(Severity(severity) if severity else None, rule, page_number())
