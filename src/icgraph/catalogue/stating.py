"""Making statements: prefixed names and typed values in, triples out."""

from types import MappingProxyType
from typing import Final

from pyoxigraph import Literal, NamedNode, Triple

from icgraph.model.terms import FOREIGN_PREFIXES

#: Namespaces of the description of a dataset.
PREFIXES: Final = MappingProxyType(
    {
        **{name: FOREIGN_PREFIXES[name] for name in ("dcat", "dcterms", "foaf", "owl", "xsd")},
        "dcatap": "http://data.europa.eu/r5r/",
        "formats": "http://www.w3.org/ns/formats/",
        "spdx": "http://spdx.org/rdf/terms#",
        "vcard": "http://www.w3.org/2006/vcard/ns#",
        "void": "http://rdfs.org/ns/void#",
    }
)


class Says:
    """Makes statements about something and its parts (`#part`), with prefixed names."""

    def __init__(self, iri: str) -> None:
        self._iri = iri

    def __call__(self, part: str, name: str, value: NamedNode | Literal) -> Triple:
        """The statement that the thing, or a part of it, has this value of a property."""
        return Triple(self.node(part), term(name), value)

    def node(self, part: str = "") -> NamedNode:
        """The thing, or a part of it."""
        return NamedNode(f"{self._iri}#{part}" if part else self._iri)


def term(name: str) -> NamedNode:
    """The IRI of a prefixed name."""
    prefix, _, local = name.partition(":")
    return NamedNode((PREFIXES.get(prefix) or FOREIGN_PREFIXES[prefix]) + local)


def dcat(name: str) -> NamedNode:
    """The IRI of a term of DCAT."""
    return term(f"dcat:{name}")


def text(words: str, language: str) -> Literal:
    """A text in a language."""
    return Literal(words, language=language)


def plain(words: str) -> Literal:
    """A text in none."""
    return Literal(words)


def number(value: int, kind: str = "integer") -> Literal:
    """A number of a type of XML Schema."""
    return Literal(str(value), datatype=term(f"xsd:{kind}"))


def moment(time: str) -> Literal:
    """A time that is given in the form of RFC 3339."""
    return Literal(time, datatype=term("xsd:dateTime"))
