"""The names of SHACL and RDF that the guard needs, and a graph of shapes to look facts up in.

Nothing here knows rdflib, which takes a third of a second to import.
"""

from collections.abc import Iterable, Iterator
from typing import Final

from pyoxigraph import BlankNode, DefaultGraph, Literal, NamedNode, Quad, Triple

from icgraph.errors import InputError
from icgraph.model.terms import FOREIGN_PREFIXES

Term = BlankNode | Literal | NamedNode

SH: Final = FOREIGN_PREFIXES["sh"]
RDF: Final = FOREIGN_PREFIXES["rdf"]
RDFS: Final = FOREIGN_PREFIXES["rdfs"]
XSD: Final = FOREIGN_PREFIXES["xsd"]
OWL: Final = FOREIGN_PREFIXES["owl"]

_TRUE: Final = Literal("true", datatype=NamedNode(XSD + "boolean"))
_NIL: Final = NamedNode(RDF + "nil")


def default_graph(quads: Iterable[Quad]) -> Iterator[Quad]:
    """The quads of the default graph, which is all that SHACL sees."""
    return (quad for quad in quads if isinstance(quad.graph_name, DefaultGraph))


def statement_refused(term: Triple) -> InputError:
    """The error for a triple term of RDF 1.2, of which SHACL knows nothing."""
    return InputError(
        f"{term}: a statement about a statement cannot be validated.",
        advice="Describe the statement by a part of the record, such as a membership.",
    )


class Facts:
    """The triples of a small graph, by subject and predicate."""

    def __init__(self, quads: Iterable[Quad]) -> None:
        self._values: dict[Term | Triple, dict[str, list[Term]]] = {}
        self._subjects: dict[tuple[str, Term], list[Term]] = {}
        for subject, predicate, value, _ in default_graph(quads):
            if isinstance(subject, Triple) or isinstance(value, Triple):
                continue
            held = self._values.setdefault(subject, {}).setdefault(predicate.value, [])
            if value not in held:
                held.append(value)
                self._subjects.setdefault((predicate.value, value), []).append(subject)

    def __contains__(self, subject: Term) -> bool:
        return subject in self._values

    def __iter__(self) -> Iterator[Term]:
        return iter(subject for subject in self._values if not isinstance(subject, Triple))

    def values(self, subject: Term, predicate: str) -> list[Term]:
        """The objects of a subject and a predicate."""
        return self._values.get(subject, {}).get(predicate, [])

    def subjects(self, predicate: str, value: Term) -> list[Term]:
        """The subjects of a predicate and an object."""
        return self._subjects.get((predicate, value), [])

    def items(self, head: Term) -> tuple[Term, ...]:
        """The members of an RDF list; raises InputError for what is none (SHACL, section 1.5)."""
        found: list[Term] = []
        seen: set[Term] = set()
        while head != _NIL:
            first, rest = self.values(head, RDF + "first"), self.values(head, RDF + "rest")
            if head in seen or len(first) != 1 or len(rest) != 1:
                raise InputError(
                    f"The shapes cannot be used: {head} is not a list.",
                    advice="Write a list in brackets: ( ex:a ex:b ).",
                )
            seen.add(head)
            found += first
            head = rest[0]
        return tuple(found)


def truth(facts: Facts, subject: Term, predicate: str) -> bool:
    """Whether a switch of SHACL such as `sh:deactivated` is set: `1` does not set it."""
    return _TRUE in facts.values(subject, SH + predicate)


def messages(facts: Facts, subject: Term) -> tuple[tuple[str, str], ...]:
    """The pairs of language and text that `sh:message` gives; raises InputError."""
    found = []
    for text in facts.values(subject, SH + "message"):
        if not isinstance(text, Literal):
            raise unusable(subject, f"sh:message {text} is not a text")
        found.append((text.language or "", text.value))
    return tuple(sorted(found))


def unusable(shape: Term, problem: str) -> InputError:
    """The error for a malformed shape."""
    return InputError(
        f"The shape {shape} cannot be used: {problem}.",
        advice="Mend the shape; see https://www.w3.org/TR/shacl/.",
    )
