"""Statements as people read them, and which of them are the system's own bookkeeping."""

import unicodedata
from typing import Final

from pyoxigraph import DefaultGraph, NamedNode, Quad

from icgraph.model.iris import Base
from icgraph.model.terms import FOREIGN_PREFIXES, prefixes

#: What is written of every document that a change touches, and says nothing of what changed.
_OF_DOCUMENTS: Final = frozenset(
    {
        f"{FOREIGN_PREFIXES['foaf']}primaryTopic",
        f"{FOREIGN_PREFIXES['prov']}wasGeneratedBy",
        f"{FOREIGN_PREFIXES['dcterms']}modified",
    }
)
#: Control and format characters, and what has no meaning: a terminal may obey them.
_UNSHOWN: Final = frozenset({"Cc", "Cf", "Cs", "Cn", "Co", "Zl", "Zp"})


def readable(quad: Quad, base: Base) -> str:
    """A statement as a person reads it: `practice:x dcterms:spatial place:pl-lublin`."""
    terms: list[object] = [quad.subject, quad.predicate, quad.object]
    if quad.graph_name != DefaultGraph():
        terms.append(quad.graph_name)
    return " ".join(_shortened(term, base) for term in terms)


def harmless(text: str) -> str:
    r"""A text without anything that a terminal could obey: such characters as `\u009B`."""
    return "".join(
        f"\\u{ord(each):04X}" if unicodedata.category(each) in _UNSHOWN else each for each in text
    )


def is_bookkeeping(quad: Quad, base: Base) -> bool:
    """Whether a statement tells of the changes themselves: who, when, which document."""
    if quad.graph_name != NamedNode(base.graph("provenance")):
        return False
    subject = quad.subject.value if isinstance(quad.subject, NamedNode) else ""
    return (
        subject.startswith((f"{base.iri}changes/", f"{base.iri}agent/"))
        or quad.predicate.value in _OF_DOCUMENTS
    )


def _shortened(term: object, base: Base) -> str:
    if isinstance(term, NamedNode):
        for prefix, namespace in prefixes(base.iri).items():
            if term.value.startswith(namespace) and "/" not in term.value[len(namespace) :]:
                return harmless(f"{prefix}:{term.value[len(namespace) :]}")
    return harmless(str(term))
