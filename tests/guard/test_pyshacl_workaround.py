"""Each test shows a defect of pySHACL as it is; when one fails, its workaround can go."""

import importlib.util
import inspect
import logging
import re

import pyshacl
import pytest
from pyshacl.constraints.core.property_pair_constraints import LessThanOrEqualsConstraintComponent
from pyshacl.graph_abstraction import RdfLibDataGraph
from rdflib import SH, Graph, Literal, URIRef

from icgraph.guard.pyshacl_workaround import GuardGraph

#: As it is before anything is mended.
THEIRS = inspect.unwrap(LessThanOrEqualsConstraintComponent._compare_ltoe)
DATA = "<https://example.org/a> <https://example.org/p> 1 ."
SHAPES = """
@prefix sh: <http://www.w3.org/ns/shacl#> .
<https://example.org/S> sh:targetNode <https://example.org/a> ; sh:nodeKind sh:Literal .
"""


class CountedGraph(RdfLibDataGraph):
    counted = 0

    def __len__(self):
        CountedGraph.counted += 1
        return super().__len__()


def test_defect_the_whole_data_is_counted_for_every_result():
    graph = Graph().parse(data=DATA, format="turtle")
    CountedGraph.counted = 0

    pyshacl.validate(
        CountedGraph(graph.store, graph), shacl_graph=Graph().parse(data=SHAPES, format="turtle")
    )

    assert CountedGraph.counted > 0, "pySHACL is mended: GuardGraph needs no __bool__ any more"


def test_our_graph_is_never_counted(turtle, monkeypatch):
    def fail(_):
        raise AssertionError("the graph was counted")

    monkeypatch.setattr(GuardGraph, "__len__", fail)
    graph = GuardGraph(turtle("ex:a ex:p 1 ."))

    conforms, _, _ = pyshacl.validate(
        graph, shacl_graph=Graph().parse(data=SHAPES, format="turtle"), inplace=True
    )

    assert not conforms


def test_defect_messages_of_sparql_constraints_lose_their_language():
    shapes = """
    @prefix sh: <http://www.w3.org/ns/shacl#> .
    <https://example.org/S> sh:targetNode <https://example.org/a> ; sh:sparql [
      sh:message "a"@en , "b"@fr ; sh:select "SELECT $this ?value WHERE { $this ?p ?value }" ] .
    """

    _, report, _ = pyshacl.validate(
        Graph().parse(data=DATA, format="turtle"),
        shacl_graph=Graph().parse(data=shapes, format="turtle"),
    )

    messages = list(report.objects(predicate=SH.resultMessage))
    assert messages
    assert all(message.language is None for message in messages), "prepare_shapes can go"


def test_defect_a_backslash_in_a_value_breaks_the_message():
    # A second copy of the module, which mend_pyshacl cannot have touched.
    spec = importlib.util.find_spec("pyshacl.constraints.constraint_component")
    untouched = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(untouched)
    fill = untouched.ConstraintComponent._format_sparql_based_result_message

    with pytest.raises(re.error):
        fill(None, "{?value}", (None, None, Literal(r"\d")))


def test_defect_a_literal_that_is_not_of_its_datatype_is_logged(caplog):
    Literal("2021-13-01", datatype=URIRef("http://www.w3.org/2001/XMLSchema#date"))

    assert [record.levelno for record in caplog.records] == [logging.WARNING]


def test_defect_an_ill_formed_value_cannot_be_compared():
    data = """@prefix xsd: <http://www.w3.org/2001/XMLSchema#> .
    <https://example.org/a> <https://example.org/from> "2021-13-01"^^xsd:date ;
      <https://example.org/to> "2021-12-01"^^xsd:date ."""
    shapes = """@prefix sh: <http://www.w3.org/ns/shacl#> .
    <https://example.org/S> sh:targetNode <https://example.org/a> ; sh:property
      [ sh:path <https://example.org/from> ; sh:lessThanOrEquals <https://example.org/to> ] ."""
    component = LessThanOrEqualsConstraintComponent
    ours, component._compare_ltoe = component._compare_ltoe, THEIRS
    try:
        with pytest.raises(TypeError):
            pyshacl.validate(
                Graph().parse(data=data, format="turtle"),
                shacl_graph=Graph().parse(data=shapes, format="turtle"),
            )
    finally:
        component._compare_ltoe = ours
