"""Whether a target passes a test; the same for the engine alone and for the service."""

import re
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Protocol

from tests.conformance.results import READERS, expected, quads_of
from tests.conformance.sameness import Row, same_rows
from tests.conformance.suite import Case, Dataset

_ORDERED = re.compile(r"\bORDER\s+BY\b", re.IGNORECASE)
_SHOWN = 2000


@dataclass(frozen=True)
class Reply:
    """An answer, by the status codes of HTTP."""

    status: int
    body: bytes
    media_type: str = ""

    def __str__(self) -> str:
        return f"{self.status}: {self.body[:_SHOWN].decode(errors='replace')}"


class Target(Protocol):
    """What runs the tests."""

    def hold(self, dataset: Dataset) -> None:
        """Hold this dataset and nothing else."""

    def query(self, text: str, media_type: str) -> Reply:
        """The answer in this format."""

    def update(self, text: str) -> Reply:
        """Run an update."""

    def parse_update(self, text: str) -> Reply:
        """Whether an update is one; it may be run."""

    def quads(self) -> list[Row]:
        """All that is held, graph first."""


def failure(case: Case, target: Target, *, by_value: bool = False) -> str:
    """What is wrong with the target's answer; nothing when it passes.

    `by_value` forgives a literal of the right value in another form.
    """
    match case.kind:
        case "QueryEvaluationTest" | "CSVResultFormatTest":
            return _query(case, target, by_value=by_value)
        case "UpdateEvaluationTest":
            return _update(case, target)
        case "PositiveSyntaxTest11" | "NegativeSyntaxTest11":
            target.hold({})
            return _syntax(case, target.query(case.text, "*/*"))
        case "PositiveUpdateSyntaxTest11" | "NegativeUpdateSyntaxTest11":
            return _syntax(case, target.parse_update(case.text))
    raise AssertionError(case.kind)


def _query(case: Case, target: Target, *, by_value: bool) -> str:
    assert case.result is not None
    due, media_type = expected(case.result)
    target.hold(case.before)
    reply = target.query(case.text, media_type)
    if reply.status != 200:
        return str(reply)
    got = READERS[media_type](reply.body)
    if by_value:
        due, got = due.by_value(), got.by_value()
    after_the_pattern = case.text[case.text.rfind("}") :]
    if got.same(due, ordered=bool(_ORDERED.search(after_the_pattern))):
        return ""
    return _difference(due.rows, got.rows)


def _update(case: Case, target: Target) -> str:
    target.hold(case.before)
    reply = target.update(case.text)
    if reply.status not in {200, 204}:
        return str(reply)
    due, got = quads_of(case.after), target.quads()
    return "" if same_rows(due, got) else _difference(due, got)


def _syntax(case: Case, reply: Reply) -> str:
    accepted = {200, 204} if case.kind.startswith("Positive") else {400}
    return "" if reply.status in accepted else str(reply)


def _difference(due: Iterable[Row], got: Iterable[Row]) -> str:
    """The rows that only one side has; blank nodes may show that are not at fault."""
    left, right = Counter(map(_shown, due)), Counter(map(_shown, got))
    missing, surplus = sorted((left - right).elements()), sorted((right - left).elements())
    return f"missing: {missing}\nsurplus: {surplus}"


def _shown(row: Row) -> str:
    return " ".join("UNDEF" if cell is None else str(cell) for cell in row)
