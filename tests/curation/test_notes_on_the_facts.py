"""The notes that came with the facts (`../shared/data/README.md`, "Mind"), each held by a test."""

import json
import re
from pathlib import Path

import pytest

from icgraph.config import packaged
from icgraph.curation.facts import tidy
from tests.curation.graphs import (
    claims,
    documents,
    iri,
    objects,
    objects_of,
    one,
    one_of,
    one_or_none,
    subjects,
)

HARVEST = "2026-11-21"
FACTS = Path(__file__).parents[2] / "../shared/data"
needs_facts = pytest.mark.skipif(not FACTS.is_dir(), reason="the facts are not beside the checkout")
UNMAPPED = (packaged("data") / "unmapped.md").read_text(encoding="utf-8")


def labels(name):
    return {label.rpartition("@")[0] for label in objects(name, "rdfs:label")}


def other_names(name):
    return {label.rpartition("@")[0] for label in objects(name, "skos:altLabel")}


def test_a_figure_that_describes_the_city_is_about_the_city():
    practice = "practice:committing-to-diversity-neuchatels-citizenship-charter"
    figure = f"{practice}#figure-population-of-the-canton"
    assert one(figure, "ic:figureAbout") == iri("place:ch-neuchatel")
    about = [one_of(figure, "ic:figureAbout") for figure in subjects("ic:Figure")]
    assert len(about) == 479
    assert 80 <= sum("/id/place/" in each for each in about) <= 100


def test_the_year_of_an_entry_dates_the_page_and_not_the_practice():
    page = one_page("practice:roma-inclusion-policies-in-reggio-emilia-italy", "roma-inclusion")
    assert one_of(page, "ic:entryYear") == "2022"
    assert not objects("practice:roma-inclusion-policies-in-reggio-emilia-italy", "ic:startYear")


def one_page(practice, words):
    found = {each for each in objects(practice, "dcterms:source") if words in each}
    years = {each for each in found if one_or_none(each, "ic:entryYear")}
    return years.pop()


def test_where_practices_share_a_listing_the_year_stands_on_their_documents():
    assert documents("ic:entryYear")[iri("practice:weeks-of-culture")] == {"2018"}


def test_other_names_of_an_organisation_are_names_of_the_same_body():
    assert "City of Lublin" in other_names("organisation:pl-lublin-municipality")


def test_the_kinds_of_collection_are_told_apart():
    kinds = {one_or_none(source, "dcterms:type") for source in subjects("ic:SourceDocument")}
    for kind in ("icc-practice", "icc-listing", "icc-newsletter", "congress-toolkit", "external"):
        assert iri(f"source-kind:{kind}") in kinds


def test_one_listing_is_the_source_of_several_practices():
    sources = [
        source
        for practice in subjects("ic:Practice")
        for source in {*objects_of(practice, "dcterms:source")}
        if one_or_none(source, "dcterms:type") == iri("source-kind:icc-listing")
    ]
    assert len(sources) > len(set(sources)) > 50


def test_topics_are_said_to_be_assigned_by_reading():
    found = documents("ic:topicsBasis")
    practices = {each for each in subjects("ic:Practice") if objects_of(each, "dcterms:subject")}
    assert practices <= found.keys()
    assert {basis for said in found.values() for basis in said} == {iri("basis:assigned")}


def test_french_labels_of_topics_are_said_to_be_ours():
    basis = objects("topic:roma", "ic:translationBasis", "provenance")
    assert basis == {iri("basis:own-translation")}


def test_membership_is_what_a_source_said_at_its_date():
    period = "place:it-turin#member-intercultural-cities-network-period"
    assert one(period, "ic:status") == iri("status:ongoing")
    assert one(period, "ic:statedOn") == HARVEST


def test_a_former_member_says_so():
    for place in ("place:gb-greenwich-london", "place:ru-izhevsk", "place:ro-craiova"):
        period = f"{place}#member-intercultural-cities-network-period"
        assert one(period, "ic:status") == iri("status:ended")


def test_what_was_joined_decides_whose_date_it_is():
    period = "place:pt-braga#member-{}-period"
    assert one(period.format("portuguese-network-of-intercultural-cities"), "dcat:startDate")
    assert not objects(period.format("intercultural-cities-network"), "dcat:startDate")


def test_a_canton_that_is_the_member_has_the_membership():
    assert not objects("place:ch-neuchatel", "ic:memberOf")
    assert objects("place:ch-neuchatel-canton", "ic:memberOf")


def test_an_address_made_from_a_slug_was_not_read():
    source = next(
        each
        for each in objects("practice:project-sparc", "dcterms:source")
        if "/en/" in (one_or_none(each, "schema:url") or "")
        and "-/project-sparc" in one_or_none(each, "schema:url")
    )
    assert one_or_none(source, "ic:retrievedAt") is None
    note = documents("skos:editorialNote")[iri("practice:project-sparc")]
    assert any("derived from the slug" in each for each in note)


COUNTRY_WIDE = {
    "building-structures-for-intercultural-integration-in-cyprus-regional-intercultur": "cy",
    "inclusion-influencers": "pt",
    "ouvrir-la-voie-a-une-strategie-en-matiere-de-donnees-sur-legalite-en-irlande": "ie",
    "poboljsanje-prikupljanja-podataka-o-jednakosti-u-belgiji": "be",
    "through-the-igen-foundation-the-australian-civil-society-promotes-the-practice-o": "au",
}


@pytest.mark.parametrize("practice", COUNTRY_WIDE)
def test_the_place_of_a_practice_without_a_city_is_its_country(practice):
    country = iri(f"place:{COUNTRY_WIDE[practice]}")
    assert objects(f"practice:{practice}", "dcterms:spatial") == {country}


def test_salisbury_is_in_australia():
    assert one("place:au-salisbury", "ic:country") == iri("place:au")
    assert iri("place:gb-salisbury") not in subjects("ic:Place")


DISAGREEMENTS = {
    ("project:itaca#period", "dcat:startDate"): {"2020-11", "2021"},
    ("project:cities#period", "dcat:endDate"): {"2026-06", "2026-03"},
    ("project:c4i#period", "dcat:endDate"): {"2015", "2015-06", "2016"},
    ("project:c4i#period", "dcat:startDate"): {"2014", "2014-06"},
    ("project:c4i#grant", "ic:underProgramme"): {
        iri("programme:european-integration-fund"),
        iri("programme:council-of-europe-eu-joint-programmes"),
    },
    ("project:epi", "dcterms:spatial"): {iri("place:ro-cluj-napoca"), iri("place:gr-alimos")},
    ("place:de-erlangen#member-intercultural-cities-network-period", "dcat:startDate"): {
        "2016-08-28", "2016-10",
    },
    ("place:se-botkyrka#member-intercultural-cities-network-period", "dcat:startDate"): {
        "2011", "2008",
    },
}  # fmt: skip


@pytest.mark.parametrize(("subject", "predicate"), DISAGREEMENTS)
def test_where_sources_differ_both_stand_as_claims_and_the_record_has_one(subject, predicate):
    said = {
        (graph, value)
        for graph, about, what, value in claims()
        if (about, what) == (iri(subject), iri(predicate))
    }
    assert {value for _, value in said} == DISAGREEMENTS[subject, predicate]
    assert len({graph for graph, _ in said}) >= 2
    assert objects(subject, predicate) & DISAGREEMENTS[subject, predicate]
    assert iri(subject.partition("#")[0]) in documents("ic:decision")


def test_every_claim_is_of_a_source_record_and_disagrees_with_another():
    sources = {each.rpartition("/")[2] for each in subjects("ic:SourceDocument")}
    assert {graph.rpartition("/")[2] for graph, *_ in claims()} <= sources
    for _, subject, predicate, _ in claims():
        if predicate not in {iri("ic:period"), iri("ic:grant"), iri("ic:statedAs")}:
            others = {o for _, s, p, o in claims() if (s, p) == (subject, predicate)}
            assert len(others) > 1, subject


def test_a_page_rewritten_under_its_address_has_a_source_for_each_version():
    titles = {
        value
        for _, subject, predicate, value in claims()
        if predicate == iri("rdfs:label") and "neuchatel" in subject
    }
    assert len(titles) == 2


def test_a_body_under_several_names_is_one_record():
    names = labels("organisation:rete-citta-del-dialogo") | other_names(
        "organisation:rete-citta-del-dialogo"
    )
    assert "Italian Network of Intercultural Cities" in names
    assert any("Città del Dialogo" in name for name in names)


def test_a_wording_is_more_than_a_bare_year():
    for period in subjects("ic:Period"):
        for wording in objects_of(period, "ic:statedAs"):
            assert not re.fullmatch(r"\d{4}@\S+", wording)


@pytest.mark.parametrize(
    "practice",
    ["action-plan-for-inclusion-and-diversity", "don-t-feed-the-rumour-1", "lublin-for-all"],
)
def test_what_goes_on_though_an_end_is_told_has_a_phase_that_ends(practice):
    name = f"practice:{practice}"
    assert one(name, "ic:status") in {iri("status:ongoing"), iri("status:permanent")}
    assert not objects(name, "ic:endYear")
    assert objects(name, "ic:phase")


def test_what_was_written_from_memory_is_left_out_and_counted():
    assert not objects("organisation:council-of-europe", "ic:startYear")
    for key in ("`founded`", "`url`", "`abbreviation`", "`admin_region`"):
        assert re.search(rf"\| {key} \| \d+ \| written from memory", UNMAPPED)


def test_names_that_may_be_from_memory_are_other_names_and_marked_as_ours():
    assert "Barcelone" in other_names("place:es-barcelona")
    assert documents("ic:namesBasis")[iri("place:es-barcelona")] == {iri("basis:own-translation")}


@pytest.mark.parametrize(
    "place", ["au-melton", "au-maribyrnong", "au-salisbury", "gb-camden-london"]
)
def test_another_locality_gives_no_identifier_and_no_population(place):
    assert not objects(f"place:{place}", "schema:sameAs")
    assert not objects(f"place:{place}", "ic:population")


def test_borrowed_coordinates_are_marked():
    note = one("place:gb-kirklees#centroid", "skos:editorialNote")
    assert note == "These are the coordinates of Huddersfield.@en"


NEW_PLACES = [
    "ca-toronto",
    "it-bologna",
    "ni-matagalpa",
    "de-hamburg-altona",
    "no-bodo",
    "gb-london",
    "gb-islington",
    "be-mons",
    "nz-wellington",
    "nz-christchurch",
    "nz-dunedin",
    "it-arona",
    "es-santa-cruz-de-tenerife",
    "ua-kyiv",
    "gb-todmorden",
    "be-brussels",
    "it-rome",
    "it-monza",
    "jp-tokyo",
    "jp-kani",
    "jp-minokamo",
    "fi-helsinki",
    "ch-basel",
    "us-new-york",
    "de-leipzig",
    "se-stockholm",
    "au-melbourne",
    "kr-seoul",
    "tr-antalya",
    "tr-bursa",
    "nl-amsterdam",
    "ch-neuchatel-canton",
]


@pytest.mark.parametrize("place", NEW_PLACES)
def test_a_place_without_a_line_has_country_and_source_and_no_identifier(place):
    name = f"place:{place}"
    if iri(name) not in subjects("ic:Place"):
        assert UNMAPPED.count("written from memory"), "its only mention is from memory"
        return
    assert one(name, "ic:country") == iri(f"place:{place[:2]}")
    assert objects(name, "dcterms:source")
    assert not objects(name, "schema:sameAs")
    assert not objects(name, "geo:hasCentroid")


def test_there_are_48_countries():
    assert len(subjects("ic:Country")) == 48
    assert {iri("place:ni"), iri("place:ee")} <= subjects("ic:Country")


def test_a_city_lies_in_its_region_and_the_region_in_its_country():
    assert one("place:it-modena", "geo:sfWithin") == iri("place:it-emilia-romagna-region")
    assert one("place:it-emilia-romagna-region", "geo:sfWithin") == iri("place:it")
    assert one("place:gb-lewisham-london", "geo:sfWithin") == iri("place:gb-london")
    assert one("place:es-barcelona", "geo:sfWithin") == iri("place:es-catalonia")


def test_titles_of_pages_about_a_project_are_sources_and_no_projects():
    names = [
        label for project in subjects("ic:Project") for label in objects_of(project, "rdfs:label")
    ]
    assert sum("ITACA" in name for name in names) == 1
    assert sum(name.startswith("Cities Initiative") for name in names) == 1


def test_the_writing_up_within_a_project_is_said_of_the_page_alone():
    assert not [
        practice
        for practice in subjects("ic:Practice")
        if iri("project:itaca") in objects_of(practice, "ic:withinProject")
    ]
    drafted = [
        source
        for source in subjects("ic:SourceDocument")
        if iri("project:itaca") in objects_of(source, "ic:draftedWithin")
    ]
    assert len(drafted) >= 4


def test_a_project_has_one_lead_at_most():
    for project in subjects("ic:Project"):
        roles = [
            role
            for part in objects_of(project, "ic:participation")
            for role in objects_of(part, "org:role")
        ]
        assert roles.count(iri("role:lead")) <= 1


def test_the_name_of_a_call_is_no_grant_number():
    assert not objects("project:eu-belong", "ic:grant")
    assert one("project:eu-belong", "ic:partOfProgramme") == iri("programme:amif")


def test_a_strategy_named_as_a_project_is_a_document():
    assert iri("source:leeds-culture-strategy-2017-2030") in objects(
        "practice:the-language-hub-programme", "dcterms:references"
    )
    assert iri("project:leeds-culture-strategy-2017-2030") not in subjects("ic:Project")


def test_a_project_that_several_practices_name_is_one_record():
    practices = [
        practice
        for practice in subjects("ic:Practice")
        if iri("project:bradford-for-everyone") in objects_of(practice, "ic:withinProject")
    ]
    assert len(practices) == 4


def test_kinds_of_collaboration_are_told_apart():
    assert objects("activity:annual-meeting-of-icc-coordinators-odesa-2019", "dcterms:type") == {
        iri("activity-type:event")
    }
    host = "activity:mayors-of-two-ukrainian-cities-visit-bergen#m-no-bergen-municipality"
    assert one(host, "org:role") == iri("role:host")
    mentor = (
        "partnership:transfer-of-the-anti-rumours-method-from-barcelona#m-es-barcelona-municipality"
    )
    assert one(mentor, "org:role") == iri("role:mentoring-partner")
    assert iri("organisation:pt-oeiras-municipality") in objects(
        "project:inclusive-recruitment", "ic:involves"
    )


def test_a_practice_modelled_on_another_city_says_so():
    example = objects("practice:getxo-launches-its-antirumour-strategy", "ic:adaptedFrom")
    assert example == {iri("place:es-barcelona")}


def test_a_project_has_no_name_of_a_local_project_within_it():
    assert other_names("project:sprar") == {"SPRAR"}


def test_what_is_told_beside_a_project_that_is_a_document_or_the_practice_is_kept():
    notes = documents("skos:editorialNote")
    plan = iri("source:setubal-territorio-intercultural")
    assert any("2018-05 to 2020-08" in note and "FAMI" in note for note in notes[plan])
    lisbon = iri("source:ii-municipal-plan-for-the-integration-of-migrants-of-lisbon")
    assert any("“AMIF”" in note for note in notes[lisbon])
    strategy = iri("source:leeds-culture-strategy-2017-2030")
    assert any("2017 to 2030" in note for note in notes[strategy])
    assert "SACR" in other_names("practice:neuchatel-action-week-against-raci-1")
    assert "CdQ" in other_names("practice:neighbourhood-houses")


@needs_facts
def test_what_a_line_on_a_partnership_is_about_stands_somewhere():
    written = " ".join(
        (packaged("data") / name).read_text(encoding="utf-8").casefold()
        for name in (
            "partnerships.ttl", "activities.ttl", "projects.ttl", "provenance.ttl", "unmapped.md",
            "missing-from-seeds.md",
        )
    )  # fmt: skip
    for line in (FACTS / "partnerships.jsonl").read_text(encoding="utf-8").splitlines():
        about = tidy(json.loads(line)["about"]).casefold()
        assert re.sub("^hosts? of the ", "", about) in written, about


def test_the_authority_of_a_borough_sits_in_the_borough_alone():
    for place in ("de-hamburg-altona", "gb-lewisham-london", "de-berlin-neukolln"):
        seat = objects(f"organisation:{place}-municipality", "dcterms:spatial")
        assert seat == {iri(f"place:{place}")}


def test_a_status_that_follows_from_a_stated_end_says_so():
    found = documents("skos:editorialNote")
    inferred = {each for each, notes in found.items() if any("stated end" in n for n in notes)}
    assert len(inferred) == 4
    assert all(one_of(each, "ic:status") == iri("status:ongoing") for each in inferred)


def test_the_choice_between_types_is_listed_with_its_reason():
    listed = re.findall(r"^- \S+ \([a-z, -]+\): .+, since .+$", UNMAPPED, re.MULTILINE)
    assert len(listed) == 18
