"""Every key of the facts has its place in the graph, or its reason; a change stays small."""

import csv
import json
import re
import shutil
from pathlib import Path

import pytest

from icgraph.config import packaged
from icgraph.curation.facts import read_facts
from icgraph.curation.tables import import_facts
from icgraph.errors import InputError
from icgraph.store.parsing import parse_file
from tests.curation.conftest import FACTS

DATA = packaged("data")
needs_facts = pytest.mark.skipif(not FACTS.is_dir(), reason="the facts are not beside the checkout")
PAGE = "https://example.org/page"
OPEN_DOORS = "https://example.org/-/open-doors"
CITY = {"name": "Leeds", "country_code": "GB", "sources": [PAGE]}


def written(folder, file):
    return (folder / f"{file}.ttl").read_text(encoding="utf-8")


def block(folder, file, subject):
    blocks = written(folder, file).split("\n\n")
    return next((each for each in blocks if each.startswith(f"{subject}\n")), "")


@pytest.fixture(scope="session")
def from_facts(tmp_path_factory):
    """Import the real facts, with lines changed, into a folder of its own; the folder."""

    def make(name, change=lambda lines: None):
        folder = tmp_path_factory.mktemp(name)
        for table in ("mappings", "seeds"):
            shutil.copytree(DATA / table, folder / "data" / table)
        files = []
        for path in sorted(FACTS.glob("*.jsonl")):
            lines = [json.loads(line) for line in path.read_text("utf-8").splitlines()]
            if path.stem == "practices":
                change(lines)
            files.append(folder / path.name)
            files[-1].write_text("\n".join(json.dumps(line) for line in lines), "utf-8")
        import_facts(files, folder / "data", lambda *_: None)
        return folder / "data"

    return make


@pytest.fixture(scope="session")
def unchanged(from_facts):
    """The folder of an import of the real facts as they are."""
    return from_facts("unchanged")


def statements(folder):
    files = [*folder.glob("*.ttl"), *folder.glob("*.trig")]
    return {str(quad) for path in files for quad in parse_file(path)}


@needs_facts
def test_every_key_has_a_place_or_a_reason_and_a_new_key_has_neither(from_facts):
    def colour(lines):
        lines[0]["colour"] = "green"
        lines[0].setdefault("organisations", []).append(
            {"name": "A", "type": "ngo", "role": "lead", "mood": "good"}
        )

    unexplained = re.findall(
        r"\| `(\S+)` .*no reason given", (from_facts("keys", colour) / "unmapped.md").read_text()
    )
    assert unexplained == ["colour", "organisations.mood"]


@needs_facts
def test_no_reason_is_given_for_a_key_that_is_carried_over_or_unknown():
    page = (DATA / "unmapped.md").read_text(encoding="utf-8")
    with (DATA / "mappings" / "unmapped.csv").open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    facts = read_facts(sorted(FACTS.glob("*.jsonl")))
    for row in rows:
        assert row["reason"] in page, row
        assert row["key"] in facts.censuses[row["file"]].counts, row


@needs_facts
def test_a_changed_fact_changes_its_own_record_alone(from_facts, unchanged):
    practice = "an-integrated-area-plan"

    def better(lines):
        (line,) = (each for each in lines if each["id"] == practice)
        line["summary"] = "Said anew."

    before, after = statements(unchanged), statements(from_facts("after", better))
    changed = before ^ after
    assert len(changed) == 2
    assert all(f"/id/practice/{practice}>" in each for each in changed)


@needs_facts
def test_a_second_import_changes_no_byte(unchanged):
    folder = unchanged
    first = {path.name: path.read_bytes() for path in folder.iterdir() if path.is_file()}
    files = sorted(folder.parent.glob("*.jsonl"))
    import_facts(files, folder, lambda *_: None)
    assert {path.name: path.read_bytes() for path in folder.iterdir() if path.is_file()} == first


def test_a_figure_says_what_it_counts_in_which_unit_and_year(run, practice, folder):
    figures = [
        {"what": "share of pupils", "value": 12.5, "unit": "%", "year": "2019"},
        {"what": "share of pupils", "value": 13, "unit": "percent", "year": "2019"},
    ]
    run(practices=[practice(figures=figures)])
    first = block(folder, "practices", r"practice:open-doors\#figure-share-of-pupils-2019")
    for said in ("ic:value 12.5", '"percent"@en', "ic:year 2019", "practice:open-doors ;"):
        assert said in first
    assert block(folder, "practices", r"practice:open-doors\#figure-share-of-pupils-2019-2")


def test_a_context_figure_is_about_the_place(run, practice, folder):
    with (folder / "mappings" / "context-figures.csv").open("a") as file:
        file.write("open-doors,inhabitants\n")
    run(practices=[practice(figures=[{"what": "inhabitants", "value": 9, "unit": "persons"}])])
    assert "ic:figureAbout place:gb-leeds" in written(folder, "practices")


def test_a_cost_and_a_contact_are_stated_without_a_name(run, practice, folder):
    cost = {"value": 30000, "currency": "GBP"}
    run(practices=[practice(cost=cost, contact_role="coordinator of the programme")])
    amount = block(folder, "practices", r"practice:open-doors\#cost")
    assert 'ic:currency "GBP"' in amount
    assert "ic:value 30000" in amount
    assert 'ic:contactRole "coordinator of the programme"' in written(folder, "practices")


def test_a_partner_city_has_one_tie_with_all_that_is_done(run, practice, folder):
    partners = [
        {"city": "Bari", "country_code": "IT", "what": what} for what in ("exchange", "twinning")
    ]
    run(practices=[practice(partner_cities=partners)])
    tie = block(folder, "practices", r"practice:open-doors\#with-it-bari")
    assert '"exchange"@en' in tie
    assert '"twinning"@en' in tie
    assert "ic:partnerPlace place:it-bari" in block(folder, "practices", "practice:open-doors")


def test_reference_documents_become_sources(run, practice, folder):
    documents = [{"title": "The Strategy"}, {"title": "The Study", "url": f"{PAGE}/study"}]
    run(practices=[practice(reference_documents=documents)])
    assert written(folder, "practices").count("dcterms:references") == 1
    named = block(folder, "sources", "source:gb-leeds-the-strategy")
    assert "source-kind:reference-document" in named
    assert "ic:retrievedAt" not in named
    assert f'"{PAGE}/study"' in written(folder, "sources")


def test_a_page_in_another_language_is_a_translation_only_where_its_title_is_told(
    run, practice, folder
):
    page = "https://www.coe.int/{}/web/icc/-/open-doors"
    others = [page.format("fr"), page.format("de")]
    titles = {"en": "Open doors", "fr": "Portes ouvertes"}
    run(practices=[practice(url=page.format("en"), other_urls=others, title=titles)])
    text = written(folder, "sources")
    assert text.count("ic:translationOf") == 1
    assert "eulang:FRA" in text
    assert "eulang:DEU" not in text


NESTED = "practice,name,target,slug,label,reason\n"


@pytest.mark.parametrize(
    ("row", "said"),
    [
        ("project,the-plan,The Plan,why", ("projects", "a ic:Project")),
        ("reference-document,the-plan,,why", ("sources", "source-kind:reference-document")),
        ("practice,,,why", ("practices", '"Plan X"@und')),
        ("practice,,,why", ("practices", '"PX"@und')),
        ("reference-document,the-plan,,why", ("provenance", "and dated from 2019")),
    ],
)
def test_a_project_named_by_a_practice_becomes_what_the_table_says(
    run, practice, folder, row, said
):
    file, words = said
    (folder / "mappings" / "nested-projects.csv").write_text(f"{NESTED}open-doors,Plan X,{row}\n")
    run(practices=[practice(projects=[{"name": "Plan X", "start": "2019", "acronym": "PX"}])])
    assert words in written(folder, file)


def test_what_is_no_project_is_listed_with_its_dates_and_reason(run, practice, folder):
    row = "open-doors,Plan X,none,,,a mere part\n"
    (folder / "mappings" / "nested-projects.csv").write_text(NESTED + row)
    run(practices=[practice(projects=[{"name": "Plan X", "start": "2019"}])])
    assert "- Plan X (dated from 2019): a mere part" in (folder / "unmapped.md").read_text()


def test_a_new_project_that_the_table_lacks_is_listed(run, practice, folder):
    run(practices=[practice(projects=[{"name": "Plan Y"}])])
    assert "nested-projects.csv lacks" in (folder / "unmapped.md").read_text()


def test_membership_has_its_date_its_network_and_its_note(run, folder):
    network = {"name": "Network of Towns", "key": "NT", "country_code": "GB", "scope": "national",
               "members": ["Bradford"], "founded": "2010", "source": PAGE}  # fmt: skip
    icc = {"name": "Intercultural Cities international network", "scope": "international",
           "source": PAGE, "members": []}  # fmt: skip
    cities = [
        {**CITY, "member": True, "joined": "2016", "networks": ["NT"], "note": "seen once"},
        {**CITY, "name": "Bradford", "member": "former"},
    ]
    run(networks=[network, icc], cities=cities)
    leeds = block(folder, "places", "place:gb-leeds")
    assert "organisation:network-of-towns" in leeds
    period = r"place:gb-leeds\#member-intercultural-cities-network-period"
    assert '"2016"^^xsd:gYear' in block(folder, "places", period)
    assert "status:ended" in block(
        folder, "places", r"place:gb-bradford\#member-network-of-towns-period"
    )
    assert '"seen once"@en' in written(folder, "provenance")


def test_an_index_result_keeps_what_was_seen(run, folder):
    index = [{"year": "2019", "score": 84, "rank": 4, "of": 80, "source": PAGE},
             {"score": 77.5, "source": PAGE, "domains": {"Neighbourhoods": 100}}]  # fmt: skip
    run(cities=[{**CITY, "index": index, "population": 100}])
    result = block(folder, "places", r"place:gb-leeds\#index-2019")
    for said in ("ic:score 84.0", "ic:rank 4", "ic:outOf 80", "ic:year 2019", "dcterms:source"):
        assert said in result
    undated = block(folder, "places", r"place:gb-leeds\#index-undated")
    assert "ic:score 77.5" in undated
    assert '"Neighbourhoods: 100"@en' in undated
    assert "ic:population 100" in block(folder, "places", "place:gb-leeds")


def test_a_region_from_memory_is_left_out(run, folder):
    told = {"admin_region": "England", "admin_region_basis": "geonames admin1 code"}
    guessed = {"admin_region": "Wales", "admin_region_basis": "memory"}
    run(cities=[{**CITY, **told}, {**CITY, "name": "Swansea", **guessed}])
    assert "geo:sfWithin place:gb-england-region" in block(folder, "places", "place:gb-leeds")
    assert "geo:sfWithin place:gb ;" in block(folder, "places", "place:gb-swansea")


def party(name, **more):
    return {"name": name, "type": "NGO", "country_code": "IT", **more}


@pytest.mark.parametrize(
    ("kind", "file"), [("study-visit", "activities"), ("mentoring", "partnerships")]
)
def test_a_line_becomes_what_its_kind_is(run, folder, kind, file):
    line = {"kind": kind, "about": "good things", "source": PAGE,
            "parties": [party("One House"), party("Two Hills")]}  # fmt: skip
    run(partnerships=[line])
    assert "organisation:two-hills" in written(folder, file)


def test_a_consortium_takes_part_in_its_project(run, folder):
    project = {"name": "Italian Cities", "summary": "x", "source": PAGE, "budget_eur": 500,
               "partners": [party("One House")]}  # fmt: skip
    line = {"kind": "project-consortium", "about": "all", "project": "Italian Cities",
            "source": PAGE, "parties": [party("One House"), party("Two Hills")]}  # fmt: skip
    run(projects=[project], partnerships=[line])
    record = block(folder, "projects", "project:italian-cities")
    assert "organisation:two-hills" in record
    assert written(folder, "projects").count("org:member organisation:one-house") == 1
    assert "ic:value 500" in block(folder, "projects", r"project:italian-cities\#budget")


CLAIMS = "record,part,predicate,value,source,decision\n"


def test_claims_stand_in_the_graph_of_their_source_and_the_decision_in_the_provenance(
    run, practice, folder
):
    (folder / "mappings" / "named-sources.csv").write_text(
        "slug,label,language,url,note\nold-page,An old page,en,,why\n"
    )
    (folder / "mappings" / "claims.csv").write_text(
        f"{CLAIMS}practice:open-doors,,ic:startYear,2012,{OPEN_DOORS},We chose.\n"
        "practice:open-doors,,ic:startYear,2011,old-page,\n"
    )
    run(practices=[practice(start="2012")])
    claims = parse_file(folder / "claims.trig")
    assert {quad.object.value for quad in claims} == {"2011", "2012"}
    assert len({quad.graph_name for quad in claims}) == 2
    assert 'ic:decision "We chose."@en' in written(folder, "provenance")
    assert "source:old-page" in written(folder, "sources")


@pytest.mark.parametrize(
    ("table", "row"),
    [
        ("claims", "practice:open-doors,,ic:startYear,soon,https://example.org/-/open-doors,"),
        ("claims", "practice:open-doors,,ic:colour,red,https://example.org/-/open-doors,"),
        ("claims", "practice:open-doors,,ic:startYear,2011,https://example.org/unknown,"),
        ("nested-projects", "open-doors,X,guess,,,why"),
        ("links", "practice:open-doors,ic:likes,place:gb-leeds,why"),
        ("partnerships", "x,,feast,,,,why"),
    ],
)
def test_a_row_that_means_nothing_is_named_and_nothing_is_written(
    run, practice, folder, table, row
):
    path = folder / "mappings" / f"{table}.csv"
    path.write_text(path.read_text("utf-8").splitlines()[0] + f"\n{row}\n", "utf-8")
    with pytest.raises(InputError, match=rf"{table}\.csv:2"):
        run(practices=[practice()])
    assert not (folder / "practices.ttl").exists()


def test_no_module_of_the_importer_is_long():
    for path in (Path(__file__).parents[2] / "src/icgraph/curation").glob("*.py"):
        assert len(path.read_text(encoding="utf-8").splitlines()) <= 300, path.name
