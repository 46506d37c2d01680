"""The committed data: what the importer makes of the facts, and nothing it must not hold."""

import json
import random
import re
import shutil
from hashlib import sha256
from itertools import pairwise
from pathlib import Path

import pytest
from pyoxigraph import Literal

from icgraph.config import packaged
from icgraph.curation.rdf import format_files
from icgraph.curation.tables import import_facts
from icgraph.store.parsing import parse_file

FACTS = Path(__file__).parents[2] / "../shared/data"
DATA = packaged("data")
needs_facts = pytest.mark.skipif(not FACTS.is_dir(), reason="the facts are not beside the checkout")

#: SHA-256, first 16 digits, of names of persons that the facts hold: they must not be written here.
PERSONS = frozenset(
    (
        "76f6ce5215e9aa7b",
        "44479bc9904ad9a5",
        "839e3d30da74ec33",
        "e1ffac7e474f4216",
        "bf998da20a8e69f9",
        "45b23f40736c45a2",
        "629b9e7014f100b5",
        "ebebb0f55a74458a",
        "cc0ac9c2ef6ef09d",
        "e6ebf49611e26e5a",
        "5dd495a06123c8ba",
    )
)


def turtle_files():
    return sorted(DATA.glob("*.ttl")) + sorted((DATA / "seeds").glob("*.ttl"))


def texts():
    return [
        quad.object.value
        for path in turtle_files()
        for quad in parse_file(path)
        if isinstance(quad.object, Literal)
    ]


def test_there_are_389_practices():
    practices = {
        quad.subject.value
        for path in turtle_files()
        for quad in parse_file(path)
        if quad.object.value == "https://w3id.org/icgraph/ns/Practice"
    }
    assert len(practices) == 389


@pytest.mark.parametrize("path", turtle_files(), ids=lambda path: path.name)
def test_a_file_lies_in_the_layout_of_the_repository(path, tmp_path):
    copy = tmp_path / path.name
    shutil.copyfile(path, copy)
    assert format_files([copy]) == []


def test_no_person_of_the_facts_is_named():
    others = [*DATA.glob("*.csv"), *DATA.glob("*.md"), *DATA.glob("*.trig"), *DATA.rglob("*.csv")]
    pages = [path.read_text(encoding="utf-8") for path in others]
    words = [re.findall(r"[\w'’-]+", text) for text in (*texts(), *pages)]
    pairs = {" ".join(pair) for found in words for pair in pairwise(found)}
    assert not {sha256(pair.encode()).hexdigest()[:16] for pair in pairs} & PERSONS


def test_every_key_that_is_not_carried_over_has_its_reason():
    assert "no reason given" not in (DATA / "unmapped.md").read_text(encoding="utf-8")


@needs_facts
def test_the_committed_data_is_what_the_importer_makes_of_the_facts_in_any_order(tmp_path):
    for folder in ("mappings", "seeds"):
        shutil.copytree(DATA / folder, tmp_path / "data" / folder)
    files = []
    for path in FACTS.glob("*.jsonl"):
        lines = path.read_text(encoding="utf-8").splitlines()
        random.Random(7).shuffle(lines)
        files.append(tmp_path / path.name)
        files[-1].write_text("\n".join(lines), encoding="utf-8")
    report = import_facts(files, tmp_path / "data", lambda *_: None)
    names_lines = "ledger.csv"
    for made in report.files:
        if made.name == names_lines:
            continue
        assert made.read_bytes() == (DATA / made.name).read_bytes(), made.name


@needs_facts
def test_no_source_of_a_practice_is_lost(tmp_path):
    addresses = set(texts())
    for line in (FACTS / "practices.jsonl").read_text(encoding="utf-8").splitlines():
        fact = json.loads(line)
        for place in (fact["url"], *fact["seen_in"]):
            assert place in addresses or place.startswith("seeds/")
