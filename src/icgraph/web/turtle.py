"""Turtle for people who read it: the record first, then what it names; sorted, always alike.

The engine answers in the order of its indexes. A record is small, so its statements can be
laid out here, by the formatter that lays out the files of `data/`.
"""

from collections.abc import Iterable

from pyoxigraph import Quad, RdfFormat, parse

from icgraph.curation.rdf import format_turtle
from icgraph.model.terms import prefixes


def readable_turtle(ntriples: bytes, record: str, base: str) -> bytes:
    """N-Triples of a record and its surroundings, as Turtle."""
    own: list[Quad] = []
    others: list[Quad] = []
    for quad in parse(ntriples, format=RdfFormat.N_TRIPLES):
        about = str(quad.subject).strip("<>").partition("#")[0]
        (own if about == record else others).append(quad)
    names = prefixes(base)
    return _one_head([format_turtle(quads, names) for quads in (own, others) if quads]).encode()


def _one_head(texts: Iterable[str]) -> str:
    """Turtle texts as one, with every prefix declared once, at the top."""
    declared: set[str] = set()
    bodies = []
    for text in texts:
        head, gap, body = text.partition("\n\n") if text.startswith("@prefix") else ("", "", text)
        declared.update(head.splitlines())
        bodies.append(body if gap else text)
    return "\n".join(["".join(f"{line}\n" for line in sorted(declared)), *bodies])
