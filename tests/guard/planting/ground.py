"""The sound graph and its shapes, as what plants faults asks for them."""

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from typing import Self

from pyoxigraph import BlankNode, Literal, NamedNode, Quad, Store
from rdflib import RDF, RDFS, SH, Graph, URIRef
from rdflib.collection import Collection
from rdflib.term import Node

from icgraph.guard.conversion import to_graph, to_pyoxigraph, to_rdflib
from icgraph.guard.paths import Path, path_text
from icgraph.model.terms import DEFAULT_BASE
from icgraph.store.packaged import packaged_graph, packaged_shapes

Term = BlankNode | Literal | NamedNode
TYPE = NamedNode(RDF.type)
#: The kinds of targets (SHACL, section 2.1.3), and how SPARQL finds what they are about.
TARGETS = {
    SH.targetClass: f"?node <{RDF.type}>/<{RDFS.subClassOf}>* {{it}}",
    SH.targetSubjectsOf: "?node {it} ?any",
    SH.targetObjectsOf: "?any {it} ?node",
}
_PARAMETERS = {
    *("class", "closed", "datatype", "disjoint", "equals", "hasValue", "in", "lessThanOrEquals"),
    *("maxCount", "maxInclusive", "maxLength", "minCount", "minInclusive", "node", "nodeKind"),
    *("or", "pattern", "qualifiedMaxCount", "qualifiedMinCount", "sparql", "uniqueLang", "xone"),
}
_ORDERS = {"lessThanOrEquals", "maxInclusive"}
#: What stands in a shape and is no constraint of its own.
_BESIDE = {
    *("flags", "ignoredProperties", "message", "name", "path", "qualifiedValueShape", "severity"),
    *(target.removeprefix(str(SH)) for target in TARGETS),
}
_COMPONENTS = {"sparql": "SPARQLConstraintComponent"}


@dataclass(frozen=True, slots=True)
class Constraint:
    """One parameter of one shape: what can be broken."""

    shape: NamedNode
    parameter: str
    value: Term
    path: Path | None = None

    @property
    def component(self) -> str:
        """The constraint component that a finding names (SHACL, section 4)."""
        titled = self.parameter[0].upper() + self.parameter[1:]
        return str(SH) + _COMPONENTS.get(self.parameter, f"{titled}ConstraintComponent")

    @property
    def name(self) -> str:
        """The shape without its namespace, and the parameter."""
        return f"{self.shape.value.rpartition('/')[2]} {self.parameter}"


class Ground:
    """A graph in which nothing is wrong yet, and what its shapes demand."""

    def __init__(self, quads: list[Quad], shapes: list[Quad]) -> None:
        self.store = Store()
        self.store.extend(quads)
        self._shapes: Graph = to_graph(shapes)
        self._targets: dict[NamedNode, list[Term]] = {}
        self._pools: dict[NamedNode, list[Term]] = {}
        self._instances: dict[Term, set[Term]] = {}
        self._numbers = 0

    @classmethod
    def packaged(cls) -> Self:
        """The packaged graph and the packaged shapes."""
        return cls(packaged_graph(), packaged_shapes())

    @cached_property
    def quads(self) -> list[Quad]:
        """The whole graph, with literals as a store holds them: by value."""
        return sorted(self.store, key=str)

    @cached_property
    def constraints(self) -> list[Constraint]:
        """What the shapes with a target demand, in one order."""
        shapes = {shape for target in TARGETS for shape in self._shapes.subjects(target)}
        return [found for shape in sorted(shapes) for found in self._constraints_of(shape)]

    def _constraints_of(self, shape: Node) -> Iterator[Constraint]:
        node = self._shapes.value(shape, SH.path)
        path = None if node is None else self._path(node)
        for predicate, value in sorted(self._shapes.predicate_objects(shape)):
            parameter = predicate.removeprefix(str(SH))
            if parameter in _PARAMETERS:
                yield Constraint(to_pyoxigraph(shape), parameter, to_pyoxigraph(value), path)
            elif predicate.startswith(str(SH)) and parameter not in _BESIDE:
                raise AssertionError(f"nobody knows how to break sh:{parameter}: teach it here")

    @cached_property
    def compared(self) -> set[Term]:
        """The properties whose values some shape compares, with each other or with a bound."""
        orders = [it for it in self.constraints if it.parameter in _ORDERS]
        return {it.value for it in orders} | {NamedNode(it.path.iri) for it in orders}

    def demands(self, shape: Term, parameter: str) -> list[Term]:
        """What a shape has as one parameter."""
        return [
            to_pyoxigraph(it)
            for it in sorted(self._shapes.objects(to_rdflib(shape), SH[parameter]))
        ]

    def members(self, node: Term) -> list[Term]:
        """A list of the shapes."""
        return [to_pyoxigraph(it) for it in Collection(self._shapes, to_rdflib(node))]

    def path_of(self, shape: Term) -> Path:
        """The path of a property shape."""
        return self._path(self._shapes.value(to_rdflib(shape), SH.path))

    def _path(self, node: Node) -> Path:
        """A path of the shapes, of the kinds that they use (SHACL, section 2.3.1)."""
        if isinstance(node, URIRef):
            return Path(iri=str(node))
        inverse = self._shapes.value(node, SH.inversePath)
        if inverse is not None:
            return Path(operator="inverse", parts=(self._path(inverse),))
        alternative = self._shapes.value(node, SH.alternativePath)
        parts = Collection(self._shapes, node if alternative is None else alternative)
        operator = "sequence" if alternative is None else "alternative"
        return Path(operator=operator, parts=tuple(self._path(part) for part in parts))

    def targets(self, shape: NamedNode) -> list[Term]:
        """The nodes that a shape is about."""
        if shape not in self._targets:
            found = set()
            for kind, where in TARGETS.items():
                for it in self.demands(shape, kind.removeprefix(str(SH))):
                    rows = self.rows(f"SELECT DISTINCT ?node {{ {where.format(it=it)} }}")
                    found |= {row["node"] for row in rows}
            self._targets[shape] = sorted(found, key=str)
        return self._targets[shape]

    def rows(self, query: str) -> list[dict[str, Term]]:
        """The solutions of a query; what is not bound is left out."""
        solutions = self.store.query(query)
        names = [variable.value for variable in solutions.variables]
        return [{name: row[name] for name in names if row[name] is not None} for row in solutions]

    def values(self, focus: Term, path: Path) -> list[Term]:
        """What a path leads to."""
        rows = self.rows(
            f"SELECT DISTINCT ?value {{ VALUES ?it {{ {focus} }} ?it {path_text(path)} ?value }}"
        )
        return sorted((row["value"] for row in rows), key=str)

    def instances(self, kind: Term) -> set[Term]:
        """All of a class."""
        if kind not in self._instances:
            rows = self.rows(f"SELECT ?node {{ {TARGETS[SH.targetClass].format(it=kind)} }}")
            self._instances[kind] = {row["node"] for row in rows}
        return self._instances[kind]

    def alike(self, predicate: NamedNode) -> list[Term]:
        """The nodes of the same classes as those that have a property."""
        rows = self.rows(f"SELECT DISTINCT ?kind {{ ?node {predicate} ?any ; a ?kind }}")
        return sorted({node for row in rows for node in self.instances(row["kind"])}, key=str)

    def statements(
        self, focus: Term | None, predicate: NamedNode, value: Term | None = None
    ) -> list[Quad]:
        """What is said by one property, of one node or to one value."""
        if isinstance(focus, Literal):
            return []
        return sorted(self.store.quads_for_pattern(focus, predicate, value, None), key=str)

    def pool(self, predicate: NamedNode) -> list[Term]:
        """All values of a property."""
        if predicate not in self._pools:
            values = {quad.object for quad in self.statements(None, predicate)}
            self._pools[predicate] = sorted(values, key=str)
        return self._pools[predicate]

    def number(self) -> int:
        """Another number each time, for what must not be there yet."""
        self._numbers += 1
        return self._numbers

    def nobody(self) -> NamedNode:
        """A record that nothing is said of."""
        return NamedNode(f"{DEFAULT_BASE}id/nothing/planted-{self.number()}")

    def text(self) -> Literal:
        """A text that stands where a thing should."""
        return Literal(f"not a thing but text {self.number()}")


@dataclass(frozen=True, slots=True)
class Change:
    """What a fault takes from the graph and puts into it.

    `focus` is what then breaks the rule; a fault rests on nodes that are to stay as they are.
    """

    focus: Term
    removed: frozenset[Quad] = frozenset()
    added: frozenset[Quad] = frozenset()
    rests_on: frozenset[Term] = frozenset()

    @property
    def touched(self) -> set[Term]:
        """The subjects that no other fault may touch, so that none hides another."""
        changed = {quad.subject for quad in self.removed | self.added}
        return {self.focus, *changed, *self.rests_on}
