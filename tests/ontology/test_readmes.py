import re

from rdflib import SH

from tests.ontology.graphs import ROOT, SHAPES, read
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


def test_the_tables_of_rules_are_true() -> None:
    text = SHAPES_README.read_text()
    assert text == written_shapes_readme(text)


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
