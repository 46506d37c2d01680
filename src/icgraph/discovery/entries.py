"""What the search index holds of a record: its names, its texts, the names of what it links to.

A concept (a topic, a role, a kind of organisation) has an entry, too, under the kind `CONCEPT`.
Read from one revision, record by record, so that the same function makes the whole index and
mends it after a change. Linked names are kept in every language: a French word finds a record
that is written in English by the names of its places, topics and organisations.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from typing import Any, Final

from pyoxigraph import DefaultGraph, Literal, NamedNode, Quad

from icgraph.model.iris import SLUG, Base, RecordName
from icgraph.model.kinds import KINDS
from icgraph.model.terms import FOREIGN_PREFIXES as FOREIGN
from icgraph.store.embedded import EmbeddedEngine

#: A text and its language tag, which may be empty.
Text = tuple[str, str]
Texts = tuple[Text, ...]

#: The kind of an entry that is no record; its slug begins with that of its scheme: `topic/youth`.
CONCEPT: Final = "concept"

#: Of a record with more links, texts or names than these the first are kept.
MOST_LINKS: Final = 200
MOST_NAMES: Final = 100
MOST_CHARACTERS: Final = 20_000

LABEL: Final = FOREIGN["rdfs"] + "label"
OTHER_NAME: Final = FOREIGN["skos"] + "altLabel"
_IDENTIFIER: Final = FOREIGN["dcterms"] + "identifier"
_SUMMARY: Final = FOREIGN["dcterms"] + "abstract"
_TYPE: Final = FOREIGN["rdf"] + "type"
_CONCEPT_TYPE: Final = FOREIGN["skos"] + "Concept"
_SPATIAL: Final = FOREIGN["dcterms"] + "spatial"
#: Notes of those who keep the data, and units of figures, say nothing that is sought; what a
#: concept is called stands in its label already.
_UNSOUGHT: Final = frozenset({FOREIGN["skos"] + "editorialNote", FOREIGN["skos"] + "prefLabel"})
_UNSOUGHT_TERMS: Final = ("unit",)

#: Links whose names are sought and shown, in this order: what it is, where, what about, who.
_LINKS: Final = (
    "dcterms:type", "org:classification", "dcterms:spatial", "geo:sfWithin", "ic:country",
    "ic:partnerPlace", "dcterms:subject", "org:member", "ic:involves", "ic:withinProject",
    "dcterms:isPartOf", "org:unitOf", "org:subOrganizationOf", "ic:managedBy", "ic:partOfProgramme",
    "ic:underProgramme", "schema:funder", "ic:grewOutOf", "ic:adaptedFrom",
)  # fmt: skip
#: So many of them say what and where it is.
_IN_LINE: Final = 5


@dataclass(frozen=True, slots=True)
class Link:
    """A thing that a record names; `in_line` where it says what or where the record is."""

    iri: str
    names: Texts
    other_names: Texts
    in_line: bool


@dataclass(frozen=True, slots=True)
class Entry:
    """A record or concept in the index; its `links` stand in the order of `_LINKS`."""

    name: RecordName
    names: Texts
    other_names: Texts
    links: tuple[Link, ...]
    texts: Texts


def iri_of(base: Base, name: RecordName) -> str:
    """The IRI of what an entry is about."""
    return f"{base.iri}scheme/{name.slug}" if name.kind == CONCEPT else base.record(name)


def name_of(base: Base, iri: str) -> RecordName | None:
    """The entry that an IRI belongs to: a record's, its part's or document's, or a concept's."""
    scheme, _, slug = iri.removeprefix(f"{base.iri}scheme/").partition("/")
    if SLUG.fullmatch(scheme) and SLUG.fullmatch(slug):
        return RecordName(CONCEPT, f"{scheme}/{slug}")
    return base.name_of(iri)


def sort_of(name: RecordName) -> str:
    """What an entry is about: a kind of record, or the scheme of a concept."""
    return name.slug.partition("/")[0] if name.kind == CONCEPT else name.kind


class Entries:
    """The entries of one revision."""

    def __init__(self, engine: EmbeddedEngine, base: Base) -> None:
        self._store = engine.store
        self._base = base
        self._order = {_expand(base, name): place for place, name in enumerate(_LINKS)}
        self._country = base.term("country")
        self._unsought = _UNSOUGHT | {base.term(name) for name in _UNSOUGHT_TERMS}
        self._names_of = cache(self._read_names)

    def names(self) -> Iterator[RecordName]:
        """All records and concepts."""
        for class_ in (*(kind.type_iri(self._base.iri) for kind in KINDS.values()), _CONCEPT_TYPE):
            for quad in self._quads(None, NamedNode(_TYPE), NamedNode(class_)):
                iri = _iri(quad.subject)
                name = name_of(self._base, iri)
                if name is not None and iri_of(self._base, name) == iri:
                    yield name

    def entry(self, name: RecordName) -> Entry | None:
        """The entry of this name; None when the graph has nothing of this name."""
        iri = iri_of(self._base, name)
        quads = self._own(iri)
        if not any(_iri(quad.subject) == iri and quad.predicate.value == _TYPE for quad in quads):
            return None
        names, other_names, texts = self._said(iri, quads)
        places = list(self._links(iri, quads).items())[:MOST_LINKS]
        links = tuple(
            Link(thing, *self._names_of(thing), in_line=place < _IN_LINE) for thing, place in places
        )
        return Entry(name, names[:MOST_NAMES], other_names[:MOST_NAMES], links, _bounded(texts))

    def _own(self, iri: str) -> list[Quad]:
        """The statements of a record and of its parts, which are found by outward links."""
        found: list[Quad] = []
        waiting, seen = [iri], {iri}
        while waiting:
            quads = sorted(self._quads(NamedNode(waiting.pop()), None, None), key=str)
            found.extend(quads)
            parts = {quad.object.value for quad in quads if isinstance(quad.object, NamedNode)}
            new = {part for part in parts - seen if part.startswith(iri + "#")}
            waiting.extend(sorted(new))
            seen |= new
        return found

    def _said(self, iri: str, quads: list[Quad]) -> tuple[Texts, Texts, Texts]:
        """Names, other names and all other texts, each once; summaries stand first."""
        names: dict[Text, None] = {}
        other: dict[Text, None] = {}
        texts: dict[Text, None] = {}
        for quad in sorted(quads, key=lambda quad: quad.predicate.value != _SUMMARY):
            object_, property_ = quad.object, quad.predicate.value
            if not isinstance(object_, Literal) or property_ in self._unsought:
                continue
            text = (object_.value, object_.language or "")
            if _iri(quad.subject) == iri and property_ == LABEL:
                names[text] = None
            elif property_ == _IDENTIFIER or (
                _iri(quad.subject) == iri and property_ == OTHER_NAME
            ):
                other[text] = None
            elif object_.language:
                texts[text] = None
        return tuple(names), tuple(other), tuple(texts)

    def _links(self, iri: str, quads: list[Quad]) -> dict[str, int]:
        """The things a record names, each with the place of its link in `_LINKS`, in that order."""
        found: dict[str, int] = {}
        for quad in quads:
            place = self._order.get(quad.predicate.value)
            thing = quad.object
            if place is None or not isinstance(thing, NamedNode) or thing.value.startswith(iri):
                continue
            found[thing.value] = min(place, found.get(thing.value, place))
            if quad.predicate.value == _SPATIAL:
                for country in self._quads(thing, NamedNode(self._country), None):
                    if isinstance(country.object, NamedNode):
                        found.setdefault(country.object.value, self._order[self._country])
        return dict(sorted(found.items(), key=lambda item: (item[1], item[0])))

    def _read_names(self, iri: str) -> tuple[Texts, Texts]:
        return self._texts(iri, LABEL), self._texts(iri, OTHER_NAME)

    def _texts(self, iri: str, property_: str) -> Texts:
        quads = self._quads(NamedNode(iri), NamedNode(property_), None)
        said = (quad.object for quad in quads)
        texts = [(text.value, text.language or "") for text in said if isinstance(text, Literal)]
        return tuple(sorted(texts)[:MOST_NAMES])

    def _quads(self, subject: Any, predicate: Any, object_: Any) -> Iterator[Quad]:
        return self._store.quads_for_pattern(subject, predicate, object_, DefaultGraph())


def _iri(term: object) -> str:
    """The IRI of a term; empty for any other term."""
    return term.value if isinstance(term, NamedNode) else ""


def _expand(base: Base, name: str) -> str:
    prefix, _, local = name.partition(":")
    return base.term(local) if prefix == "ic" else FOREIGN[prefix] + local


def _bounded(texts: Texts) -> Texts:
    kept, room = [], MOST_CHARACTERS
    for value, language in texts:
        if room <= 0:
            break
        kept.append((value[:room], language))
        room -= len(value)
    return tuple(kept)
