import re

import pytest
from rdflib import OWL, RDF, SH

from tests.ontology.graphs import NS, ROOT, SHAPES, read
from tests.ontology.tables import (
    ONTOLOGY_README,
    SHAPES_README,
    written_ontology_readme,
    written_shapes_readme,
)

RULES = read("shapes/*.ttl")
NAMES = {str(shape).removeprefix(SHAPES) for shape in RULES.subjects(SH.severity)}


def test_the_tables_of_classes_and_properties_are_true() -> None:
    text = ONTOLOGY_README.read_text()
    assert text == written_ontology_readme(text)


@pytest.mark.parametrize(
    ("heading", "kinds"),
    [
        ("## Classes", (OWL.Class,)),
        ("## Properties", (OWL.ObjectProperty, OWL.DatatypeProperty)),
    ],
)
def test_each_table_lists_every_own_term_and_no_other(heading: str, kinds: tuple[str, ...]) -> None:
    section = ONTOLOGY_README.read_text().partition(f"\n{heading}\n")[2].partition("\n## ")[0]
    listed = re.findall(r"^\| `ic:(\w+)` \|", section, re.MULTILINE)
    ontology = read("ontology/icgraph.ttl")
    own = {str(term) for kind in kinds for term in ontology.subjects(RDF.type, kind)}
    assert own
    assert sorted(listed) == sorted(t.removeprefix(NS) for t in own if t.startswith(NS))


def test_the_tables_of_rules_are_true() -> None:
    text = SHAPES_README.read_text()
    assert text == written_shapes_readme(text)


def test_each_file_of_rules_has_its_own_rules_in_its_section() -> None:
    text = SHAPES_README.read_text()
    for path in (ROOT / "shapes").glob("*.ttl"):
        section = text.partition(f"\n## {path.name}\n")[2].partition("\n## ")[0]
        listed = re.findall(r"^\| `ics:([\w-]+)` \|", section, re.MULTILINE)
        rules = read(f"shapes/{path.name}").subjects(SH.severity)
        assert sorted(listed) == sorted(str(rule).removeprefix(SHAPES) for rule in rules)


def test_no_table_speaks_of_a_rule_that_is_gone() -> None:
    listed = re.findall(r"^\| `ics:([\w-]+)` \|", SHAPES_README.read_text(), re.MULTILINE)
    assert sorted(listed) == sorted(NAMES)


def test_the_rules_named_beside_the_rules_of_the_design_exist() -> None:
    text = SHAPES_README.read_text()
    section = text.partition("## Rules of the design")[2].partition("\n## ")[0]
    named = {
        name
        for row in re.findall(r"^\| [^|]+ \| (.+) \|", section, re.MULTILINE)
        for name in re.findall(r"`([A-Z]\w+-[\w-]+)`", row)
    }
    assert named
    assert named - NAMES == set()


def test_every_file_of_rules_has_its_section() -> None:
    files = {path.name for path in (ROOT / "shapes").glob("*.ttl")} - {"header.ttl"}
    assert set(re.findall(r"^## (\w+\.ttl)$", SHAPES_README.read_text(), re.MULTILINE)) == files
