import json
import re

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from icgraph.curation.tables import import_facts
from icgraph.errors import ICGraphError, InputError

LEEDS = {
    "name": "Leeds",
    "country_code": "GB",
    "lat": 53.79648,
    "lon": -1.54785,
    "geonames_id": 2644688,
    "alt_names": ["Loidis"],
    "sources": ["https://example.org/cities"],
}


def block(folder, file, subject):
    """The statements of one subject, as written."""
    text = (folder / f"{file}.ttl").read_text(encoding="utf-8")
    return next((each for each in text.split("\n\n") if each.startswith(f"{subject}\n")), "")


def contents(folder):
    return {path.name: path.read_bytes() for path in folder.iterdir() if path.is_file()}


def test_a_practice_says_where_about_what_and_from_which_page(run, practice, folder):
    run(practices=[practice()])
    written = block(folder, "practices", "practice:open-doors")
    for said in ("place:gb-leeds", "topic:refugees", '"Open doors"@en', "status:unknown"):
        assert said in written
    assert "ic:period" not in written
    assert 'schema:url "https://example.org/-/open-doors"' in (folder / "sources.ttl").read_text()


def test_topics_are_said_to_be_assigned_in_the_provenance(run, practice, folder):
    run(practices=[practice()])
    assert "ic:topicsBasis basis:assigned" in (folder / "provenance.ttl").read_text()


def test_what_goes_on_though_an_end_is_stated_has_a_phase(run, practice, folder):
    run(practices=[practice(start="2012", end="2014", ongoing=True, year_label="Since 2012")])
    record = block(folder, "practices", "practice:open-doors")
    assert "status:ongoing" in record
    assert "ic:endYear" not in record
    assert '"2014"^^xsd:gYear' in block(folder, "practices", r"practice:open-doors\#phase-stated")
    period = block(folder, "practices", r"practice:open-doors\#period")
    assert '"Since 2012"@en' in period
    assert 'ic:statedOn "2026-11-21"^^xsd:date' in period


def test_a_bare_year_beside_an_entry_dates_the_page_and_not_the_practice(run, practice, folder):
    run(practices=[practice(year_label="2016")])
    text = (folder / "practices.ttl").read_text()
    assert "ic:statedAs" not in text
    assert "2016" not in text
    assert "ic:entryYear 2016" in (folder / "sources.ttl").read_text()


def test_every_name_of_a_municipality_means_the_municipality_of_its_city(run, practice, folder):
    names = ["Leeds City Council", "City of Leeds", "Municipality of Leeds"]
    run(
        practices=[
            practice(
                id=f"p-{number}",
                organisations=[
                    {"name": name, "type": "municipality", "role": "lead", "city": "Leeds",
                     "country_code": "GB"}
                ],
            )
            for number, name in enumerate(names)
        ]
    )  # fmt: skip
    text = (folder / "organisations.ttl").read_text()
    assert text.count("org:classification") == 1
    written = block(folder, "organisations", "organisation:gb-leeds-municipality")
    assert 'rdfs:label "Municipality of Leeds"@en' in written
    assert '"Leeds City Council"@en' in written


def test_a_department_is_a_unit_of_its_municipality(run, practice, folder):
    department = {
        "name": "City of Leeds – Housing department", "type": "municipality", "role": "lead",
        "city": "Leeds", "country_code": "GB",
    }  # fmt: skip
    run(practices=[practice(organisations=[department])])
    written = block(folder, "organisations", "organisation:city-of-leeds-housing-department")
    assert "org:unitOf organisation:gb-leeds-municipality" in written
    assert block(folder, "organisations", "organisation:gb-leeds-municipality")


def test_one_name_in_two_cities_is_two_bodies(run, practice, folder):
    run(
        practices=[
            practice(
                id=f"p-{city.lower()}",
                organisations=[
                    {"name": "Youth Forum", "type": "ngo", "role": "lead", "city": city,
                     "country_code": "GB"}
                ],
            )
            for city in ("Leeds", "Swansea")
        ]
    )  # fmt: skip
    for place in ("leeds", "swansea"):
        assert block(folder, "organisations", f"organisation:youth-forum-gb-{place}")


def test_an_abbreviation_joins_the_lines_that_use_it(run, practice, folder):
    body = {"name": "Forum of Towns", "abbreviation": "FOT", "type": "NGO", "country_code": "IT",
            "source": "https://example.org/fot"}  # fmt: skip
    mention = {"name": "FOT", "type": "ngo", "role": "partner", "country_code": "IT"}
    run(organisations=[body], practices=[practice(organisations=[mention])])
    assert "organisation:forum-of-towns" in block(folder, "practices", "practice:open-doors")
    assert (folder / "organisations.ttl").read_text().count("org:classification") == 1


def test_what_was_written_from_memory_is_left_out_and_counted(run, folder):
    run(
        organisations=[
            {"name": "Forum of Towns", "type": "NGO", "country_code": "IT", "city": "Rome",
             "city_basis": "memory", "founded": "1999", "founded_basis": "memory",
             "url": "https://forum.example/", "url_basis": "memory",
             "source": "https://example.org/fot"}
        ]
    )  # fmt: skip
    written = block(folder, "organisations", "organisation:forum-of-towns")
    assert "dcterms:spatial place:it ;" in written
    assert "1999" not in written
    assert "forum.example" not in written
    assert (folder / "unmapped.md").read_text().count("written from memory") >= 3


def test_unnamed_bodies_become_a_cohort(run, practice, folder):
    schools = {"name": "schools and colleges of Lewisham", "type": "school", "role": "partner",
               "city": "Lewisham (London)", "country_code": "GB"}  # fmt: skip
    run(practices=[practice(organisations=[schools])])
    assert "ic:minimumCount 2" in (folder / "practices.ttl").read_text()
    assert not (folder / "organisations.ttl").exists()


def test_a_place_knows_its_country_its_coordinates_and_its_other_names(run, folder):
    run(cities=[LEEDS])
    written = block(folder, "places", "place:gb-leeds")
    assert "ic:country place:gb" in written
    assert "<https://sws.geonames.org/2644688/>" in written
    assert '"Loidis"@und' in written
    assert '"POINT(-1.54785 53.79648)"' in block(folder, "places", r"place:gb-leeds\#centroid")
    assert '"Royaume-Uni"@fr' in block(folder, "places", "place:gb")


def test_an_identifier_of_another_locality_is_no_link(run, folder):
    run(cities=[{**LEEDS, "geo_note": "the township only"}])
    assert "geonames.org" not in (folder / "places.ttl").read_text()


def test_a_borough_lies_in_its_city_and_the_city_in_the_country(run, folder):
    run(cities=[{"name": "Lewisham (London)", "country_code": "GB", "kind": "borough",
                 "sources": ["https://example.org/cities"]}])  # fmt: skip
    assert "geo:sfWithin place:gb-london" in block(folder, "places", "place:gb-lewisham-london")
    assert "geo:sfWithin place:gb ;" in block(folder, "places", "place:gb-london")


def test_the_writing_up_within_a_project_stands_on_the_source(run, practice, folder):
    run(
        projects=[{"name": "Italian Cities", "acronym": "ITAX", "summary": "Cities learn.",
                   "source": "https://example.org/itax"}],
        practices=[practice(projects=[{"name": "Italian Cities", "relation": "drafted"}])],
    )  # fmt: skip
    assert "ic:withinProject" not in block(folder, "practices", "practice:open-doors")
    assert "ic:draftedWithin project:itax" in (folder / "sources.ttl").read_text()


def test_the_title_of_a_page_about_a_project_becomes_a_source(run, folder):
    run(
        projects=[
            {"name": "Italian Cities", "acronym": "ITAX", "summary": "Cities learn.",
             "source": "https://example.org/itax"},
            {"name": "ITAX: all about it", "summary": "A page.", "source": "https://example.org/page",
             "projects": [{"name": "Italian Cities", "acronym": "ITAX"}]},
        ]
    )  # fmt: skip
    assert (folder / "projects.ttl").read_text().count("a ic:Project") == 1
    assert '"ITAX: all about it"@' in (folder / "sources.ttl").read_text()


def test_a_project_has_one_lead_and_its_funder_stands_on_the_grant(run, folder):
    partner = {"name": "Forum of Towns", "type": "NGO", "country_code": "IT"}
    run(
        projects=[
            {"name": "Italian Cities", "summary": "Cities learn.", "grant": "12345",
             "coordinator": "Forum of Towns", "partners": [partner], "funders": ["European Union"],
             "source": "https://example.org/itax"}
        ]
    )  # fmt: skip
    text = (folder / "projects.ttl").read_text()
    assert text.count("role:lead") == 1
    assert "role:partner" not in text
    grant = block(folder, "projects", r"project:italian-cities\#grant")
    assert "schema:funder organisation:european-union" in grant
    assert 'dcterms:identifier "12345"' in grant


def test_a_partnership_needs_two_parties_known_by_name(run, folder):
    def party(name):
        return {"name": name, "type": "NGO", "country_code": "IT"}

    two = [party("One House"), party("Two Hills")]
    lines = [
        {"kind": kind, "about": about, "parties": parties, "source": "https://example.org/a"}
        for kind, about, parties in (
            ("institutional", "good", two),
            ("institutional", "lonely", two[:1]),
            ("study-visit", "visit", two),
        )
    ]
    report = run(partnerships=lines)
    assert report.records["partnership"] == 1
    assert "lonely" in (folder / "unmapped.md").read_text()


def test_a_record_of_the_seeds_is_made_no_second_time_and_what_it_lacks_is_listed(
    run, practice, folder
):
    seed = folder / "seeds" / "a.ttl"
    seed.write_text(
        "@prefix practice: <https://w3id.org/icgraph/id/practice/> .\n"
        "practice:open-doors a <https://w3id.org/icgraph/ns/Practice> .\n"
    )
    before = seed.read_bytes()
    report = run(practices=[practice()])
    assert report.records["practice"] == 0
    assert "topic:refugees" in (folder / "missing-from-seeds.md").read_text()
    assert seed.read_bytes() == before


def test_a_body_of_the_seeds_keeps_its_slug(run, practice, folder):
    (folder / "seeds" / "a.ttl").write_text(
        "@prefix organisation: <https://w3id.org/icgraph/id/organisation/> .\n"
        "organisation:fot <http://www.w3.org/2000/01/rdf-schema#label> 'Forum of Towns'@en ;\n"
        " <http://purl.org/dc/terms/spatial> <https://w3id.org/icgraph/id/place/it> .\n"
    )
    mention = {"name": "Forum of Towns", "type": "ngo", "role": "lead", "country_code": "IT"}
    run(practices=[practice(organisations=[mention])])
    assert "ic:involves organisation:fot ;" in block(folder, "practices", "practice:open-doors")


def test_a_key_without_a_place_or_a_reason_is_shown(run, practice, folder):
    run(practices=[practice(colour="green")])
    assert "| `colour` | 1 | **no reason given" in (folder / "unmapped.md").read_text()


def test_the_order_of_lines_and_a_second_run_change_no_byte(run, practice, folder):
    lines = [practice(id=f"p-{number}", city=city) for number, city in enumerate(("Leeds", "Bari"))]
    cities = [LEEDS, {**LEEDS, "name": "Wakefield", "geonames_id": 1, "alt_names": []}]
    run(practices=lines, cities=cities)
    first = contents(folder)
    run(practices=lines, cities=cities)
    assert contents(folder) == first
    run(practices=list(reversed(lines)), cities=list(reversed(cities)))
    ledger_names_lines = {"ledger.csv"}
    for name in first.keys() - ledger_names_lines:
        assert contents(folder)[name] == first[name], name


@pytest.mark.parametrize(
    ("more", "what"),
    [
        ({"topics": ["Gardening"]}, "Gardening"),
        ({"country_code": "XX"}, "XX"),
        ({"start": "2015", "end": "2012"}, "before the start"),
        ({"start": "spring"}, "spring"),
        ({"id": "Not A Slug"}, "Not A Slug"),
        ({"url": "example.org"}, "no address"),
        ({"url": "http://[bad"}, "no address"),
        ({"source_kind": "gossip"}, "gossip"),
        ({"language": "English please"}, "English please"),
        ({"seen_in": ["seeds/999.txt"]}, "999"),
        ({"organisations": [{"name": "A", "type": "guild", "role": "lead"}]}, "guild"),
        ({"organisations": [{"name": "A", "type": "ngo", "role": "king"}]}, "king"),
    ],
)
def test_a_value_that_cannot_be_used_is_named_by_line_and_nothing_is_written(
    run, practice, folder, more, what
):
    run(practices=[practice()])
    before = contents(folder)
    with pytest.raises(InputError, match=re.escape(what)) as caught:
        run(practices=[practice(id="fine"), practice(**{"id": "broken", **more})])
    assert "practices.jsonl:2" in caught.value.detail
    assert caught.value.advice
    assert contents(folder) == before


def test_two_lines_of_one_practice_are_refused(run, practice):
    with pytest.raises(InputError, match="another line"):
        run(practices=[practice(), practice(summary="Another.")])


def test_a_broken_table_is_named_by_line(run, practice, folder):
    with (folder / "mappings" / "roles.csv").open("a") as file:
        file.write("too,many,cells\n")
    with pytest.raises(InputError, match=r"roles\.csv:\d+"):
        run(practices=[practice()])


def test_facts_that_would_empty_a_file_are_refused(run, practice, folder, tmp_path):
    run(practices=[practice()])
    (tmp_path / "cities.jsonl").write_text(json.dumps(LEEDS))
    with pytest.raises(InputError, match=r"practices\.ttl has records"):
        import_facts([tmp_path / "cities.jsonl"], folder, lambda *_: None)
    assert "practice:open-doors" in (folder / "practices.ttl").read_text()


def test_an_interruption_leaves_the_old_files_whole(run, practice, folder, tmp_path):
    run(practices=[practice()])
    before = contents(folder)

    def interrupt(stage, *_):
        if stage == "writing":
            raise KeyboardInterrupt

    (tmp_path / "practices.jsonl").write_text(json.dumps(practice(id="other")))
    with pytest.raises(KeyboardInterrupt):
        import_facts([tmp_path / "practices.jsonl"], folder, interrupt)
    assert contents(folder) == before


VALUES = st.sampled_from(
    [None, True, 0, -1.5, 1e300, "", " ", "x", "\x00", "\ud800", "2012", [], ["x"], [1], {},
     {"en": "x"}, {"??": "x"}, [{}], [{"name": "x"}], [[]]]
)  # fmt: skip


@settings(
    max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(data=st.data())
def test_no_value_in_any_place_ends_in_anything_but_a_clear_error(run, practice, data):
    body = {"name": "Forum of Towns", "type": "NGO", "role": "partner", "city": "Rome",
            "country_code": "IT", "source": "https://example.org/a"}  # fmt: skip
    lines = {
        "practices": practice(organisations=[body], projects=[{"name": "Italian Cities"}],
                              partner_cities=[{"city": "Bari", "country_code": "IT", "what": "x"}],
                              figures=[{"what": "x", "value": 1, "unit": "x", "year": "2012"}],
                              reference_documents=[{"title": "x", "url": "https://example.org/d"}],
                              cost={"value": 1, "currency": "EUR"}, other_urls=[], notes=["x"],
                              entry_year="2012", contact_role="x", evidence="full"),
        "cities": {**LEEDS, "member": True, "joined": "2012", "networks": ["NT"],
                   "joined_what": "national network (RPCI)", "population": 1,
                   "admin_region": "England", "note": "x",
                   "index": [{"year": "2012", "score": 1, "rank": 1, "of": 1,
                              "source": "https://example.org/a", "domains": {"x": 1}}]},
        "networks": {"name": "Network of Towns", "key": "NT", "country_code": "GB",
                     "scope": "national", "members": ["Leeds"], "founded": "2010",
                     "source": "https://example.org/a",
                     "member_counts": [{"date": "2012", "members": 1, "countries": 1}]},
        "organisations": body,
        "projects": {"name": "Italian Cities", "summary": "x", "source": "https://example.org/a",
                     "partners": [body], "funders": ["European Union"], "grant": "1",
                     "coordinator": "Forum of Towns", "cities": ["Leeds"]},
        "partnerships": {"kind": "mentoring", "about": "x", "parties": [body], "start": "2012",
                         "source": "https://example.org/a"},
    }  # fmt: skip
    kind = data.draw(st.sampled_from(sorted(lines)))
    target = lines[kind] = json.loads(json.dumps(lines[kind]))
    inner = [value[0] for value in target.values() if isinstance(value, list) and value]
    target = data.draw(
        st.sampled_from([target, *(each for each in inner if isinstance(each, dict))])
    )
    target[data.draw(st.sampled_from(sorted(target)))] = data.draw(VALUES)
    try:
        run(**{name: [line] for name, line in lines.items()})
    except ICGraphError as error:
        complaint = error.detail
    else:
        complaint = f"{kind}.jsonl:1"
    assert f"{kind}.jsonl:1" in complaint
