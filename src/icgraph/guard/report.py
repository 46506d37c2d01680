"""What validation found: findings, in one order, and the verdict over them.

The verdict is ours: a graph conforms when it has no Violation and no Warning that is not
accepted. A report is a value; it knows no pySHACL and renders nothing but its JSON, which
is how it travels between processes.
"""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any, Self

from pyoxigraph import BlankNode, Literal, NamedNode

from icgraph.guard.paths import Path, path_from_json, path_text, path_to_json
from icgraph.guard.terms import Term


class Severity(StrEnum):
    """How grave a finding is, the gravest first."""

    VIOLATION = "violation"
    WARNING = "warning"
    INFO = "info"

    @property
    def rank(self) -> int:
        """0 for the gravest."""
        return list(Severity).index(self)


def record_of(node: Term) -> str:
    """The record a node belongs to: its IRI without `#part`; what is no record is its own."""
    if not isinstance(node, NamedNode):
        return str(node)
    return node.value.partition("#")[0] if "/id/" in node.value else node.value


@dataclass(frozen=True, slots=True)
class Finding:
    """One result of validation (SHACL, section 3.6.2).

    `record` is the record to look at: that of the focus, or one that refers to the focus.
    `messages` are pairs of language and text; `accepted` is the reason why a Warning is
    accepted, empty when it is not.
    """

    severity: Severity
    focus: Term
    record: str
    shape: Term
    component: str
    path: Path | None = None
    value: Term | None = None
    messages: tuple[tuple[str, str], ...] = ()
    accepted: str = ""

    def message(self, language: str) -> str:
        """What is wrong, in this language if it can be had, else in English or any other."""
        for wanted in (language, "en", ""):
            texts = [text for spoken, text in self.messages if spoken == wanted]
            if texts:
                return " ".join(texts)
        return self.messages[0][1] if self.messages else self.component.rpartition("#")[2]

    def message_language(self, language: str) -> str:
        """The language that `message` answers in; empty when it is not stated."""
        spoken = [tag for tag, _ in self.messages]
        return next((tag for tag in (language, "en", "", *spoken) if tag in spoken), "")


def _order(finding: Finding) -> tuple[Any, ...]:
    return (
        finding.severity.rank,
        finding.record,
        str(finding.shape),
        str(finding.focus),
        path_text(finding.path) if finding.path else "",
        str(finding.value or ""),
        finding.component,
        finding.messages,
    )


@dataclass(frozen=True, slots=True)
class Cut:
    """Of the findings of one constraint only so many are shown; both counts are exact."""

    severity: Severity
    shape: Term
    component: str
    shown: int
    found: int


@dataclass(frozen=True, slots=True)
class Report:
    """The findings of one validation, the gravest first, then by record and shape.

    `cuts` tells of findings that were counted and left out, `by_reference` names the shapes that
    pySHACL validated because they could not be compiled, with the reason.
    """

    findings: tuple[Finding, ...] = ()
    cuts: tuple[Cut, ...] = ()
    by_reference: tuple[tuple[Term, str], ...] = ()

    @classmethod
    def of(
        cls,
        findings: Iterable[Finding],
        cuts: Iterable[Cut] = (),
        by_reference: Iterable[tuple[Term, str]] = (),
    ) -> Self:
        """A report of these findings, in whatever order they come."""
        return cls(tuple(sorted(findings, key=_order)), tuple(cuts), tuple(by_reference))

    @property
    def counts(self) -> Mapping[Severity, int]:
        """How many findings of each severity there are, accepted and left out ones included."""
        counts = dict.fromkeys(Severity, 0)
        for finding in self.findings:
            counts[finding.severity] += 1
        for cut in self.cuts:
            counts[cut.severity] += cut.found - cut.shown
        return counts

    @property
    def accepted(self) -> int:
        """How many Warnings are accepted."""
        return sum(bool(finding.accepted) for finding in self.findings)

    @property
    def conforms(self) -> bool:
        """No Violation, and no Warning that is not accepted."""
        return all(
            finding.severity is Severity.INFO or finding.accepted for finding in self.findings
        )

    def at_least(self, severity: Severity) -> "Report":
        """The findings of this severity and the graver ones."""
        kept = tuple(f for f in self.findings if f.severity.rank <= severity.rank)
        cuts = tuple(cut for cut in self.cuts if cut.severity.rank <= severity.rank)
        return Report(kept, cuts, self.by_reference)

    def about(self, records: Collection[str]) -> "Report":
        """The findings on these records."""
        kept = (finding for finding in self.findings if finding.record in records)
        return Report(tuple(kept), by_reference=self.by_reference)

    def to_json(self) -> dict[str, Any]:
        """The report as JSON values."""
        return {
            "conforms": self.conforms,
            "counts": {severity.value: count for severity, count in self.counts.items()},
            "accepted": self.accepted,
            "findings": [_finding_to_json(finding) for finding in self.findings],
            "cuts": [_cut_to_json(cut) for cut in self.cuts],
            "byReference": [
                {"shape": _term_to_json(shape), "reason": reason}
                for shape, reason in self.by_reference
            ],
        }

    @classmethod
    def from_json(cls, value: Mapping[str, Any]) -> Self:
        """What `to_json` wrote; raises ValueError, KeyError or TypeError on anything else."""
        return cls.of(
            (_finding_from_json(finding) for finding in value["findings"]),
            (_cut_from_json(cut) for cut in value["cuts"]),
            ((_term_from_json(by["shape"]), by["reason"]) for by in value["byReference"]),
        )


def _cut_to_json(cut: Cut) -> dict[str, Any]:
    return {
        "severity": cut.severity.value,
        "shape": _term_to_json(cut.shape),
        "component": cut.component,
        "shown": cut.shown,
        "found": cut.found,
    }


def _cut_from_json(value: Mapping[str, Any]) -> Cut:
    return Cut(
        severity=Severity(value["severity"]),
        shape=_term_from_json(value["shape"]),
        component=value["component"],
        shown=value["shown"],
        found=value["found"],
    )


def _finding_to_json(finding: Finding) -> dict[str, Any]:
    return {
        "severity": finding.severity.value,
        "record": finding.record,
        "focus": _term_to_json(finding.focus),
        "path": None if finding.path is None else path_to_json(finding.path),
        "value": None if finding.value is None else _term_to_json(finding.value),
        "shape": _term_to_json(finding.shape),
        "component": finding.component,
        "messages": [{"language": tag, "text": text} for tag, text in finding.messages],
        "accepted": finding.accepted,
    }


def _finding_from_json(value: Mapping[str, Any]) -> Finding:
    return Finding(
        severity=Severity(value["severity"]),
        focus=_term_from_json(value["focus"]),
        record=value["record"],
        shape=_term_from_json(value["shape"]),
        component=value["component"],
        path=None if value["path"] is None else path_from_json(value["path"]),
        value=None if value["value"] is None else _term_from_json(value["value"]),
        messages=tuple((message["language"], message["text"]) for message in value["messages"]),
        accepted=value["accepted"],
    )


def _term_to_json(term: Term) -> dict[str, str]:
    # The form of SPARQL 1.1 Query Results JSON, section 3.2.2.
    if isinstance(term, NamedNode):
        return {"type": "uri", "value": term.value}
    if isinstance(term, BlankNode):
        return {"type": "bnode", "value": term.value}
    if term.language is not None:
        return {"type": "literal", "value": term.value, "xml:lang": term.language}
    return {"type": "literal", "value": term.value, "datatype": term.datatype.value}


def _term_from_json(value: Mapping[str, str]) -> Term:
    match value["type"]:
        case "uri":
            return NamedNode(value["value"])
        case "bnode":
            return BlankNode(value["value"])
        case "literal" if "xml:lang" in value:
            return Literal(value["value"], language=value["xml:lang"])
        case "literal":
            return Literal(value["value"], datatype=NamedNode(value["datatype"]))
    raise ValueError(f"not a term: {value!r}")
