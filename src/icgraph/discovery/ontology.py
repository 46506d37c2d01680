"""The ontology as a reader needs it: each term with its use, an example, and the rules it is under.

Terms and examples come from the graph, rules from the shapes. A rule applies to the classes it
targets and to the properties its path names.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Final

from pyoxigraph import BlankNode, Literal, NamedNode

from icgraph.discovery.reading import Reading, Term
from icgraph.discovery.records import Record, Statements, facts, merge
from icgraph.discovery.vocabulary import read_shapes, read_vocabulary
from icgraph.model.iris import RecordName

_INSTANCES: Final = """
SELECT ?term (COUNT(*) AS ?count) (MIN(STR(?s)) AS ?example) WHERE {
  VALUES ?term { UNDEF } ?s a ?term
} GROUP BY ?term
"""
_STATEMENTS: Final = """
SELECT ?term (COUNT(*) AS ?count) (MIN(STR(?s)) AS ?example) WHERE {
  VALUES ?term { UNDEF } ?s ?term ?o
} GROUP BY ?term
"""
_VALUES: Final = """
SELECT ?s ?p ?o WHERE { VALUES ?s { UNDEF } VALUES ?p { UNDEF } ?s ?p ?o }
"""


@dataclass(frozen=True, slots=True)
class Rule:
    """A shape that applies to a term: its IRI, how grave a breach is, and what it then says."""

    iri: str
    about: Record

    @property
    def severity(self) -> str:
        """The class of the severity; a shape that states none refuses (SHACL, section 2.1.4)."""
        stated = self.about.one("sh:severity")
        return stated.value if stated else self.about.reading.expand("sh:Violation")

    @property
    def messages(self) -> list[Literal]:
        """What it says, in the reader's language: of the shape, and of its queries."""
        queries = [term.value for term in self.about.all("sh:sparql")]
        said = [*self.about.texts("sh:message")]
        for query in queries:
            said += self.about.texts("sh:message", query)
        return said


@dataclass(frozen=True, slots=True)
class Example:
    """A thing that a term is used of: its record's IRI, and one value where it is a property."""

    iri: str
    record: str
    value: Term | None


@dataclass(frozen=True, slots=True)
class TermNotes:
    """A term and what is known of it; `count`: things of a class, statements of a property."""

    iri: str
    about: Record
    count: int
    example: Example | None
    rules: tuple[Rule, ...]
    used_on: tuple[str, ...]

    @property
    def name(self) -> str:
        """Its last word, which names its place on the page."""
        return self.iri.rpartition("/")[2]


@dataclass(frozen=True, slots=True)
class OntologyNotes:
    """The ontology itself, its classes, its links (object properties) and its values."""

    about: Record
    classes: tuple[TermNotes, ...]
    links: tuple[TermNotes, ...]
    values: tuple[TermNotes, ...]


def read_ontology(reading: Reading) -> OntologyNotes | None:
    """The ontology of the graph, or None where it has none; read once a revision."""
    return reading.once(("ontology", reading.language), lambda: _read(reading))


def _read(reading: Reading) -> OntologyNotes | None:
    iri = f"{reading.base.iri}ns/"
    own, known = read_vocabulary(reading, iri)
    if iri not in own:
        return None
    shapes = read_shapes(reading.base.iri, f"{reading.base.iri}shapes/")
    of_type: dict[str, list[str]] = defaultdict(list)
    for term, said in own.items():
        for type_ in said.get(reading.expand("rdf:type"), ()):
            of_type[type_.value].append(term)
    classes = sorted(of_type[reading.expand("owl:Class")])
    links = sorted(of_type[reading.expand("owl:ObjectProperty")])
    values = sorted({*of_type[reading.expand("owl:DatatypeProperty")]} - {*links})
    examples = {
        **_examples(reading, _INSTANCES, classes),
        **_examples(reading, _STATEMENTS, [*links, *values]),
    }
    statements = merge(known, _named(reading, examples.values()))
    notes = _Notes(reading, statements, examples, _rules(reading, shapes), own)
    return OntologyNotes(
        Record(RecordName("", ""), iri, (iri,), statements, reading),
        tuple(map(notes.of, classes)),
        tuple(map(notes.of, links)),
        tuple(map(notes.of, values)),
    )


@dataclass(frozen=True, slots=True)
class _Notes:
    reading: Reading
    statements: Statements
    examples: Mapping[str, tuple[int, Example]]
    rules: Mapping[str, tuple[Rule, ...]]
    own: Statements

    def of(self, iri: str) -> TermNotes:
        count, example = self.examples.get(iri, (0, None))
        about = Record(RecordName("", iri), iri, (iri,), self.statements, self.reading)
        domain = self.reading.expand("schema:domainIncludes")
        used_on = sorted(
            term
            for term, said in self.own.items()
            if any(thing.value == iri for thing in said.get(domain, ()))
        )
        return TermNotes(iri, about, count, example, self.rules.get(iri, ()), tuple(used_on))


def _examples(reading: Reading, query: str, terms: Iterable[str]) -> dict[str, tuple[int, Example]]:
    """For each term that is used: how often, and the first thing it is used of."""
    rows = reading.rows(query, term=map(NamedNode, terms))
    first = {row["term"].value: row["example"].value for row in rows if "example" in row}
    values = _values(reading, first) if query is _STATEMENTS and first else {}
    found = {}
    for row in rows:
        term = row["term"].value
        if term in first:
            thing = first[term]
            name = reading.base.name_of(thing)
            record = reading.base.record(name) if name else thing
            example = Example(thing, record, values.get((thing, term)))
            found[term] = (int(row["count"].value), example)
    return found


def _values(reading: Reading, first: Mapping[str, str]) -> dict[tuple[str, str], Term]:
    """The first value of each of these properties of their example."""
    rows = reading.rows(
        _VALUES, s=map(NamedNode, sorted({*first.values()})), p=map(NamedNode, first)
    )
    found: dict[tuple[str, str], Term] = {}
    for row in sorted(rows, key=lambda row: str(row["o"]), reverse=True):
        found[row["s"].value, row["p"].value] = row["o"]
    return found


def _named(reading: Reading, examples: Iterable[tuple[int, Example]]) -> Statements:
    """The labels of what the examples show."""
    shown = [example for _, example in examples]
    iris = {example.record for example in shown} | {example.iri for example in shown}
    iris |= {each.value.value for each in shown if isinstance(each.value, NamedNode)}
    return facts(reading, iris, ["rdfs:label"])


def _rules(reading: Reading, shapes: Statements) -> dict[str, tuple[Rule, ...]]:
    """The shapes by the terms they apply to."""
    expand = reading.expand
    found: dict[str, list[Rule]] = defaultdict(list)
    deactivated = expand("sh:deactivated")
    for iri in sorted(shapes):
        said = shapes[iri]
        if not iri.startswith(f"{reading.base.iri}shapes/") or deactivated in said:
            continue
        about = Record(RecordName("", iri), iri, (iri,), shapes, reading)
        rule = Rule(iri, about)
        targets = [
            term
            for name in ("sh:targetClass", "sh:targetSubjectsOf", "sh:targetObjectsOf")
            for term in said.get(expand(name), ())
        ]
        paths = said.get(expand("sh:path"), ())
        terms = {term.value for term in targets} | _terms_of(paths, shapes)
        for term in sorted(terms):
            found[term].append(rule)
    return {term: tuple(rules) for term, rules in found.items()}


def _terms_of(paths: Iterable[Term], shapes: Statements) -> set[str]:
    """The properties in a path (SHACL, section 2.3.1), however it is built."""
    found: set[str] = set()
    waiting = list(paths)
    while waiting:
        node = waiting.pop()
        if isinstance(node, NamedNode):
            found.add(node.value)
        elif isinstance(node, BlankNode):
            waiting.extend(
                term for objects in shapes.get(node.value, {}).values() for term in objects
            )
    return found
