"""What data says of a thing at its address: its statements, and a page of who points at it.

The first page holds the record whole, with the labels of what it names; every page a bounded
part of the incoming links, with the labels of where they come from. Where there is more than
one page, the links are a `hydra:Collection` with its number of members, and each page a
`hydra:PartialCollectionView` that names its neighbours (Hydra Core Vocabulary, as Triple
Pattern Fragments use it).
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Final

from pyoxigraph import Literal, NamedNode, Triple

from icgraph.discovery.links import Incoming, read_incoming
from icgraph.discovery.reading import Reading, read_triples
from icgraph.model.terms import FOREIGN_PREFIXES

_HYDRA: Final = FOREIGN_PREFIXES["hydra"]
_TYPE: Final = NamedNode(FOREIGN_PREFIXES["rdf"] + "type")
_INTEGER: Final = NamedNode(FOREIGN_PREFIXES["xsd"] + "integer")
_NTRIPLES: Final = "application/n-triples"

_LABELS: Final = """
CONSTRUCT { ?s rdfs:label ?label } WHERE { VALUES ?s { UNDEF } ?s rdfs:label ?label }
"""


@dataclass(frozen=True, slots=True)
class Description:
    """A page of data: its statements, sorted, each once; `pages` is how many pages there are."""

    statements: tuple[Triple, ...]
    page: int
    pages: int


def describe(
    reading: Reading, iri: str, document: str, own: Sequence[Triple], page: int = 1
) -> Description | None:
    """A page about the thing with this IRI, whose `own` statements stand on the first.

    `document` is the IRI of the document, which differs from the thing's or is the same.
    None for a page that there is not.
    """
    incoming = read_incoming(reading, iri)
    if not 1 <= page <= incoming.pages:
        return None
    said = set(incoming.statements(page))
    named = {NamedNode(owner) for owner in incoming.owners(page)}
    if page == 1:
        said.update(own)
        named.update(each.object for each in own if isinstance(each.object, NamedNode))
    said.update(_labels(reading, named))
    if incoming.pages > 1:
        said.update(_view(document, incoming, page))
    return Description(ordered(said), page, incoming.pages)


def ordered(statements: Iterable[Triple]) -> tuple[Triple, ...]:
    """The statements, each once, in an order that depends on nothing else."""
    return tuple(sorted(set(statements), key=str))


def _labels(reading: Reading, named: Iterable[NamedNode]) -> list[Triple]:
    subjects = sorted(named, key=str)
    return read_triples(reading.graph(_LABELS, _NTRIPLES, s=subjects)) if subjects else []


def _view(document: str, incoming: Incoming, page: int) -> set[Triple]:
    """The controls by which a client goes on (Hydra Core Vocabulary, section 3.1)."""
    collection = NamedNode(f"{document}#links")
    view = _page(document, page)
    said = {
        Triple(collection, _TYPE, _hydra("Collection")),
        Triple(collection, _hydra("view"), view),
        Triple(view, _TYPE, _hydra("PartialCollectionView")),
        Triple(view, _hydra("first"), _page(document, 1)),
        Triple(view, _hydra("last"), _page(document, incoming.pages)),
    }
    if incoming.whole:
        count = Literal(str(incoming.count), datatype=_INTEGER)
        said.add(Triple(collection, _hydra("totalItems"), count))
    for owner in incoming.owners(page):
        said.add(Triple(collection, _hydra("member"), NamedNode(owner)))
    if page > 1:
        said.add(Triple(view, _hydra("previous"), _page(document, page - 1)))
    if page < incoming.pages:
        said.add(Triple(view, _hydra("next"), _page(document, page + 1)))
    return said


def _page(document: str, number: int) -> NamedNode:
    return NamedNode(f"{document}?page={number}")


def _hydra(name: str) -> NamedNode:
    return NamedNode(_HYDRA + name)
