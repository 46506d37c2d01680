"""A report as plain text for a terminal: by record, one message a cause.

No colours and no control characters: what data holds must not steer a terminal.
"""

from collections.abc import Iterator
from typing import Final

from icgraph.guard.causes import Cause, by_record
from icgraph.guard.report import Report, Severity
from icgraph.guard.wording import WORDS, counted, notes, severity_name, short_names, verdict
from icgraph.model.terms import DEFAULT_BASE

_PLACES: Final = 3


def report_text(
    report: Report,
    language: str = "en",
    severity: Severity = Severity.INFO,
    base: str = DEFAULT_BASE,
) -> str:
    """The findings of this severity and the graver ones, then the verdict over all of them."""
    name = short_names(base)
    lines: list[str] = []
    for record, causes in by_record(report.at_least(severity), language, name):
        lines.append(name(record))
        for cause in causes:
            lines += _cause_lines(cause, language)
        lines.append("")
    lines += [verdict(report, language), counted(report, language)]
    lines += notes(report, language, name)
    if len(report.at_least(severity).findings) < len(report.findings):
        lines.append(WORDS[language]["hidden"])
    return "".join(f"{_printable(line)}\n" for line in lines)


def _cause_lines(cause: Cause, language: str) -> Iterator[str]:
    words = WORDS[language]
    severity = severity_name(cause.severity, language)
    told = words["finding"].format(severity=severity, message=cause.message)
    yield f"  {told} [{cause.shape}]"
    if cause.accepted:
        yield f"    {words['accepted'].format(reason=cause.accepted)}"
    for place in cause.places[:_PLACES]:
        yield f"    {place}"
    if len(cause.places) > _PLACES:
        yield f"    {words['more'].format(count=len(cause.places) - _PLACES)}"


def _printable(line: str) -> str:
    return "".join(character if character.isprintable() else " " for character in line)
