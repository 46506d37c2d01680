"""Validators are measured in processes of their own: what they find, what fails, what is late."""

from pathlib import Path

import pytest
from bench.section_validation import validation_section
from bench.validation import measured
from bench.validators import VALIDATORS, Validator

SHAPES = """
@prefix sh: <http://www.w3.org/ns/shacl#> .
@prefix ex: <https://example.org/> .
ex:named a sh:PropertyShape ; sh:targetClass ex:Thing ; sh:path ex:name ; sh:minCount 1 .
"""
DATA = """
<https://example.org/a> <http://www.w3.org/1999/02/22-rdf-syntax-ns#type> <https://example.org/Thing> .
<https://example.org/b> <http://www.w3.org/1999/02/22-rdf-syntax-ns#type> <https://example.org/Thing> .
<https://example.org/b> <https://example.org/name> "b" .
"""  # noqa: E501 - a statement is a line
OURS, TUNED = VALIDATORS[:2]


@pytest.fixture
def files(tmp_path: Path) -> tuple[Path, Path]:
    data, shapes = tmp_path / "data.nt", tmp_path / "shapes.ttl"
    data.write_text(DATA, encoding="utf-8")
    shapes.write_text(SHAPES, encoding="utf-8")
    return data, shapes


@pytest.mark.parametrize("validator", [OURS, TUNED], ids=lambda each: each.name)
def test_a_validator_tells_its_results_and_what_they_cost(
    validator: Validator, files: tuple[Path, Path]
) -> None:
    told = measured(validator, *files, 60)

    assert told["results"] == 1
    assert told["memory"] > 1 << 20
    assert 0 < told["load"] + told["validate"] <= told["seconds"]


def test_a_validator_that_fails_is_told_with_its_reason(files: tuple[Path, Path]) -> None:
    data, shapes = files
    shapes.write_text("no turtle", encoding="utf-8")

    assert "Error" in measured(OURS, data, shapes, 60)["problem"]


def test_a_validator_that_is_late_is_ended_and_told(files: tuple[Path, Path]) -> None:
    assert measured(OURS, *files, 0.05)["problem"] == "not done within 0.05 s"


def test_the_page_says_who_differs_and_who_failed() -> None:
    cost = {"seconds": 2.0, "processor": 2.0, "memory": 1 << 20}
    found = {
        "icgraph": {**cost, "results": 7},
        "pySHACL, rdflib": {**cost, "seconds": 30.0, "results": 6},
        "rudof": {**cost, "problem": "not done within 900 s"},
    }

    page = "\n".join(
        validation_section({"limit": 900, "versions": {}, "sizes": {"1000000": found}})
    )

    assert "takes 15.0 times as long" in page
    assert "**6**" in page
    assert "- rudof: not done within 900 s." in page
