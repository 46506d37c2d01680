from rdflib import Graph

from icgraph.model.terms import prefixes
from tests.ontology.graphs import read
from tests.ontology.tables import ONTOLOGY_README


def test_the_worked_example_is_a_part_of_the_data() -> None:
    text = ONTOLOGY_README.read_text().partition("```turtle\n")[2].partition("```")[0]
    declared = "".join(f"@prefix {name}: <{start}> .\n" for name, start in prefixes().items())
    example = Graph().parse(data=declared + text, format="turtle")
    assert len(example) > 30
    assert set(example) - set(read("data/seeds/*.ttl")) == set()


def test_the_model_is_told_in_two_screens_before_the_tables() -> None:
    before = ONTOLOGY_README.read_text().partition("\n## Classes\n")[0]
    assert len(before.splitlines()) <= 110
