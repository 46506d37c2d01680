"""What a document says once its record has left the graph, and what can be told from that.

The record's statements are gone; its document stays in the graph of provenance, with what the
record was called, when and why it left, and what replaced it (PROV-O, DCMI Terms, SKOS).
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from pyoxigraph import Literal, NamedNode, Quad

from icgraph.model.iris import Base, RecordName
from icgraph.model.terms import FOREIGN_PREFIXES

_LABEL: Final = NamedNode(FOREIGN_PREFIXES["rdfs"] + "label")
_TITLE: Final = NamedNode(FOREIGN_PREFIXES["dcterms"] + "title")
_REPLACED_BY: Final = NamedNode(FOREIGN_PREFIXES["dcterms"] + "isReplacedBy")
_REASON: Final = NamedNode(FOREIGN_PREFIXES["skos"] + "changeNote")
_INVALIDATED: Final = NamedNode(FOREIGN_PREFIXES["prov"] + "invalidatedAtTime")
_DATE_TIME: Final = NamedNode(FOREIGN_PREFIXES["xsd"] + "dateTime")
#: What `publish` writes of every document that a change touches.
_KEPT_BY_PUBLISH: Final = (
    NamedNode(FOREIGN_PREFIXES["foaf"] + "primaryTopic"),
    NamedNode(FOREIGN_PREFIXES["prov"] + "wasGeneratedBy"),
    NamedNode(FOREIGN_PREFIXES["dcterms"] + "modified"),
)


@dataclass(frozen=True, slots=True)
class Reason:
    """Who has a record leave, and why; `language` is the tag of the text."""

    agent: str
    text: str
    language: str = "en"


@dataclass(frozen=True, slots=True)
class Retired:
    """A record that has left the graph; `into` is the one it was merged into, if it was."""

    name: RecordName
    into: RecordName | None


def retired_records(held: Iterable[Quad], base: Base) -> list[Retired]:
    """The records that have left a graph, in the order of their leaving."""
    merged_into = NamedNode(base.term("mergedInto"))
    moments: dict[RecordName, str] = {}
    winners: dict[RecordName, RecordName] = {}
    for quad in held:
        if quad.predicate == _INVALIDATED and (name := _name(quad.subject, base)):
            moments[name] = str(quad.object)
        elif quad.predicate == merged_into:
            name, winner = _name(quad.subject, base), _name(quad.object, base)
            if name and winner:
                winners[name] = winner
    ordered = sorted(moments, key=lambda name: (moments[name], name.kind, name.slug))
    return [Retired(name, winners.get(name)) for name in ordered]


def tombstone(
    record: Retired,
    *,
    heir: RecordName | None,
    labels: Iterable[Literal],
    reason: Reason,
    moment: datetime,
    base: Base,
) -> set[Quad]:
    """The statements of the document of a record that leaves; `heir` is what replaces it."""
    graph, document = NamedNode(base.graph("provenance")), NamedNode(base.document(record.name))
    said: set[tuple[NamedNode, NamedNode | Literal]] = {
        (_INVALIDATED, Literal(moment.isoformat(), datatype=_DATE_TIME)),
        (_REASON, Literal(reason.text, language=reason.language)),
        *((_TITLE, label) for label in labels),
    }
    if heir:
        said.add((_REPLACED_BY, NamedNode(base.document(heir))))
    if record.into:
        said.add((NamedNode(base.term("mergedInto")), NamedNode(base.document(record.into))))
    return {Quad(document, predicate, value, graph) for predicate, value in said}


def told_before(held: Iterable[Quad], name: RecordName, base: Base) -> set[Quad]:
    """What was said of a record's document while the record was there, but for its last change."""
    graph, document = NamedNode(base.graph("provenance")), NamedNode(base.document(name))
    return {
        quad
        for quad in held
        if quad.subject == document
        and quad.graph_name == graph
        and quad.predicate not in _KEPT_BY_PUBLISH
    }


def successors_moved(held: Iterable[Quad], record: Retired, base: Base) -> dict[Quad, Quad]:
    """Earlier words on what replaced a record, and the same once the replacement was merged."""
    if record.into is None:
        return {}
    successions = {_REPLACED_BY, NamedNode(base.term("mergedInto"))}
    old, new = NamedNode(base.document(record.name)), NamedNode(base.document(record.into))
    return {
        quad: Quad(quad.subject, quad.predicate, new, quad.graph_name)
        for quad in held
        if quad.predicate in successions and quad.object == old
    }


def _name(node: object, base: Base) -> RecordName | None:
    return base.name_of(node.value) if isinstance(node, NamedNode) else None
