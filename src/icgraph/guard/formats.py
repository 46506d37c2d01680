"""The formats of a report by name, for the command line and the web.

One table; each format is rendered in a module of its own.
"""

import json
from collections.abc import Callable, Mapping
from types import MappingProxyType
from typing import Final

from icgraph.guard.report import Report, Severity
from icgraph.guard.report_html import report_html
from icgraph.guard.report_text import report_text
from icgraph.guard.report_turtle import report_turtle
from icgraph.model.terms import DEFAULT_BASE


def _as_json(report: Report, _: str, severity: Severity, __: str) -> str:
    whole, shown = report.to_json(), report.at_least(severity).to_json()
    value = whole | {"findings": shown["findings"]}
    return json.dumps(value, ensure_ascii=False, indent=2) + "\n"


def _as_turtle(report: Report, _: str, severity: Severity, base: str) -> str:
    return report_turtle(report.at_least(severity), base)


#: Name -> renderer; the names are those of `--format`.
FORMATS: Final[Mapping[str, Callable[[Report, str, Severity, str], str]]] = MappingProxyType(
    {"text": report_text, "turtle": _as_turtle, "json": _as_json, "html": report_html}
)


def render(
    report: Report,
    report_format: str = "text",
    *,
    language: str = "en",
    severity: Severity = Severity.INFO,
    base: str = DEFAULT_BASE,
) -> str:
    """The report in one of `FORMATS`, in `en` or `fr`, with findings of this severity and graver.

    Turtle and JSON hold the messages of all languages. Counts and verdict are those of the
    whole report, whatever is shown; except `sh:conforms`, which the standard ties to the
    results that stand in the report.
    """
    return FORMATS[report_format](report, language, severity, base)
