"""Each query in a rule says which verdicts a change may alter, as shapes/README.md has it."""

from collections.abc import Iterable

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pyoxigraph import NamedNode, Quad, QuerySolutions, RdfFormat, Variable, parse
from rdflib import SH, URIRef

from icgraph.guard.conversion import Term, to_graph, to_pyoxigraph
from icgraph.guard.rules import packaged_rules
from icgraph.model.iris import Base
from icgraph.model.terms import DEFAULT_BASE
from icgraph.store.packaged import packaged_ontology, packaged_records
from icgraph.store.scratch import Evaluate, scratch_store
from tests.ontology.graphs import NS, ROOT, SHAPES, read
from tests.ontology.targets import targets

RULES = read("shapes/*.ttl")
AFFECTS = URIRef(NS + "affects")
CHANGED = NamedNode(Base(DEFAULT_BASE).graph("changed"))
NAMES = sorted(str(shape).removeprefix(SHAPES) for shape in RULES.subjects(SH.sparql))
PREFIXES = "".join(
    f"PREFIX {RULES.value(declared, SH.prefix)}: <{RULES.value(declared, SH.namespace)}>\n"
    for declared in RULES.objects(URIRef(SHAPES), SH.declare)
)

Statements = frozenset[Quad]


def example(name: str, kind: str) -> Statements:
    path = ROOT / f"tests/shapes/{name}.{kind}.ttl"
    return frozenset(parse(path=str(path), format=RdfFormat.TURTLE))


def rows(evaluate: Evaluate, query: str, bound: dict[Variable, Term]) -> QuerySolutions:
    found = evaluate(PREFIXES + query, bound)
    assert isinstance(found, QuerySolutions)
    return found


def verdict(name: str, evaluate: Evaluate, focus: Term) -> frozenset[tuple[str, ...]]:
    constraint = RULES.value(URIRef(SHAPES + name), SH.sparql)
    query = str(RULES.value(constraint, SH.select))
    found = rows(evaluate, query, {Variable("this"): focus})
    return frozenset(tuple(str(term) for term in row) for row in found)


def verdicts(name: str, data: Statements) -> dict[Term, frozenset[tuple[str, ...]]]:
    evaluate = scratch_store(data)
    aimed_at = {to_pyoxigraph(node) for node in targets(RULES, name, to_graph(data))}  # type: ignore[arg-type]
    found = {focus: verdict(name, evaluate, focus) for focus in aimed_at}
    return {focus: result for focus, result in found.items() if result}


def affected(name: str, after: Iterable[Quad], changed: Iterable[Quad]) -> dict[Term, set[Term]]:
    """The nodes that a change affects, each with the nodes its verdict needs."""
    marked = [Quad(quad.subject, quad.predicate, quad.object, CHANGED) for quad in changed]
    query = str(RULES.value(URIRef(SHAPES + name), AFFECTS))
    found: dict[Term, set[Term]] = {}
    for row in rows(scratch_store([*after, *marked]), query, {}):
        needed = found.setdefault(row["focus"], {row["focus"]})
        if row["needed"] is not None:
            needed.add(row["needed"])
    return found


def part_of(data: Iterable[Quad], nodes: set[Term]) -> Statements:
    return frozenset(quad for quad in data if quad.subject in nodes)


def assert_found(name: str, before: Statements, after: Statements) -> None:
    then, now = verdicts(name, before), verdicts(name, after)
    found = affected(name, after, before ^ after)
    differing = {focus for focus in {*then, *now} if then.get(focus) != now.get(focus)}
    # What is no longer aimed at has no verdict to find.
    aimed_at = {to_pyoxigraph(node) for node in targets(RULES, name, to_graph(after))}  # type: ignore[arg-type]
    assert differing & aimed_at <= set(found)
    for focus in set(found) & aimed_at:
        evaluate = scratch_store(part_of(after, found[focus]))
        assert verdict(name, evaluate, focus) == now.get(focus, frozenset())


def test_every_query_in_a_rule_says_what_it_affects() -> None:
    without = [name for name in NAMES if (URIRef(SHAPES + name), AFFECTS, None) not in RULES]
    assert without == []


def test_only_queries_in_rules_say_what_they_affect() -> None:
    said = {str(shape).removeprefix(SHAPES) for shape in RULES.subjects(AFFECTS)}
    assert said == set(NAMES)


def test_in_a_graph_of_another_base_the_changed_statements_stand_below_it() -> None:
    base = "https://example.org/graph/of/ours/"
    own = NamedNode(f"{base}ns/affects")
    queries = [quad.object for quad in packaged_rules(base).shapes if quad.predicate == own]
    assert len(queries) == len(NAMES)
    assert all(f"<{base}graph/changed>" in str(query) for query in queries)


@pytest.mark.parametrize("name", NAMES)
def test_what_breaks_the_rule_is_found_from_the_change(name: str) -> None:
    kept, broken = example(name, "pass"), example(name, "fail")
    failing = set(verdicts(name, broken))
    assert failing
    assert failing <= set(affected(name, broken, kept ^ broken))


@pytest.mark.parametrize("name", NAMES)
def test_what_mends_the_rule_is_found_from_the_change(name: str) -> None:
    assert_found(name, before=example(name, "fail"), after=example(name, "pass"))


@pytest.mark.parametrize("name", NAMES)
@settings(max_examples=60, deadline=None)
@given(data=st.data())
def test_no_change_of_an_example_alters_a_verdict_unfound(name: str, data: st.DataObject) -> None:
    everything = sorted(example(name, "pass") | example(name, "fail"), key=str)
    some = st.sets(st.sampled_from(everything), max_size=3)
    before = frozenset(everything) - frozenset(data.draw(some))
    after = frozenset(everything) - frozenset(data.draw(some))
    assert_found(name, before, after)


PACKAGED = frozenset([*packaged_records(), *packaged_ontology()])


@pytest.mark.parametrize("name", NAMES)
def test_nothing_is_affected_when_nothing_changed(name: str) -> None:
    assert affected(name, PACKAGED, ()) == {}
