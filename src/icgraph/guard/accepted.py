"""Warnings that are known and accepted: each names a shape, a record and the reason.

They stand in `data/accepted-warnings.ttl`, are read by the guard alone and are not part of
the graph. Only Warnings can be accepted. One that no longer occurs is told as an Info, so
that the file does not grow old.
"""

from collections.abc import Iterable
from dataclasses import dataclass, replace

from pyoxigraph import Literal, NamedNode, Quad

from icgraph.errors import InputError
from icgraph.guard.report import Finding, Report, Severity
from icgraph.guard.terms import Term
from icgraph.model.iris import Base
from icgraph.model.terms import DEFAULT_BASE, FOREIGN_PREFIXES

_RDF_TYPE = NamedNode(FOREIGN_PREFIXES["rdf"] + "type")
_COMMENT = NamedNode(FOREIGN_PREFIXES["rdfs"] + "comment")

_GONE = (
    ("en", "No longer needed: this Warning is accepted, but it does not occur"),
    ("fr", "Inutile désormais : cet avertissement est accepté, mais n’apparaît pas"),
)


@dataclass(frozen=True, slots=True)
class AcceptedWarning:
    """A Warning of this shape on this record is accepted, for this reason."""

    shape: str
    record: str
    reason: str


def read_accepted(quads: Iterable[Quad], base: str = DEFAULT_BASE) -> tuple[AcceptedWarning, ...]:
    """The accepted warnings these quads describe; raises InputError for one that lacks a part."""
    term = Base(base).term
    described: dict[Term, dict[str, Term]] = {}
    for subject, predicate, value, _ in quads:
        described.setdefault(subject, {})[predicate.value] = value
    found = []
    for subject, facts in described.items():
        if facts.get(_RDF_TYPE.value) != NamedNode(term("AcceptedWarning")):
            continue
        shape, record = facts.get(term("acceptedShape")), facts.get(term("acceptedRecord"))
        reason = facts.get(_COMMENT.value)
        if not (
            isinstance(shape, NamedNode)
            and isinstance(record, NamedNode)
            and isinstance(reason, Literal)
            and reason.value.strip()
        ):
            raise InputError(
                f"The accepted warning {subject} does not name its shape, its record and a reason.",
                advice="State ic:acceptedShape, ic:acceptedRecord and rdfs:comment, each once.",
            )
        found.append(AcceptedWarning(shape.value, record.value, reason.value))
    return tuple(sorted(found, key=lambda accepted: (accepted.record, accepted.shape)))


def accept(report: Report, accepted: Iterable[AcceptedWarning], base: str = DEFAULT_BASE) -> Report:
    """The report with accepted Warnings marked, and an Info for each that no longer occurs."""
    reasons = {(warning.shape, warning.record): warning for warning in accepted}
    unused = dict(reasons)
    findings = []
    for finding in report.findings:
        key = (finding.shape.value, finding.record)
        if finding.severity is Severity.WARNING and key in reasons:
            unused.pop(key, None)
            findings.append(replace(finding, accepted=reasons[key].reason))
        else:
            findings.append(finding)
    findings += [_no_longer_needed(warning, base) for warning in unused.values()]
    return Report.of(findings, report.cuts, report.by_reference)


def _no_longer_needed(warning: AcceptedWarning, base: str) -> Finding:
    return Finding(
        severity=Severity.INFO,
        focus=NamedNode(warning.record),
        record=warning.record,
        shape=NamedNode(warning.shape),
        component=Base(base).term("AcceptedWarning"),
        messages=tuple((tag, f"{text} ({warning.reason})") for tag, text in _GONE),
    )
