"""One record as people read it: its own statements, its parts, and what its neighbours are called.

A record is every statement whose subject is its IRI or that IRI plus a `#part`; parts are
found by outward links, never by scanning. Who points at a record is `links.py`; how it looks
is the templates' matter.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Final

from pyoxigraph import Literal, NamedNode, Triple

from icgraph.discovery.asking import Asking, answer, rows
from icgraph.discovery.reading import Reading, Row, Term, read_triples
from icgraph.model.iris import RecordName
from icgraph.model.labels import choose, in_one_language

#: Subject -> predicate -> objects.
Statements = Mapping[str, Mapping[str, tuple[Term, ...]]]

#: What is read of a neighbour, so that a link to it can say what it is.
BRIEF: Final = (
    "rdfs:label", "rdf:type", "org:classification", "dcterms:spatial", "dcterms:type",
    "dcterms:language", "dcterms:identifier", "schema:url", "ic:retrievedAt", "ic:country",
    "ic:startYear", "ic:endYear", "ic:status",
)  # fmt: skip

# The record itself, then its parts one, two and three links away. Pages show this text.
_SUBJECTS: Final = """
  {
    VALUES ?record { UNDEF } BIND(?record AS ?s)
  } UNION {
    VALUES ?record { UNDEF } ?record ?l1 ?s .
    FILTER(STRSTARTS(STR(?s), CONCAT(STR(?record), "#")))
  } UNION {
    VALUES ?record { UNDEF } ?record ?l1 ?a .
    FILTER(STRSTARTS(STR(?a), CONCAT(STR(?record), "#")))
    ?a ?l2 ?s .
    FILTER(STRSTARTS(STR(?s), CONCAT(STR(?record), "#")))
  } UNION {
    VALUES ?record { UNDEF } ?record ?l1 ?a .
    FILTER(STRSTARTS(STR(?a), CONCAT(STR(?record), "#")))
    ?a ?l2 ?b .
    FILTER(STRSTARTS(STR(?b), CONCAT(STR(?record), "#")))
    ?b ?l3 ?s .
    FILTER(STRSTARTS(STR(?s), CONCAT(STR(?record), "#")))
  }
"""

# Everything said of a record and of its parts.
_RECORD: Final = f"""
SELECT DISTINCT ?s ?p ?o WHERE {{{_SUBJECTS}  ?s ?p ?o
}}
"""

# A sub-select, lest Oxigraph scan every statement of these properties and join afterwards.
_FACTS: Final = """
SELECT ?s ?p ?o WHERE {
  VALUES ?p { UNDEF } { SELECT ?s ?p ?o WHERE { VALUES ?s { UNDEF } ?s ?p ?o } }
}
"""

#: What is read of more things at once is no page's, and would drive out what is.
_MOST_KEPT: Final = 500

# The graph is named last, lest Oxigraph read all of it.
_DOCUMENT: Final = """
SELECT ?s ?p ?o WHERE { GRAPH ?g { VALUES ?s { UNDEF } ?s ?p ?o } VALUES ?g { UNDEF } }
"""

_GRAPH: Final = f"""
CONSTRUCT {{ ?s ?p ?o . ?document ?about ?value }} WHERE {{
  {{ {_SUBJECTS} ?s ?p ?o }}
  UNION {{
    GRAPH ?g {{ VALUES ?document {{ UNDEF }} ?document ?about ?value }} VALUES ?g {{ UNDEF }}
  }}
}}
"""

_EXISTS: Final = "SELECT ?p WHERE { VALUES ?record { UNDEF } ?record ?p ?o } LIMIT 1"


@dataclass(frozen=True, slots=True)
class Record:
    """A record, and what is known of the things it names.

    `own` are the subjects that belong to it, itself first; `statements` holds their
    statements and the brief facts of neighbours.
    """

    name: RecordName
    iri: str
    own: tuple[str, ...]
    statements: Statements
    reading: Reading

    def all(self, name: str, of: str | None = None) -> tuple[Term, ...]:
        """The objects of a property, given by prefixed name, of the record or another subject."""
        predicate = self.reading.expand(name)
        return self.statements.get(of or self.iri, {}).get(predicate, ())

    def one(self, name: str, of: str | None = None) -> Term | None:
        """The first of them, or None."""
        return next(iter(self.all(name, of)), None)

    def text(self, name: str, of: str | None = None) -> Literal | None:
        """The text of a property for the reader's language."""
        return choose(self._literals(name, of), self.reading.language)

    def texts(self, name: str, of: str | None = None) -> list[Literal]:
        """All its texts of the best language there is."""
        return in_one_language(self._literals(name, of), self.reading.language)

    def label(self, iri: str | None = None) -> Literal | None:
        """What a thing is called, or None where the graph does not say."""
        return self.text("rdfs:label", iri)

    def other_names(self) -> list[Literal]:
        """Labels in other languages and alternative names, each text once."""
        shown = self.label()
        names = (*self._literals("rdfs:label", None), *self._literals("skos:altLabel", None))
        once = {
            text.value: text for text in reversed(names) if not shown or text.value != shown.value
        }
        return sorted(once.values(), key=lambda text: (text.language or "", text.value))

    def _literals(self, name: str, of: str | None) -> list[Literal]:
        return [term for term in self.all(name, of) if isinstance(term, Literal)]


def exists(reading: Reading, name: RecordName) -> bool:
    """Whether the graph says anything of this record."""
    return bool(reading.rows(_EXISTS, record=[NamedNode(reading.base.record(name))]))


def seek_records(reading: Reading, names: Sequence[RecordName]) -> Asking[list[Record]]:
    """These records with their parts, as far as they exist, in the order given.

    Nothing is known of what they name yet; whoever reads several things asks for it once.
    """
    if not names:
        return []
    iris = {reading.base.record(name): name for name in names}
    own = collect((yield from rows(_RECORD, record=map(NamedNode, iris))))
    return [
        Record(name, iri, _subjects(iri, own), own, reading)
        for iri, name in iris.items()
        if iri in own
    ]


def read_record(reading: Reading, name: RecordName) -> Record | None:
    """One record with its parts and what its neighbours are called, or None."""
    for record in answer(reading, seek_records(reading, [name])):
        known = answer(reading, with_neighbours(reading, record.statements))
        return replace(record, statements=known)
    return None


def record_statements(reading: Reading, name: RecordName) -> list[Triple]:
    """The record as data: its statements, and what its document states.

    Empty where there is no such record.
    """
    record = NamedNode(reading.base.record(name))
    text = reading.graph(
        _GRAPH,
        "application/n-triples",
        record=[record],
        g=[NamedNode(reading.base.graph("provenance"))],
        document=[NamedNode(reading.base.document(name))],
    )
    found = read_triples(text)
    return found if any(statement.subject == record for statement in found) else []


def record_query(reading: Reading, name: RecordName) -> str:
    """The text by which a record's own statements are asked for."""
    return reading.complete(_RECORD, record=[NamedNode(reading.base.record(name))]).strip() + "\n"


def seek_document(reading: Reading, name: RecordName) -> Asking[Mapping[str, tuple[Term, ...]]]:
    """What provenance states of the record's document."""
    document = reading.base.document(name)
    graph = NamedNode(reading.base.graph("provenance"))
    return collect((yield from rows(_DOCUMENT, g=[graph], s=[NamedNode(document)]))).get(
        document, {}
    )


def read_document(reading: Reading, name: RecordName) -> Mapping[str, tuple[Term, ...]]:
    """The same, asked alone."""
    return answer(reading, seek_document(reading, name))


def seek_facts(
    reading: Reading, iris: Iterable[str], names: Iterable[str] = BRIEF
) -> Asking[Statements]:
    """These properties of these things, and the labels of what they name in turn.

    They are kept, unless they are very many: the same things are named on page after page.
    """
    first = yield from _facts(reading, iris, names)
    second = yield from _facts(reading, _named(first) - set(first), ["rdfs:label"])
    return merge(first, second)


def facts(reading: Reading, iris: Iterable[str], names: Iterable[str] = BRIEF) -> Statements:
    """The same, asked alone."""
    return answer(reading, seek_facts(reading, iris, names))


def with_neighbours(
    reading: Reading, own: Statements, others: Iterable[str] = ()
) -> Asking[Statements]:
    """Statements and the brief facts of everything they name, properties included.

    `others` are things that are named elsewhere.
    """
    properties = {predicate for by_predicate in own.values() for predicate in by_predicate}
    named = (_named(own) | properties | set(others)) - set(own)
    return merge(own, (yield from seek_facts(reading, named)))


def collect(rows: Iterable[Row]) -> dict[str, dict[str, tuple[Term, ...]]]:
    """Rows of ?s ?p ?o as statements; objects of a property sorted, so that pages are stable."""
    found: dict[str, dict[str, list[Term]]] = {}
    for row in rows:
        subject, predicate, object_ = row["s"], row["p"], row["o"]
        assert not isinstance(subject, Literal)
        assert isinstance(predicate, NamedNode)
        found.setdefault(subject.value, {}).setdefault(predicate.value, []).append(object_)
    return {
        subject: {
            predicate: tuple(objects if len(objects) == 1 else sorted(objects, key=str))
            for predicate, objects in by_predicate.items()
        }
        for subject, by_predicate in found.items()
    }


def merge(*several: Statements) -> Statements:
    """All statements together; a subject and property in two of them are taken from the first."""
    merged: dict[str, dict[str, tuple[Term, ...]]] = {}
    for statements in reversed(several):
        for subject, by_predicate in statements.items():
            merged.setdefault(subject, {}).update(by_predicate)
    return merged


def _facts(reading: Reading, iris: Iterable[str], names: Iterable[str]) -> Asking[Statements]:
    properties = tuple(names)
    revision = reading.reader.fingerprint()
    keys = {(properties, iri): iri for iri in iris}
    kept = reading.kept.find(revision, keys)
    missing = sorted(iri for key, iri in keys.items() if key not in kept)
    if missing:
        predicates = [NamedNode(reading.expand(name)) for name in properties]
        found = collect((yield from rows(_FACTS, s=map(NamedNode, missing), p=predicates)))
        told = {(properties, iri): found.get(iri, {}) for iri in missing}
        if len(missing) <= _MOST_KEPT:
            reading.kept.keep(revision, told)
        kept |= told
    return {keys[key]: said for key, said in kept.items() if said}


def _named(statements: Statements) -> set[str]:
    """Every IRI that stands as an object."""
    return {
        term.value
        for by_predicate in statements.values()
        for objects in by_predicate.values()
        for term in objects
        if isinstance(term, NamedNode)
    }


def _subjects(iri: str, own: Statements) -> tuple[str, ...]:
    return (iri, *sorted(subject for subject in own if subject.startswith(iri + "#")))
