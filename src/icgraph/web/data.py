"""Statements as the body of an answer: the same statements always give the same bytes.

The engine answers in the order of its indexes, which differs from one process to the next; a
page of data is small, so it is laid out here. Turtle is for people who read it: the thing
first, then what it names, by the formatter that lays out the files of `data/`.
"""

from collections.abc import Iterable, Sequence

from pyoxigraph import (
    BlankNode,
    CanonicalizationAlgorithm,
    Dataset,
    Quad,
    RdfFormat,
    Triple,
    serialize,
)

from icgraph.curation.rdf import format_turtle
from icgraph.discovery.descriptions import ordered
from icgraph.model.terms import prefixes
from icgraph.web.contexts import reference
from icgraph.web.jsonld import context_for, framed
from icgraph.web.media import JSONLD, TURTLE, Format


def data_body(statements: Sequence[Triple], format_: Format, about: str, base: str) -> bytes:
    """Statements of the thing with the IRI `about` and its surroundings, in a graph's format."""
    if format_ is TURTLE:
        return _readable_turtle(statements, about, base)
    if format_ is JSONLD:
        context = context_for(base)
        return framed(_canonical(statements), about, context, reference(context))
    syntax = RdfFormat.from_media_type(format_.media_type)
    assert syntax is not None
    body = serialize(ordered(_canonical(statements)), format=syntax, prefixes=prefixes(base))
    assert body is not None
    return body


def _canonical(statements: Sequence[Triple]) -> Iterable[Triple]:
    """The statements with blank nodes named by RDFC-1.0."""
    if not _has_blank_nodes(statements):
        return statements
    dataset = Dataset(map(_quad, statements))
    dataset.canonicalize(CanonicalizationAlgorithm.RDFC_1_0)
    return [quad.triple for quad in dataset]


def _readable_turtle(statements: Sequence[Triple], about: str, base: str) -> bytes:
    together = _has_blank_nodes(statements)  # what names them must stand in one text with them
    own: list[Quad] = []
    others: list[Quad] = []
    for each in statements:
        subject = str(each.subject).strip("<>").partition("#")[0]
        (own if together or subject == about else others).append(_quad(each))
    names = prefixes(base)
    return _one_head([format_turtle(quads, names) for quads in (own, others) if quads]).encode()


def _has_blank_nodes(statements: Iterable[Triple]) -> bool:
    return any(
        isinstance(term, BlankNode) for each in statements for term in (each.subject, each.object)
    )


def _quad(statement: Triple) -> Quad:
    return Quad(statement.subject, statement.predicate, statement.object)


def _one_head(texts: Iterable[str]) -> str:
    """Turtle texts as one, with every prefix declared once, at the top."""
    declared: set[str] = set()
    bodies = []
    for text in texts:
        head, gap, body = text.partition("\n\n") if text.startswith("@prefix") else ("", "", text)
        declared.update(head.splitlines())
        bodies.append(body if gap else text)
    return "\n".join(["".join(f"{line}\n" for line in sorted(declared)), *bodies])
