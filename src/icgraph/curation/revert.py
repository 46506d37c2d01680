"""Taking changes back: what they added goes, what they removed is there again.

That is itself a recorded change, held to the same rules, whose provenance names those that it
takes back (`prov:wasInformedBy`). Where later changes touched the same statements nothing is
done: somebody has to say which of them is right.
"""

from collections.abc import Iterable, Iterator, Sequence
from contextlib import closing
from dataclasses import dataclass
from typing import Final

from pyoxigraph import NamedNode, Quad

from icgraph.config import Settings
from icgraph.curation.loading import Loaded, owned_if_free, readers_see
from icgraph.curation.publish import Published, Signature, publish_change
from icgraph.errors import ChangedSince, HeadMoved, InputError, NotFound
from icgraph.guard.checking import graph_check
from icgraph.model.iris import Base
from icgraph.model.statements import is_bookkeeping, readable
from icgraph.model.terms import FOREIGN_PREFIXES
from icgraph.store.changes import Change, Revision
from icgraph.store.channel import Progress
from icgraph.store.home import existing_home, open_home
from icgraph.store.log import ChangeLog, now, open_log
from icgraph.store.projection import Projection

_INFORMED_BY: Final = NamedNode(FOREIGN_PREFIXES["prov"] + "wasInformedBy")
_ATTEMPTS: Final = 5
#: Statements that a refusal lists.
_LISTED: Final = 10


@dataclass(frozen=True, slots=True)
class Conflict:
    """A statement that cannot be put back as it was before the change `reverted`.

    `by` is the last change that touched it since: it removed it where it is not `present`.
    """

    reverted: int
    by: int
    quad: Quad
    present: bool


def revert_changes(
    settings: Settings,
    revisions: Sequence[int],
    *,
    agent: str,
    message: str | None,
    progress: Progress,
) -> Loaded:
    """Take these revisions back, the newest first, as one change; `message` says why.

    Raises NotFound for a revision that is none, ChangedSince with the conflicts, InputError when
    nothing would come of it, what `publish_change` raises, and HeadMoved when others changed the
    graph each time.
    """
    home = open_home(existing_home(settings.home).folder)
    Signature(agent, message or "Revert", now())
    wanted = _Wanted(sorted(set(revisions), reverse=True), agent, message)
    with owned_if_free(home) as owned, closing(open_log(home.log, settings.base)) as log:
        if log.bare:
            raise InputError(
                "The changes of a bare home cannot be taken back.",
                advice="Update the graph instead, or begin a home that has rules.",
            )
        published = _published(settings, log, wanted, progress)
        if owned:
            Projection(home.projection, checkpoints=settings.checkpoints).follow(log, progress)
        return Loaded(published, owned or readers_see(home, published.revision))


@dataclass(frozen=True, slots=True)
class _Wanted:
    """Which revisions to take back, the newest first, by whom, and why where it is said."""

    revisions: Sequence[int]
    agent: str
    message: str | None


def _published(
    settings: Settings, log: ChangeLog, wanted: _Wanted, progress: Progress
) -> Published:
    check = graph_check(log.base, seconds=settings.validation_seconds, progress=progress)
    for attempt in range(1, _ATTEMPTS + 1):
        head, moment = log.head(), now()
        change = _reverting(log, head, wanted)
        try:
            return publish_change(
                log, change, after=head, time=moment, check=check, of_documents=True
            )
        except HeadMoved:  # by another process: what is in the way may be something else now
            if attempt == _ATTEMPTS:
                raise
    raise AssertionError


def _reverting(log: ChangeLog, head: int, wanted: _Wanted) -> Change:
    newest_first = wanted.revisions
    if newest_first[0] > head:
        raise NotFound(
            f"There is no revision {newest_first[0]}; the newest is {head}.",
            advice="`icgraph history` lists them.",
        )
    base = Base(log.base)
    since = list(log.read(after=newest_first[-1] - 1))
    additions, removals = inverse(since, newest_first, base)
    if not additions and not removals:
        raise InputError(
            f"Taking back {_named(newest_first)} changes nothing.",
            advice="`icgraph history --diff` shows what each did; it may have been undone already.",
        )
    itself, graph = NamedNode(f"{base.iri}changes/{head + 1}"), NamedNode(base.graph("provenance"))
    told = {
        Quad(itself, _INFORMED_BY, NamedNode(f"{base.iri}changes/{number}"), graph)
        for number in newest_first
    }
    messages = {revision.number: revision.change.message for revision in since}
    why = wanted.message or (messages[newest_first[0]] if len(newest_first) == 1 else None)
    said = f"Revert {_named(newest_first)}" + (f": {why}" if why else "")
    return Change(wanted.agent, said, additions | told, removals)


def inverse(
    since: Iterable[Revision], newest_first: Sequence[int], base: Base
) -> tuple[frozenset[Quad], frozenset[Quad]]:
    """What to add and what to remove so that these revisions are taken back.

    `since` are all revisions from the oldest of them on. Raises ChangedSince.
    """
    touches = _touches(since, set(newest_first), base)
    additions: set[Quad] = set()
    removals: set[Quad] = set()
    conflicts: list[Conflict] = []
    for quad, events in touches.items():
        at_head = present = events[-1][1]
        for number, added in reversed(events):
            if number not in newest_first:
                continue
            if present != added:
                by = next(each for each, _ in reversed(events) if each not in newest_first)
                conflicts.append(Conflict(number, by, quad, present))
                break
            present = not added
        if present and not at_head:
            additions.add(quad)
        elif at_head and not present:
            removals.add(quad)
    if conflicts:
        raise _changed_since(conflicts, base)
    return frozenset(additions), frozenset(removals)


def _touches(
    since: Iterable[Revision], reverted: set[int], base: Base
) -> dict[Quad, list[tuple[int, bool]]]:
    """By statement that is to be taken back: which revisions added (True) or removed it."""
    touches: dict[Quad, list[tuple[int, bool]]] = {}
    for revision in since:
        taken_back = revision.number in reverted
        for quad, added in _events(revision.change, base):
            if taken_back or quad in touches:
                touches.setdefault(quad, []).append((revision.number, added))
    return touches


def _events(change: Change, base: Base) -> Iterator[tuple[Quad, bool]]:
    for quads, added in ((change.removals, False), (change.additions, True)):
        for quad in quads:
            if not is_bookkeeping(quad, base):
                yield quad, added


def _changed_since(conflicts: list[Conflict], base: Base) -> ChangedSince:
    ordered = sorted(conflicts, key=lambda each: (-each.reverted, each.by, str(each.quad)))
    lines = [
        f"revision {each.by} {'put back' if each.present else 'removed'}: "
        f"{readable(each.quad, base)}"
        for each in ordered
    ]
    shown = "\n  ".join(lines[:_LISTED])
    rest = f"\n  and {len(lines) - _LISTED} more" if len(lines) > _LISTED else ""
    culprits = sorted({each.by for each in conflicts}, reverse=True)
    reverted = sorted({each.reverted for each in conflicts}, reverse=True)
    return ChangedSince(
        f"Later changes touched what {_named(reverted)} changed:\n  {shown}{rest}",
        advice=(
            f"Nothing was changed. Revert {_named(culprits)} as well, or change these statements."
        ),
        conflicts=[
            {
                "reverted": each.reverted,
                "by": each.by,
                "statement": str(each.quad),
                "present": each.present,
            }
            for each in ordered
        ],
    )


def _named(numbers: Sequence[int]) -> str:
    if len(numbers) == 1:
        return f"revision {numbers[0]}"
    return f"revisions {', '.join(str(number) for number in numbers[:-1])} and {numbers[-1]}"
