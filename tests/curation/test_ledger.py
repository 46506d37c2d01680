"""The ledger: every name of the facts once, every record hit, nothing shared without a reason."""

import csv
import json
import re
from collections import Counter, defaultdict
from functools import cache
from hashlib import sha256
from itertools import pairwise
from pathlib import Path

import pytest

from icgraph.config import packaged
from icgraph.curation.facts import read_facts, tidy
from icgraph.curation.ledger import COLUMNS, DECISIONS, Ledger, ledger_table
from icgraph.curation.names import fold, without_abbreviation
from icgraph.curation.statements import BASE, record_iri, term
from icgraph.model.terms import prefixes
from icgraph.store.parsing import parse_file
from tests.curation.sampling import is_address, read, sample, tables
from tests.curation.test_packaged_data import PERSONS

FACTS = Path(__file__).parents[2] / "../shared/data"
DATA = packaged("data")
PAGE = Path(__file__).parents[2] / "docs/data-quality.md"
SAMPLE = PAGE.with_name("data-quality-sample.csv")
needs_facts = pytest.mark.skipif(not FACTS.is_dir(), reason="the facts are not beside the checkout")

#: Where names stand in the lines of each file; `[]` is any place in a list, `*` any language.
NAMES = {
    "practices": (
        "title.*", "alt_titles[]", "city", "cities[]", "organisations[].name",
        "organisations[].alt_names[]", "organisations[].city", "projects[].name",
        "projects[].programme", "projects[].organisations[].name",
        "projects[].organisations[].city", "partner_cities[].city", "url", "other_urls[]",
        "seen_in[]", "listing_url", "reference_documents[].url", "reference_documents[].title",
    ),
    "cities": (
        "name", "names.*", "alt_names[]", "admin_region", "networks[]", "sources[]",
        "profile_url", "in_index_sample", "index[].source",
    ),
    "organisations": ("name", "names.*", "abbreviation", "city", "part_of", "source"),
    "projects": (
        "name", "names.*", "acronym", "partners[].name", "partners[].city", "associates[].name",
        "associates[].city", "coordinator", "funders[]", "cities[]", "programme",
        "projects[].name", "projects[].programme", "projects[].organisations[].name",
        "projects[].organisations[].city", "source", "sources[]", "url",
    ),
    "partnerships": ("about", "parties[].name", "parties[].city", "project", "source"),
    "networks": (
        "name", "names.*", "abbreviation", "members[]", "coordinator", "supported_by[]", "source",
        "sources[]",
    ),
}  # fmt: skip


@cache
def rows():
    with (DATA / "ledger.csv").open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


@cache
def quads():
    paths = [*DATA.glob("*.ttl"), *(DATA / "seeds").glob("*.ttl")]
    return [(path, quad) for path in sorted(paths) for quad in parse_file(path)]


@cache
def labels():
    """The names of each record, by its short name."""
    found = defaultdict(set)
    for _, quad in quads():
        if quad.predicate in {term("rdfs:label"), term("skos:altLabel")}:
            found[short(quad.subject.value)].add(quad.object.value)
    return found


def short(iri):
    for prefix, namespace in prefixes().items():
        if iri.startswith(namespace) and "/" not in iri[len(namespace) :]:
            return f"{prefix}:{iri[len(namespace) :]}"
    return iri


def records():
    """The short names of all records in the data, with the file they are typed in."""
    return {
        short(quad.subject.value): path
        for path, quad in quads()
        if quad.predicate == term("rdf:type")
        and "#" not in quad.subject.value
        and BASE.name_of(quad.subject.value) is not None
    }


def texts(value, path=""):
    if isinstance(value, dict):
        for key, inner in value.items():
            yield from texts(inner, f"{path}.{key}" if path else key)
    elif isinstance(value, list):
        for number, inner in enumerate(value):
            yield from texts(inner, f"{path}[{number}]")
    elif isinstance(value, str):
        yield path, value


def occurrences():
    """Every name in the facts: (file, line, path) -> the text."""
    found = {}
    for kind, paths in NAMES.items():
        pattern = re.compile(
            "|".join(re.escape(p).replace(r"\[\]", r"\[\d+\]").replace(r"\*", "[A-Za-z-]+")
                     for p in paths)
        )  # fmt: skip
        file = FACTS / f"{kind}.jsonl"
        for number, line in enumerate(file.read_text(encoding="utf-8").splitlines(), start=1):
            for path, text in texts(json.loads(line)):
                if pattern.fullmatch(path):
                    found[file.name, number, path] = tidy(text)
    return found


def at(row):
    return row["file"], int(row["line"]), row["path"]


@needs_facts
def test_every_occurrence_of_a_name_stands_in_the_ledger_and_nothing_else_does():
    expected = occurrences()
    listed = {at(row) for row in rows()}
    assert sorted(expected.keys() - listed) == []
    assert sorted(listed - expected.keys()) == []


@needs_facts
def test_every_name_is_as_printed_or_the_part_of_the_text_that_names_the_record():
    expected = occurrences()
    for row in rows():
        assert row["name"] in expected[at(row)], row


def test_an_occurrence_is_decided_once():
    counted = Counter((*at(row), row["name"]) for row in rows())
    assert [place for place, count in counted.items() if count > 1] == []


def test_the_ledger_lies_in_the_order_of_its_files_lines_and_paths():
    places = [(row["file"], int(row["line"])) for row in rows()]
    assert places == sorted(places)
    assert tuple(rows()[0]) == COLUMNS


def test_every_row_has_a_known_decision_and_a_record_or_a_reason():
    kinds = {row["decision"] for row in rows()}
    assert kinds <= DECISIONS.keys()
    without = {"not-a-record", "part"}
    for row in rows():
        assert bool(row["record"]) == (row["decision"] not in without), row
        assert row["record"] or row["reason"], row


def test_every_row_leads_to_a_record_of_the_data():
    assert {row["record"] for row in rows() if row["record"]} - records().keys() == set()


def test_every_record_is_hit_by_a_line_a_name_or_a_seed():
    hit = {row["record"] for row in rows()}
    hit |= {f"place:{row['country'].lower()}" for row in rows() if row["country"]}
    hit |= {record for record, path in records().items() if path.parent.name == "seeds"}
    with (DATA / "mappings" / "named-sources.csv").open(encoding="utf-8", newline="") as file:
        hit |= {f"source:{row['slug']}" for row in csv.DictReader(file)}
    with (DATA / "mappings" / "claims.csv").open(encoding="utf-8", newline="") as file:
        hit |= {row["value"] for row in csv.DictReader(file)}
    assert sorted(records().keys() - hit) == []


def test_no_two_names_share_a_record_without_a_stated_reason():
    said = {"new", "same-name", "seed"}
    names = defaultdict(set)
    for row in rows():
        if row["record"] and row["decision"] in said and not row["reason"]:
            names[row["record"]].add(fold(row["name"]))
    shared = {
        record: sorted(found)
        for record, found in names.items()
        if len(found - set(map(fold, labels()[record]))) > 0 and len(found) > 1
    }
    assert shared == {}


#: Why a name of the ledger is none of its record's names.
NO_NAME = re.compile(
    "the whole country is the place|in programmes.csv: the text says more than its name"
)


def test_every_name_is_one_of_its_record_or_has_a_reason_why_not():
    remarks = {row["name"] for row in read("mappings/organisations.csv") if row["treat"]}
    rounds = {name for name in labels_of("programme") if name.startswith("ICC inter-city grants")}
    for row in rows():
        # What a line is about is no name; a line may say the round of grants for the project.
        about = row["path"] == "about" or (row["path"] == "project" and row["name"] in rounds)
        no_name = about or is_address(row) or row["name"] in remarks
        if not row["record"] or no_name or NO_NAME.search(row["reason"]):
            continue
        names = {fold(name) for name in labels()[row["record"]]}
        name = row["name"]
        if row["path"].startswith("networks["):
            name = re.sub(r" \([^()]+\)$", "", name)
        full, short = without_abbreviation(name)
        parts = {fold(full)} | ({fold(short)} if short else set())
        assert fold(name) in names or parts <= names, row


def labels_of(kind):
    return {name for record, names in labels().items() if record.startswith(kind) for name in names}


def test_other_names_that_join_a_record_have_a_reason():
    for row in rows():
        if row["decision"] in {"same-by-rule", "same-by-table", "same-as-line"}:
            assert row["reason"], row


def test_one_name_that_means_two_bodies_is_told_apart_by_its_place():
    meant = defaultdict(set)
    for row in rows():
        if row["record"].startswith("organisation:"):
            meant[row["name"], row["country"], row["place"]].add(row["record"])
    assert [name for name, found in meant.items() if len(found) > 1] == []


def test_spellings_and_boroughs_are_resolved_as_they_should_be():
    meant = defaultdict(set)
    for row in rows():
        if row["path"] != "admin_region":
            meant[row["name"], row["country"]].add(row["record"])
    lublin = {"organisation:pl-lublin-municipality"}
    assert meant["Municipality of Lublin", "PL"] == lublin
    assert meant["City of Lublin", "PL"] == lublin
    assert meant["Krakow", "PL"] == meant["Kraków", "PL"] == {"place:pl-krakow"}
    assert meant["Salisbury", "AU"] == {"place:au-salisbury"}
    assert meant["Tenerife", "ES"] == {"place:es-tenerife"}
    assert meant["Santa Cruz de Tenerife", "ES"] == {"place:es-santa-cruz-de-tenerife"}
    assert meant["Berlin-Neukölln", "DE"] == {"place:de-berlin-neukolln"}
    assert meant["Berlin", "DE"] == {"place:de-berlin"}
    assert meant["Ireland (country-wide)", "IE"] <= {"place:ie"}


def test_pairs_that_are_unsure_are_two_records():
    with (DATA / "unsure-pairs.csv").open(encoding="utf-8", newline="") as file:
        pairs = list(csv.DictReader(file))
    named = {(row["record"], row["name"]) for row in rows()}
    for pair in pairs:
        assert pair["record"] != pair["other_record"]
        assert pair["why"]
        assert (pair["record"], pair["name"]) in named
        assert (pair["other_record"], pair["other_name"]) in named


def test_the_page_on_quality_counts_what_the_ledger_counts():
    assert tables(rows(), read("unsure-pairs.csv")) in PAGE.read_text(encoding="utf-8")


def test_the_rows_that_were_read_are_sixty_and_are_now_what_the_sample_says():
    with SAMPLE.open(encoding="utf-8", newline="") as file:
        drawn = list(csv.DictReader(file))
    now = {(*at(row), row["name"]): (row["record"], row["decision"]) for row in rows()}
    assert len(drawn) == 60
    for row in drawn:
        assert now[*at(row), row["name"]] == (row["record_now"], row["decision_now"])
        assert row["verdict"] == ("wrong" if row["finding"] else "right")
    wrong = sum(row["verdict"] == "wrong" for row in drawn)
    assert f"**Wrong: {wrong} of {len(drawn)}.**" in PAGE.read_text(encoding="utf-8")


def test_the_same_seed_draws_the_same_rows_in_any_order():
    again = sample(list(reversed(rows())))
    assert sample(rows()) == list(reversed(again))
    assert len(again) == 60


@needs_facts
def test_no_identifier_elsewhere_is_without_evidence_in_the_facts():
    lines = (FACTS / "cities.jsonl").read_text(encoding="utf-8").splitlines()
    cities = [json.loads(line) for line in lines]
    places = {(row["file"], row["line"], row["name"]): row["record"] for row in rows()}
    geonames = "https://sws.geonames.org"
    told = {
        places["cities.jsonl", str(number), fact["name"]]: f"{geonames}/{fact['geonames_id']}/"
        for number, fact in enumerate(cities, start=1)
        if fact.get("geonames_id") and not fact.get("geo_note")
    }
    linked = {
        short(quad.subject.value): quad.object.value
        for _, quad in quads()
        if quad.predicate == term("schema:sameAs")
    }
    assert linked == told


def test_no_person_is_named():
    words = [re.findall(r"[\w'’-]+", row["name"]) for row in rows()]
    pairs = {" ".join(pair) for found in words for pair in pairwise(found)}
    assert not {sha256(pair.encode()).hexdigest()[:16] for pair in pairs} & PERSONS


def test_the_first_name_of_a_record_is_new_and_a_seed_is_a_seed(tmp_path):
    path = tmp_path / "practices.jsonl"
    path.write_text('{"id": "a", "title": {"en": "A"}, "topics": [], "city": "Leeds"}\n' * 2)
    ledger = Ledger()
    for fact in read_facts([path]).of("practices"):
        ledger.enter(fact, "city", "Leeds", record_iri("place", "gb-leeds"), "same-name")
        ledger.enter(fact, "title.en", "A", record_iri("practice", "a"), "new")
    found = ledger.rows({record_iri("practice", "a").value})
    assert [(row.line, row.path, row.decision) for row in found] == [
        (1, "city", "new"), (1, "title.en", "seed"),
        (2, "city", "same-name"), (2, "title.en", "seed"),
    ]  # fmt: skip
    assert ledger_table(found).splitlines()[1].startswith("practices.jsonl,1,city,Leeds,")
