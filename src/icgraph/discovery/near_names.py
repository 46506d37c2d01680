"""Records whose names come near one that is not there: "Did you mean …".

All names of a kind are read at most once a minute and compared in memory. What is suggested is
looked up anew, so that nothing is suggested that has gone meanwhile.
"""

import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Final

from pyoxigraph import Literal, NamedNode

from icgraph.discovery.reading import Reading
from icgraph.discovery.records import facts
from icgraph.model.iris import RecordName, slugify
from icgraph.model.kinds import KINDS
from icgraph.model.labels import choose
from icgraph.model.nearness import nearest

#: Names of a kind that are compared; a mistyped one beyond that gets no suggestions.
MOST_NAMES: Final = 50_000
_KEPT_SECONDS: Final = 60

_NAMES: Final = f"""
SELECT ?record ?label WHERE {{
  VALUES ?type {{ UNDEF }} ?record a ?type ; rdfs:label ?label
}} LIMIT {MOST_NAMES}
"""


@dataclass(frozen=True, slots=True)
class Suggestion:
    """A record somebody may have meant."""

    iri: str
    label: Literal


class NearNames:
    """The names of each kind, for a while; safe to use from several threads."""

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self._held: dict[str, tuple[float, Mapping[str, set[str]]]] = {}

    def suggest(self, reading: Reading, wanted: RecordName) -> list[Suggestion]:
        """The records most likely meant, best first; none where nothing is like it."""
        kinds = {kind.name: (kind.name, kind.path) for kind in KINDS.values()}
        kind = next(iter(nearest(wanted.kind, kinds, most=1)), None)
        if kind is None:
            return []
        iris = nearest(wanted.slug, self._names(reading, kind))
        known = facts(reading, iris, ["rdfs:label"])
        found = []
        for iri in iris:
            labels = known.get(iri, {}).get(reading.expand("rdfs:label"), ())
            texts = [label for label in labels if isinstance(label, Literal)]
            if label := choose(texts, reading.language):
                found.append(Suggestion(iri, label))
        return found

    def _names(self, reading: Reading, kind: str) -> Mapping[str, set[str]]:
        moment, names = self._held.get(kind, (0.0, {}))
        if not names or self._clock() - moment > _KEPT_SECONDS:
            names = _read_names(reading, kind)
            self._held[kind] = (self._clock(), names)
        return names


def _read_names(reading: Reading, kind: str) -> Mapping[str, set[str]]:
    names: dict[str, set[str]] = {}
    type_ = NamedNode(KINDS[kind].type_iri(reading.base.iri))
    for row in reading.rows(_NAMES, type=[type_]):
        record, label = row["record"], row["label"]
        # In a graph that nobody checked, a blank node may be of this type and an IRI be a label.
        if not isinstance(record, NamedNode) or not isinstance(label, Literal):
            continue
        if name := reading.base.name_of(record.value):
            names.setdefault(record.value, {name.slug}).add(slugify(label.value))
    return names
