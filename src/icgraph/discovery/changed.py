"""When a record last changed, and by whom, as the graph of provenance tells."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Final

from pyoxigraph import NamedNode

from icgraph.discovery.asking import Asking, answer, rows
from icgraph.discovery.reading import Reading
from icgraph.model.iris import RecordName

# Only the last change is stated: an earlier one is replaced (curation.publish). The graph is
# named last, lest Oxigraph read all of it.
_LAST_CHANGE: Final = """
SELECT ?time ?agent WHERE {
  GRAPH ?g {
    VALUES ?document { UNDEF }
    ?document dcterms:modified ?time .
    OPTIONAL { ?document prov:wasGeneratedBy/prov:wasAssociatedWith ?agent }
  }
  VALUES ?g { UNDEF }
}
"""


@dataclass(frozen=True, slots=True)
class LastChange:
    """The time (UTC, whole seconds, as HTTP has them), and the IRIs of who made it."""

    time: datetime | None
    agents: tuple[str, ...]


def seek_last_change(reading: Reading, name: RecordName) -> Asking[LastChange]:
    """The last change of a record's document; its time is None where none is stated."""
    told = yield from rows(
        _LAST_CHANGE,
        g=[NamedNode(reading.base.graph("provenance"))],
        document=[NamedNode(reading.base.document(name))],
    )
    times = _times(row["time"].value for row in told)
    agents = {row["agent"].value for row in told if "agent" in row}
    return LastChange(max(times, default=None), tuple(sorted(agents)))


def read_last_change(reading: Reading, name: RecordName) -> LastChange:
    """The same, asked alone."""
    return answer(reading, seek_last_change(reading, name))


def _times(texts: Iterable[str]) -> list[datetime]:
    """The full moments among these; an older program or an import may state days alone."""
    found = []
    for text in texts:
        try:
            time = datetime.fromisoformat(text)
        except ValueError:
            continue
        if time.tzinfo is not None:
            found.append(time.astimezone(UTC).replace(microsecond=0))
    return found
