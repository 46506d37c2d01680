"""Remarks of the harvest on records, and what of them is carried over.

A remark is kept in the words of the facts, unless a reviewable table has other words for it:
those of remarks that name a person, who is left out.
"""

from collections.abc import Mapping
from dataclasses import dataclass

from icgraph.curation.facts import Fact
from icgraph.curation.mappings import Row


@dataclass(frozen=True, slots=True)
class Remarks:
    """The table, by file, name of the line, and key."""

    rows: Mapping[tuple[str, str, str], Row]

    def of(self, fact: Fact, key: str) -> str | None:
        """The remark under a key of a line, in our words where the table has some."""
        words = fact.optional_text(key)
        row = self.rows.get((fact.kind, fact.text("name"), key))
        return words if words is None or row is None else row["text"] or None
