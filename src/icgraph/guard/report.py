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

from icgraph.guard.conversion import Term
from icgraph.guard.paths import Path, path_from_json, path_text, path_to_json


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
class Report:
    """The findings of one validation, the gravest first, then by record and shape."""

    findings: tuple[Finding, ...] = ()

    @classmethod
    def of(cls, findings: Iterable[Finding]) -> Self:
        """A report of these findings, in whatever order they come."""
        return cls(tuple(sorted(findings, key=_order)))

    @property
    def counts(self) -> Mapping[Severity, int]:
        """How many findings of each severity there are, accepted ones included."""
        return {
            severity: sum(finding.severity is severity for finding in self.findings)
            for severity in Severity
        }

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
        kept = (f for f in self.findings if f.severity.rank <= severity.rank)
        return Report(tuple(kept))

    def about(self, records: Collection[str]) -> "Report":
        """The findings on these records."""
        return Report(tuple(finding for finding in self.findings if finding.record in records))

    def to_json(self) -> dict[str, Any]:
        """The report as JSON values."""
        return {
            "conforms": self.conforms,
            "counts": {severity.value: count for severity, count in self.counts.items()},
            "accepted": self.accepted,
            "findings": [_finding_to_json(finding) for finding in self.findings],
        }

    @classmethod
    def from_json(cls, value: Mapping[str, Any]) -> Self:
        """What `to_json` wrote; raises ValueError, KeyError or TypeError on anything else."""
        return cls.of(_finding_from_json(finding) for finding in value["findings"])


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
