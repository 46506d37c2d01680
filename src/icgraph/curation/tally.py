"""What the importer left out and why, counted while it works; the ledger of names goes with it.

Nothing is dropped silently: a value that is not carried over is counted here under its key
and reason, and what comes of reading rather than of a source is noted for the provenance.
"""

from collections import Counter
from dataclasses import dataclass, field

from pyoxigraph import NamedNode

from icgraph.curation.ledger import Ledger


@dataclass(slots=True)
class Tally:
    """Counts of values left out by (kind of fact, key, reason), and notes on single cases."""

    left_out: Counter[tuple[str, str, str]] = field(default_factory=Counter)
    cases: dict[str, set[str]] = field(default_factory=dict)
    own_names: set[NamedNode] = field(default_factory=set)
    remarks: dict[NamedNode, set[str]] = field(default_factory=dict)
    evidence: dict[NamedNode, str] = field(default_factory=dict)
    entry_years: dict[NamedNode, int] = field(default_factory=dict)
    ledger: Ledger = field(default_factory=Ledger)

    def leave_out(self, kind: str, key: str, reason: str) -> None:
        """Count a value of a key that is carried over in other lines."""
        self.left_out[kind, key, reason] += 1

    def note(self, heading: str, case: str) -> None:
        """List one case under a heading."""
        self.cases.setdefault(heading, set()).add(case)

    def names_are_ours(self, record: NamedNode) -> None:
        """Note that other names of the record were not all seen in a source."""
        self.own_names.add(record)

    def remark(self, record: NamedNode, words: str | None) -> None:
        """Keep a remark on a record, in English, for its document."""
        if words is not None:
            self.remarks.setdefault(record, set()).add(words)
