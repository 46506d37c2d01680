"""A change: quads added and quads removed, with who, when and why. The unit of history.

Quads are kept as sorted N-Quads text, so that the same change has the same bytes for ever.
"""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from pyoxigraph import BlankNode, Literal, NamedNode, Quad, RdfFormat, parse, serialize

from icgraph.errors import InputError
from icgraph.model.terms import DEFAULT_BASE


@dataclass(frozen=True, slots=True)
class Change:
    """What somebody wants the graph to become; it has no effect until it is recorded."""

    agent: str
    message: str
    additions: frozenset[Quad] = field(repr=False)
    removals: frozenset[Quad] = field(default=frozenset(), repr=False)


@dataclass(frozen=True, slots=True)
class WrittenChange:
    """A change in the form the log keeps: quads as N-Quads in UTF-8, lines sorted."""

    agent: str
    message: str
    additions: bytes = field(repr=False)
    removals: bytes = field(default=b"", repr=False)


@dataclass(frozen=True, slots=True)
class Revision:
    """A change as the log holds it: `number` counts from 1, `time` is in UTC."""

    number: int
    time: datetime
    change: Change
    hash: str


@dataclass(frozen=True, slots=True)
class WrittenRevision:
    """A revision whose change is left in the form the log keeps, for whoever needs no quads."""

    number: int
    time: datetime
    change: WrittenChange
    hash: str


def encode_change(change: Change) -> WrittenChange:
    """The change in the form the log keeps."""
    return WrittenChange(
        change.agent,
        change.message,
        encode_quads(change.additions),
        encode_quads(change.removals),
    )


def decode_change(written: WrittenChange) -> Change:
    """The change of `encode_change`."""
    return Change(
        written.agent,
        written.message,
        decode_quads(written.additions),
        decode_quads(written.removals),
    )


def encode_quads(quads: Iterable[Quad]) -> bytes:
    """The quads as N-Quads in UTF-8, sorted by their text."""
    text = serialize(sorted(quads, key=str), format=RdfFormat.N_QUADS)
    assert text is not None
    return text


def decode_quads(text: bytes) -> frozenset[Quad]:
    """The quads of `encode_quads`."""
    return frozenset(parse(text, format=RdfFormat.N_QUADS))


def without_blank_nodes(quads: Iterable[Quad], origin: str) -> list[Quad]:
    """The same quads; raises InputError where a blank node stands.

    A blank node has no name that lasts, so a second load could not tell it is no change.
    """
    kept = list(quads)
    for quad in kept:
        if isinstance(quad.subject, BlankNode) or isinstance(quad.object, BlankNode):
            raise InputError(
                f"{origin} has a blank node, in: {quad}.",
                advice="Give it an IRI below its record, such as <…/id/practice/x#part>.",
            )
    return kept


def rebase(quads: Iterable[Quad], base: str) -> Iterable[Quad]:
    """The quads with `base` in the place of the default base, in IRIs and in literals.

    Literals too: shapes hold the base in patterns and in prefix declarations.
    """
    if base == DEFAULT_BASE:
        return quads
    return (
        Quad(
            _rebase_term(quad.subject, base),
            _rebase_term(quad.predicate, base),
            _rebase_term(quad.object, base),
            _rebase_term(quad.graph_name, base),
        )
        for quad in quads
    )


def _rebase_term(term: Any, base: str) -> Any:
    if isinstance(term, NamedNode):
        return (
            NamedNode(term.value.replace(DEFAULT_BASE, base, 1))
            if term.value.startswith(DEFAULT_BASE)
            else term
        )
    if isinstance(term, Literal) and DEFAULT_BASE in term.value:
        value = term.value.replace(DEFAULT_BASE, base)
        return (
            Literal(value, language=term.language)
            if term.language
            else Literal(value, datatype=term.datatype)
        )
    return term


def held_quads(revisions: Iterable[Revision]) -> frozenset[Quad]:
    """What the graph holds after these revisions, which begin with the first."""
    held: set[Quad] = set()
    for revision in revisions:
        held -= revision.change.removals
        held |= revision.change.additions
    return frozenset(held)
