"""The history as the change log has it: who, when, why, from which sources, what.

Read from the newest change back, beside whatever else uses the home. Only what is shown is
unpacked: of one record, its own lines.
"""

from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Final

from pyoxigraph import NamedNode, Quad, RdfFormat, parse

from icgraph.catalogue.feeds import Effect, touched
from icgraph.errors import NotFound
from icgraph.model.iris import Base, RecordName
from icgraph.model.nearness import nearest
from icgraph.model.statements import is_bookkeeping
from icgraph.model.terms import FOREIGN_PREFIXES
from icgraph.store.changes import WrittenChange, encode_quads
from icgraph.store.home import existing_home
from icgraph.store.log import ChangeLog, PackedRevision, open_log
from icgraph.store.touched import statements_about, unpacked

_PIECE: Final = 50
_SOURCE: Final = NamedNode(FOREIGN_PREFIXES["dcterms"] + "source")
_INFORMED_BY: Final = NamedNode(FOREIGN_PREFIXES["prov"] + "wasInformedBy")


@dataclass(frozen=True, slots=True)
class Entry:
    """One change.

    `effects` say what it did to which record, `sources` are the IRIs of those that its
    statements newly name, `reverts` the revisions that it takes back. `clock_set_back` marks a
    time before that of the change before it. `added` and `removed` are its statements, without
    the bookkeeping of the system; they are there when they are asked for.
    """

    revision: int
    time: datetime
    agent: str
    message: str
    effects: dict[RecordName, Effect]
    sources: tuple[str, ...]
    reverts: tuple[int, ...]
    clock_set_back: bool
    added: tuple[Quad, ...]
    removed: tuple[Quad, ...]


@dataclass(frozen=True, slots=True)
class Wanted:
    """Which changes, the newest first: of a record or of all, since a moment or the beginning."""

    record: str | None = None
    since: datetime | None = None
    statements: bool = False


@dataclass(frozen=True, slots=True)
class History:
    """The changes of a home, one after the other, and the base of its IRIs."""

    base: Base
    entries: Iterator[Entry]


def read_history(home: Path, base: str | None, wanted: Wanted) -> History:
    """The history of the home in a folder, or of one record, given by IRI or as kind/slug.

    Raises HomeError where there is no home, NotFound for a record that never was, with near
    names, and, while the entries are read, LogDamaged.
    """
    log = open_log(existing_home(home).log, base)
    names = Base(log.base)
    record = None if wanted.record is None else _known(log, names, wanted.record)
    return History(names, _entries(log, names, record, wanted))


def _entries(
    log: ChangeLog, base: Base, record: RecordName | None, wanted: Wanted
) -> Iterator[Entry]:
    with closing(log):
        for revision, set_back in _with_clock(log):
            if wanted.since is not None and revision.time < wanted.since:
                continue  # and not the end: a clock may have been set back
            change = _part(revision, base, record)
            if change is not None:
                yield _entry(revision, change, base, set_back, statements=wanted.statements)


def _with_clock(log: ChangeLog) -> Iterator[tuple[PackedRevision, bool]]:
    """The revisions, the newest first, and whether the clock had been set back before each."""
    newer: PackedRevision | None = None
    for revision in _newest_first(log):
        if newer is not None:
            yield newer, newer.time < revision.time
        newer = revision
    if newer is not None:
        yield newer, False


def _newest_first(log: ChangeLog) -> Iterator[PackedRevision]:
    before = log.head() + 1
    while piece := log.packed(before=before, most=_PIECE):
        yield from piece
        before = piece[-1].number


def _part(revision: PackedRevision, base: Base, record: RecordName | None) -> WrittenChange | None:
    """What a revision says, or says of one record; None where it says nothing of that."""
    if record is None:
        return _whole(revision)
    iris = [base.record(record), base.document(record)]
    texts = [
        encode_quads(
            quad for quad in statements_about(packed, iris) if not is_bookkeeping(quad, base)
        )
        for packed in (revision.additions, revision.removals)
    ]
    return WrittenChange(revision.agent, revision.message, *texts) if any(texts) else None


def _whole(revision: PackedRevision) -> WrittenChange:
    texts = (unpacked(revision.additions), unpacked(revision.removals))
    return WrittenChange(revision.agent, revision.message, *texts)


def _entry(
    revision: PackedRevision,
    change: WrittenChange,
    base: Base,
    set_back: bool,
    *,
    statements: bool,
) -> Entry:
    found = reversed(touched(change, base).items())  # so that practices come first
    effects = {name: effect for name, effect in found if name}
    itself = f"{base.iri}changes/{revision.number}"
    taken_back = [
        int(quad.object.value.rpartition("/")[2])
        for quad in statements_about(revision.additions, [itself])
        if quad.predicate == _INFORMED_BY and isinstance(quad.object, NamedNode)
    ]
    sources = {
        quad.object.value
        for quad in _with_predicate(change.additions, _SOURCE)
        if isinstance(quad.object, NamedNode)
    }
    return Entry(
        revision.number,
        revision.time,
        revision.agent,
        revision.message,
        effects,
        tuple(sorted(sources)),
        tuple(sorted(taken_back)),
        set_back,
        _statements(change.additions, base) if statements else (),
        _statements(change.removals, base) if statements else (),
    )


def _with_predicate(text: bytes, predicate: NamedNode) -> Iterator[Quad]:
    # Text of a literal may look so, too: the parser has the last word.
    sought = f" {predicate} ".encode()
    lines = [line for line in text.splitlines() if sought in line] if sought in text else []
    for quad in parse(b"\n".join(lines), format=RdfFormat.N_QUADS):
        if quad.predicate == predicate:
            yield quad


def _statements(text: bytes, base: Base) -> tuple[Quad, ...]:
    quads = parse(text, format=RdfFormat.N_QUADS)
    return tuple(quad for quad in quads if not is_bookkeeping(quad, base))


def _known(log: ChangeLog, base: Base, text: str) -> RecordName:
    """The record that a text names; raises NotFound unless a change touched it."""
    name = base.name_of(text) or base.name_of(f"{base.iri}id/{text}")
    revisions = _newest_first(log)
    if name is not None and any(_part(revision, base, name) for revision in revisions):
        return name
    seen = {
        record: {record.slug}
        for revision in _newest_first(log)
        for record in touched(_whole(revision), base)
        if record is not None
    }
    kind, _, slug = text.removeprefix(f"{base.iri}id/").partition("/")
    same_kind = {record: slugs for record, slugs in seen.items() if record.kind == kind}
    near = [f"{found.kind}/{found.slug}" for found in nearest(slug or kind, same_kind or seen)]
    log.close()
    raise NotFound(
        f"No change ever touched a record {text!r}.",
        advice=f"Did you mean {', '.join(near)}?" if near else "Give its IRI or kind/slug.",
        suggestions=near,
    )
