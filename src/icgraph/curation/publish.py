"""Publishing: a candidate becomes a revision, or it is refused and nothing has happened.

The guard sees the whole graph as it would be. What is accepted is recorded with who, when
and why, in the log and, for readers, in the graph of provenance.
"""

import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from pyoxigraph import DefaultGraph, Literal, NamedNode, Quad

from icgraph.curation.tombstones import Retired, retired_records
from icgraph.errors import GraphInvalid, InputError
from icgraph.guard.report import Report, Severity
from icgraph.model.iris import SLUG, Base, slugify
from icgraph.model.terms import FOREIGN_PREFIXES
from icgraph.store.changes import Change, held_quads, rebase, without_blank_nodes
from icgraph.store.log import ChangeLog
from icgraph.store.scratch import canonical_quads

Check = Callable[[Iterable[Quad]], Report]

_PROV: Final = FOREIGN_PREFIXES["prov"]
_TYPE: Final = NamedNode(FOREIGN_PREFIXES["rdf"] + "type")
_LABEL: Final = NamedNode(FOREIGN_PREFIXES["rdfs"] + "label")
_MODIFIED: Final = NamedNode(FOREIGN_PREFIXES["dcterms"] + "modified")
_PRIMARY_TOPIC: Final = NamedNode(FOREIGN_PREFIXES["foaf"] + "primaryTopic")
_GENERATED_BY: Final = NamedNode(_PROV + "wasGeneratedBy")
_DATE_TIME: Final = NamedNode(FOREIGN_PREFIXES["xsd"] + "dateTime")


@dataclass(frozen=True, slots=True)
class Published:
    """What became of a candidate: nothing `added` or `removed` means that nothing is new."""

    revision: int
    added: int
    report: Report | None
    removed: int = 0


@dataclass(frozen=True, slots=True)
class Signature:
    """Who changes the graph, why, and when (UTC)."""

    agent: str
    message: str
    time: datetime

    def __post_init__(self) -> None:
        for text in (self.agent, self.message):
            if not text.isprintable() or not text.strip():
                raise InputError(
                    f"The text {text!r} cannot say who or why.",
                    advice="Give readable text with --agent and --message.",
                )


def publish_additions(
    log: ChangeLog,
    candidate: Iterable[Quad],
    signature: Signature,
    check: Check,
    *,
    provenance: Iterable[Quad] = (),
) -> Published:
    """Add what the candidate says and the graph does not; deletes nothing.

    The candidate and what is known of its `provenance` lie below the default base. Raises
    GraphInvalid, with the report as its member `report`, when `check` finds a Violation;
    HeadMoved when another change came first.
    """
    head = log.head()
    held = held_quads(log.read())
    said = list(rebase(without_blank_nodes(candidate, "The data"), log.base))
    _refuse_foreign_graphs(said, Base(log.base))
    additions = canonical_quads([*said, *rebase(provenance, log.base)]) - held
    change = Change(signature.agent, signature.message, additions)
    return _publish(log, _Graph(head, held), change, signature.time, check)


def publish_change(
    log: ChangeLog,
    change: Change,
    *,
    after: int,
    time: datetime,
    check: Check,
    of_documents: bool = False,
) -> Published:
    """Make the graph what a change says that was made on the revision `after`.

    Like `publish_additions`, but it may remove; all of it lies below the base of the log, and
    is canonical. What the system says `of_documents` stands in the graph of provenance, which is
    open to nobody else. Raises InputError, too, for a graph that cannot be written, for blank
    nodes, and for removing what the ontology says.
    """
    held = held_quads(log.read())
    without_blank_nodes(change.additions, "The change")
    provenance = NamedNode(Base(log.base).graph("provenance"))
    touched = change.additions | change.removals
    if of_documents:
        touched = frozenset(quad for quad in touched if quad.graph_name != provenance)
    _refuse_foreign_graphs(touched, Base(log.base))
    _refuse_loss_of_terms(change.removals, Base(log.base))
    return _publish(log, _Graph(after, held), change, time, check)


@dataclass(frozen=True, slots=True)
class _Graph:
    """All that the graph holds at the head of the log."""

    head: int
    held: frozenset[Quad]


def _publish(
    log: ChangeLog, graph: _Graph, change: Change, time: datetime, check: Check
) -> Published:
    additions, removals = change.additions, change.removals
    if not additions and not removals:
        return Published(graph.head, 0, None)
    kept = (quad for quad in graph.held if quad not in removals)  # a tombstone may go
    _refuse_retired(additions, kept, Base(log.base))
    report = _checked(graph.held, change, check)
    signature = Signature(change.agent, change.message, time)
    base, number = Base(log.base), graph.head + 1
    stated = canonical_quads(_provenance(additions | removals, base, number, signature))
    signed = Change(
        change.agent,
        change.message,
        additions | (stated - graph.held),
        removals | _outdated(graph.held, stated),
    )
    revision = log.append(signed, after=graph.head, time=time)
    return Published(revision.number, len(additions), report, len(removals))


def _checked(held: frozenset[Quad], change: Change, check: Check) -> Report | None:
    """What the guard says; None where it has nothing to say, as the default graph stays."""
    if all(quad.graph_name != DefaultGraph() for quad in change.additions | change.removals):
        return None
    after = (held - change.removals) | change.additions
    report = check(quad for quad in after if quad.graph_name == DefaultGraph())
    violations = report.counts[Severity.VIOLATION]
    if violations:
        raise GraphInvalid(
            f"The data breaks the rules in {violations} places; nothing was changed.",
            advice="Mend what the report names, then try again.",
            report=report.to_json(),
        )
    return report


def _refuse_foreign_graphs(quads: Iterable[Quad], base: Base) -> None:
    claims = re.compile(re.escape(base.graph("claims/")) + SLUG.pattern)
    for quad in quads:
        graph = quad.graph_name
        if isinstance(graph, NamedNode) and not claims.fullmatch(graph.value):
            raise InputError(
                f"The named graph <{graph.value}> is not one that can be written.",
                advice=(
                    f"Records belong in the default graph, claims in {base.graph('claims/')}…; "
                    "provenance is written by the system."
                ),
            )


def _refuse_loss_of_terms(removals: Iterable[Quad], base: Base) -> None:
    terms = (base.term(""), f"{base.iri}scheme/")
    for quad in removals:
        if isinstance(quad.subject, NamedNode) and quad.subject.value.startswith(terms):
            raise InputError(
                f"What is said of <{quad.subject.value}> cannot be removed.",
                advice="The ontology and its schemes come with the program; change records only.",
            )


def _refuse_retired(additions: Iterable[Quad], held: Iterable[Quad], base: Base) -> None:
    """Raise InputError where something is said of, or with, a record that has left the graph."""
    retired = {base.record(found.name): found for found in retired_records(held, base)}
    for quad in additions if retired else ():
        for node in (quad.subject, quad.object):
            iri = node.value if isinstance(node, NamedNode) else ""
            found = retired.get(iri.partition("#")[0])
            if found and quad.graph_name == DefaultGraph():
                raise _refusal(quad, found, base)


def _refusal(quad: Quad, found: Retired, base: Base) -> InputError:
    name = f"{found.name.kind}/{found.name.slug}"
    if found.into is None:
        return InputError(
            f"The record {name} was withdrawn, so nothing can be said of it or link to it: {quad}.",
            advice=f"The page {base.document(found.name)} says why. Leave it out.",
        )
    return InputError(
        f"The record {name} was merged into {found.into.kind}/{found.into.slug}: {quad}.",
        advice=f"Say it of <{base.record(found.into)}> instead.",
    )


def _provenance(
    touched: Iterable[Quad], base: Base, number: int, signature: Signature
) -> set[Quad]:
    """The statements that say who changed which record when (PROV-O; DCMI Terms)."""
    graph = NamedNode(base.graph("provenance"))
    change = NamedNode(f"{base.iri}changes/{number}")
    person = NamedNode(f"{base.iri}agent/{slugify(signature.agent)}")
    moment = Literal(signature.time.isoformat(), datatype=_DATE_TIME)
    names = {
        name
        for quad in touched
        if quad.graph_name == DefaultGraph() and isinstance(quad.subject, NamedNode)
        if (name := base.name_of(quad.subject.value)) is not None
    }
    written = {
        Quad(change, _TYPE, NamedNode(_PROV + "Activity"), graph),
        Quad(change, _LABEL, Literal(signature.message), graph),
        Quad(change, NamedNode(_PROV + "endedAtTime"), moment, graph),
        Quad(change, NamedNode(_PROV + "wasAssociatedWith"), person, graph),
        Quad(person, _TYPE, NamedNode(_PROV + "Agent"), graph),
        Quad(person, _LABEL, Literal(signature.agent), graph),
    }
    for name in names:
        document = NamedNode(base.document(name))
        written.add(Quad(document, _PRIMARY_TOPIC, NamedNode(base.record(name)), graph))
        written.add(Quad(document, _GENERATED_BY, change, graph))
        written.add(Quad(document, _MODIFIED, moment, graph))
    return written


def _outdated(held: Iterable[Quad], stated: frozenset[Quad]) -> frozenset[Quad]:
    """The earlier "last change" of the documents that are stated to have changed now."""
    last_change = {_MODIFIED, _GENERATED_BY}
    documents = {quad.subject for quad in stated if quad.predicate in last_change}
    return frozenset(
        quad
        for quad in held
        if quad.predicate in last_change and quad.subject in documents and quad not in stated
    )
