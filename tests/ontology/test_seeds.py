from pyoxigraph import RdfFormat, parse
from rdflib import RDF, RDFS, SKOS, Literal, Namespace, URIRef

from icgraph.curation.rdf import format_turtle
from icgraph.model.terms import DEFAULT_BASE, FOREIGN_PREFIXES, prefixes
from tests.ontology.graphs import NS, ROOT, read

IC = Namespace(NS)
ORG = Namespace(FOREIGN_PREFIXES["org"])
DCTERMS = Namespace(FOREIGN_PREFIXES["dcterms"])
SEEDS = read("data/seeds/*.ttl")
FILES = sorted((ROOT / "data/seeds").glob("*.ttl"))


def record(kind: str, slug: str) -> URIRef:
    return URIRef(f"{DEFAULT_BASE}id/{kind}/{slug}")


GROUP = record("organisation", "lublin-integration-support-group")
COMMITTEE = record("organisation", "lublin-civic-dialogue-committee")


def test_the_files_are_laid_out_as_the_formatter_does() -> None:
    for path in FILES:
        text = path.read_text()
        head = text.partition("@prefix")[0]
        statements = parse(path=str(path), format=RdfFormat.TURTLE)
        assert text == head + format_turtle(statements, prefixes()), path.name


def test_no_record_stands_in_two_files() -> None:
    seen: dict[str, str] = {}
    for path in FILES:
        for quad in parse(path=str(path), format=RdfFormat.TURTLE):
            assert seen.setdefault(str(quad.subject), path.name) == path.name


def test_the_group_has_unnamed_members_with_a_count() -> None:
    counts = {
        str(SEEDS.value(cohort, RDFS.label, any=True)): int(str(count))
        for cohort in SEEDS.objects(GROUP, IC.involves)
        for count in SEEDS.objects(cohort, IC.minimumCount)
    }
    assert sorted(counts.values()) == [1, 2, 2, 2]


def test_the_group_names_six_departments_of_the_city_administration() -> None:
    city = record("organisation", "pl-lublin-municipality")
    units = set(SEEDS.subjects(ORG.unitOf, city)) & set(SEEDS.objects(GROUP, IC.involves))
    assert len(units) == 6


def test_taking_part_in_the_group_is_voluntary() -> None:
    assert SEEDS.value(GROUP, IC.isVoluntary) == Literal(True)


def test_the_committee_succeeds_the_group_in_april_2021_brought_about_by_five_ngos() -> None:
    change = SEEDS.value(COMMITTEE, ORG.resultedFrom)
    promoters = SEEDS.value(change, URIRef(FOREIGN_PREFIXES["prov"] + "wasAssociatedWith"))
    period = SEEDS.value(change, IC.period)
    assert SEEDS.value(change, ORG.originalOrganization) == GROUP
    assert SEEDS.value(promoters, IC.exactCount) == Literal(5)
    assert str(SEEDS.value(period, IC.startEarliest)) == "2021-04-01"
    assert str(SEEDS.value(period, IC.endLatest)) == "2021-04-30"


def test_the_cantonal_service_belongs_to_the_canton_and_not_to_the_city() -> None:
    cosm = record("organisation", "cosm")
    assert SEEDS.value(cosm, DCTERMS.spatial) == record("place", "ch-neuchatel-canton")
    assert SEEDS.value(cosm, ORG.subOrganizationOf) == record("organisation", "canton-of-neuchatel")


def test_itaca_is_tied_to_pages_and_to_no_practice() -> None:
    itaca = record("project", "itaca")
    written = set(SEEDS.subjects(IC.draftedWithin, itaca))
    assert len(written) == 4
    assert all((source, RDF.type, IC.SourceDocument) in SEEDS for source in written)
    assert not list(SEEDS.subjects(IC.withinProject, itaca))


def test_albanian_and_french_titles_are_marked_as_such() -> None:
    montreal = record(
        "practice", "case-study-territorial-and-cultural-equity-in-montreal-population-focus"
    )
    oslo = record("practice", "reaching-a-point-from-which-to-take-action-in-oslo")
    assert {title.language for title in SEEDS.objects(montreal, RDFS.label)} == {"en", "fr", "sq"}
    assert Literal(
        "Arritja në një pikë nga e cila do të ndërmerrte veprime në Oslo", lang="sq"
    ) in set(SEEDS.objects(oslo, RDFS.label))


def test_every_listed_practice_names_the_listing_it_was_seen_in() -> None:
    listings = {
        source
        for source in SEEDS.subjects(RDF.type, IC.SourceDocument)
        if not list(SEEDS.objects(source, URIRef(FOREIGN_PREFIXES["schema"] + "url")))
    }
    listed = [len(list(SEEDS.subjects(DCTERMS.source, listing))) for listing in listings]
    practices = {
        practice
        for listing in listings
        for practice in SEEDS.subjects(DCTERMS.source, listing)
        if (practice, RDF.type, IC.Practice) in SEEDS
    }
    assert len(listed) == 2
    assert len(practices) == 10


def test_no_name_stands_among_the_other_names_of_its_record() -> None:
    for subject, name in SEEDS.subject_objects(SKOS.altLabel):
        assert (subject, RDFS.label, name) not in SEEDS
