"""Findings grouped as people read them: by record, and in a record one line for one cause.

A cause is a rule and its message; the places where it shows hang below it. The renderings
for people use this, the renderings for machines do not.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from itertools import groupby

from pyoxigraph import NamedNode

from icgraph.guard.paths import path_text
from icgraph.guard.report import Finding, Report, Severity
from icgraph.guard.terms import Term
from icgraph.guard.wording import WORDS

_SHOWN_LENGTH = 80


@dataclass(frozen=True, slots=True)
class Cause:
    """One thing that is wrong with one record, and where it shows."""

    severity: Severity
    shape: str
    message: str
    message_language: str
    accepted: str
    places: tuple[str, ...]


def by_record(
    report: Report, language: str, name: Callable[[str], str]
) -> Iterator[tuple[str, list[Cause]]]:
    """The records with findings, those with the gravest first, and the causes in each."""
    gravest: dict[str, int] = {}
    for finding in report.findings:
        gravest.setdefault(finding.record, finding.severity.rank)
    ordered = sorted(report.findings, key=lambda f: (gravest[f.record], f.record, f.severity.rank))
    for record, findings in groupby(ordered, key=lambda finding: finding.record):
        yield record, _causes(list(findings), language, name)


def _causes(findings: list[Finding], language: str, name: Callable[[str], str]) -> list[Cause]:
    places: dict[Cause, list[str]] = {}
    for finding in findings:
        cause = Cause(
            severity=finding.severity,
            shape=_shown(finding.shape, name),
            message=finding.message(language),
            message_language=finding.message_language(language),
            accepted=finding.accepted,
            places=(),
        )
        place = _place(finding, language, name)
        shown = places.setdefault(cause, [])
        if place and place not in shown:
            shown.append(place)
    return [
        Cause(c.severity, c.shape, c.message, c.message_language, c.accepted, tuple(shown))
        for c, shown in places.items()
    ]


def _place(finding: Finding, language: str, name: Callable[[str], str]) -> str:
    parts = []
    focus = str(finding.focus.value)
    if focus.startswith(f"{finding.record}#"):
        parts.append(focus.removeprefix(finding.record))
    elif focus != finding.record and finding.focus != finding.value:
        parts.append(_shown(finding.focus, name))
    if finding.path is not None:
        parts.append(path_text(finding.path, name))
    if finding.value is not None and str(finding.value.value) != finding.record:
        value = _shown(finding.value, name)
        parts.append(WORDS[language]["value"].format(value=value))
    return " · ".join(parts)


def _shown(term: Term, name: Callable[[str], str]) -> str:
    text = name(term.value) if isinstance(term, NamedNode) else str(term)
    return text if len(text) <= _SHOWN_LENGTH else f"{text[: _SHOWN_LENGTH - 1]}…"
