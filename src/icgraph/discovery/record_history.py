"""The recorded changes that touched one record: what each added and what it removed.

The graph of provenance names the last change of a record only; all of them are in the change
log. The log is searched from the newest change back, in pieces: one call looks at so many
changes, and says where to go on.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Final, Protocol

from pyoxigraph import Literal, NamedNode, Quad

from icgraph.discovery.reading import Reading, Term
from icgraph.discovery.records import Record, facts
from icgraph.model.iris import RecordName
from icgraph.store.log import PackedRevision
from icgraph.store.touched import statements_about

#: Changes shown at once, changes looked at for them, and the bytes (compressed) after which
#: no further change is begun.
SHOWN: Final = 20
EXAMINED: Final = 1_000
_PIECE: Final = 50
_BYTES: Final = 32_000_000
#: Statements shown of one change.
MOST_LINES: Final = 150

# What the system writes with every change says nothing of what changed.
_BOOKKEEPING: Final = ("prov:wasGeneratedBy", "dcterms:modified", "foaf:primaryTopic")


class Log(Protocol):
    """What keeps the changes: `icgraph.store.log.ChangeLog`."""

    def packed(self, *, before: int, most: int) -> list[PackedRevision]:
        """Revisions before `before`, the newest first."""
        ...


@dataclass(frozen=True, slots=True)
class Line:
    """What became of one property: the values it lost and those it got."""

    about: str
    property: str
    removed: tuple[Term, ...]
    added: tuple[Term, ...]


@dataclass(frozen=True, slots=True)
class Touch:
    """A change that touched the record; `lines` are the first `MOST_LINES` of `count`."""

    number: int
    time: datetime
    agent: str
    message: str
    lines: tuple[Line, ...]
    count: int


@dataclass(frozen=True, slots=True)
class RecordHistory:
    """Changes from the newest back; where more is to be looked at, before which revision."""

    touches: tuple[Touch, ...]
    go_on_before: int | None
    names: Record


def read_history(reading: Reading, log: Log, name: RecordName, *, before: int) -> RecordHistory:
    """The changes before revision `before` that said something of the record or its document."""
    touches: list[Touch] = []
    go_on: int | None = None
    size = 0
    for examined, revision in enumerate(_revisions(log, before)):
        if len(touches) == SHOWN or examined == EXAMINED or size > _BYTES:
            go_on = revision.number + 1
            break
        size += len(revision.additions) + len(revision.removals)
        if touch := _touch(reading, name, revision):
            touches.append(touch)
    return RecordHistory(tuple(touches), go_on, _names(reading, name, touches))


def _revisions(log: Log, before: int) -> Iterator[PackedRevision]:
    """In pieces, so that no transaction of the log stays open while its texts are read."""
    while piece := log.packed(before=before, most=_PIECE):
        yield from piece
        before = piece[-1].number


def _touch(reading: Reading, name: RecordName, revision: PackedRevision) -> Touch | None:
    iris = (reading.base.record(name), reading.base.document(name))
    hidden = {reading.expand(property_) for property_ in _BOOKKEEPING}
    removed, added = (
        _by_property(statements_about(text, iris), hidden)
        for text in (revision.removals, revision.additions)
    )
    keys = sorted(removed.keys() | added.keys())
    if not keys:
        return None
    lines = tuple(Line(*key, removed.get(key, ()), added.get(key, ())) for key in keys[:MOST_LINES])
    return Touch(revision.number, revision.time, revision.agent, revision.message, lines, len(keys))


def _by_property(
    quads: list[Quad], hidden: set[str]
) -> dict[tuple[str, str], tuple[NamedNode | Literal, ...]]:
    found: dict[tuple[str, str], list[NamedNode | Literal]] = {}
    for quad in quads:
        assert isinstance(quad.subject, NamedNode)
        if quad.predicate.value not in hidden and isinstance(quad.object, NamedNode | Literal):
            key = (quad.subject.value, quad.predicate.value)
            found.setdefault(key, []).append(quad.object)
    by_text: Callable[[NamedNode | Literal], str] = str
    return {key: tuple(sorted(terms, key=by_text)) for key, terms in found.items()}


def _names(reading: Reading, name: RecordName, touches: list[Touch]) -> Record:
    """What everything that the changes name is called now."""
    iri = reading.base.record(name)
    named = {iri}
    for touch in touches:
        for line in touch.lines:
            terms = (*line.removed, *line.added)
            named |= {line.property, *(t.value for t in terms if isinstance(t, NamedNode))}
    return Record(name, iri, (iri,), facts(reading, named, ["rdfs:label"]), reading)
