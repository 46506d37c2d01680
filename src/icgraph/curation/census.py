"""Which keys the facts have, and which were asked for: the rest the graph does not carry."""

from collections import Counter
from dataclasses import dataclass, field


@dataclass(slots=True)
class KeyCensus:
    """Which keys the lines of a kind have, how often, and which of them were asked for."""

    counts: Counter[str] = field(default_factory=Counter)
    read: set[str] = field(default_factory=set)

    def count(self, value: object, path: str = "") -> None:
        """Count the keys within a value, as paths such as `organisations.role`."""
        if isinstance(value, dict):
            for key, inner in value.items():
                here = f"{path}.{key}" if path else key
                self.counts[here] += 1
                self.count(inner, here)
        elif isinstance(value, list):
            for inner in value:
                self.count(inner, path)
