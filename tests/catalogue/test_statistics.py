"""The figures of VoID are what one counts by hand; DCAT-AP's mandatory statements are there."""

from collections import Counter

import pytest
from pyoxigraph import BlankNode, DefaultGraph, Literal, NamedNode, Store

from icgraph.catalogue.dataset import Dataset, describe, describe_version, schema_org
from icgraph.catalogue.dumps import FORMS, Dump, DumpFile
from icgraph.catalogue.statistics import count_statistics, vocabularies
from icgraph.model.terms import DEFAULT_BASE, FOREIGN_PREFIXES
from icgraph.model.versions import Version
from icgraph.store.packaged import packaged_dataset

DCAT, DCTERMS = FOREIGN_PREFIXES["dcat"], FOREIGN_PREFIXES["dcterms"]
VOID = "http://rdfs.org/ns/void#"
TYPE = FOREIGN_PREFIXES["rdf"] + "type"
IRI = f"{DEFAULT_BASE}dataset"


@pytest.fixture(scope="module")
def quads():
    return set(packaged_dataset())


@pytest.fixture(scope="module")
def statistics(quads):
    store = Store()
    store.bulk_extend(quads)

    def rows(query):
        found = store.query(query)
        names = [variable.value for variable in found.variables]
        return [{name: row[name] for name in names if row[name] is not None} for row in found]

    return count_statistics(rows, DEFAULT_BASE)


@pytest.fixture(scope="module")
def default(quads):
    return {quad.triple for quad in quads if quad.graph_name == DefaultGraph()}


def test_statements_subjects_objects_and_properties_are_counted(statistics, default):
    assert statistics.triples == len(default)
    assert statistics.subjects == len({triple.subject for triple in default})
    assert statistics.objects == len({triple.object for triple in default})
    assert statistics.properties == len({triple.predicate for triple in default})


def test_entities_are_the_records_without_their_parts(statistics, default):
    typed = {triple.subject.value for triple in default if triple.predicate.value == TYPE}
    start = f"{DEFAULT_BASE}id/"
    assert statistics.entities == len(
        {iri for iri in typed if iri.startswith(start) and "#" not in iri}
    )


def test_every_class_and_property_has_its_count(statistics, default):
    of_class = Counter(t.object.value for t in default if t.predicate.value == TYPE)
    of_property = Counter(triple.predicate.value for triple in default)
    assert dict(statistics.by_class) == of_class
    assert dict(statistics.by_property) == of_property
    assert statistics.classes == len(of_class)


def test_named_graphs_are_counted_apart(statistics, quads):
    named = Counter(q.graph_name.value for q in quads if q.graph_name != DefaultGraph())
    assert dict(statistics.by_graph) == named


def test_partitions_come_with_the_largest_first(statistics):
    counts = [count for _, count in statistics.by_property]
    assert counts == sorted(counts, reverse=True)


def test_vocabularies_are_those_in_use(statistics):
    found = vocabularies(statistics, DEFAULT_BASE)
    assert f"{DEFAULT_BASE}ns/" in found
    assert FOREIGN_PREFIXES["skos"] in found
    assert FOREIGN_PREFIXES["sh"] not in found


def made(statistics, dump=None):
    return Dataset(
        DEFAULT_BASE,
        "http://127.0.0.1:8000/",
        statistics,
        7,
        Version(7, "2026-11-22T00:00:00+00:00", "because"),
        dump,
    )


DUMP = Dump(
    6,
    "hash",
    "2026-11-21T00:00:00+00:00",
    9,
    tuple(DumpFile(f"icgraph-r6-2026-11-21.{form}", form, 12, "ab" * 32) for form in FORMS),
)


def said(triples):
    found = {}
    for triple in triples:
        found.setdefault(triple.subject.value, {}).setdefault(triple.predicate.value, []).append(
            triple.object
        )
    return found


#: DCAT-AP 3.0.1, the mandatory properties of each class.
MANDATORY = {
    "Catalog": ("dcat:dataset", "dcterms:description", "dcterms:publisher", "dcterms:title"),
    "Dataset": ("dcterms:description", "dcterms:title"),
    "Distribution": ("dcat:accessURL",),
    "DataService": ("dcat:endpointURL", "dcterms:title"),
}
#: Recommended ones that this dataset has.
RECOMMENDED = {
    "Dataset": (
        "dcat:contactPoint", "dcat:distribution", "dcat:keyword", "dcat:theme",
        "dcterms:publisher", "dcterms:license", "dcterms:modified",
    ),
    "Distribution": ("dcterms:license", "dcterms:title"),
    "DataService": ("dcat:endpointDescription", "dcat:servesDataset"),
}  # fmt: skip


def full(name):
    prefix, _, local = name.partition(":")
    return FOREIGN_PREFIXES[prefix] + local


@pytest.mark.parametrize("class_", MANDATORY)
def test_what_dcat_ap_demands_is_said(statistics, class_):
    found = said(describe(made(statistics, DUMP)))
    things = [s for s, told in found.items() if NamedNode(DCAT + class_) in told.get(TYPE, ())]
    assert things
    for thing in things:
        for name in (*MANDATORY[class_], *RECOMMENDED.get(class_, ())):
            assert full(name) in found[thing], (thing, name)


def test_a_value_of_the_eu_says_from_which_list_it_is(statistics):
    """Checkers of DCAT-AP do not fetch the lists."""
    found = said(describe(made(statistics, DUMP)))
    start = "http://publications.europa.eu/resource/authority/"
    values = {
        term.value
        for told in found.values()
        for terms in told.values()
        for term in terms
        if isinstance(term, NamedNode) and term.value.startswith(start)
    }
    lists = {value.rpartition("/")[0] for value in values} - {start.rstrip("/")}
    assert {value.removeprefix(start) for value in lists} == {
        "access-right", "data-theme", "file-type", "frequency", "language", "planned-availability",
    }  # fmt: skip
    for value in values - lists:
        schemes = set(found[value][FOREIGN_PREFIXES["skos"] + "inScheme"])
        assert schemes == {NamedNode(value.rpartition("/")[0])}


def test_texts_come_in_both_languages(statistics):
    told = said(describe(made(statistics)))[IRI]
    for name in ("title", "description"):
        assert {text.language for text in told[DCTERMS + name]} == {"en", "fr"}


def test_nothing_is_a_blank_node(statistics):
    for triple in describe(made(statistics, DUMP)):
        assert not isinstance(triple.subject, BlankNode)
        assert not isinstance(triple.object, BlankNode)


def test_everything_that_is_pointed_at_within_the_dataset_is_described(statistics):
    found = said(describe(made(statistics, DUMP)))
    named = {
        term.value
        for told in found.values()
        for terms in told.values()
        for term in terms
        if isinstance(term, NamedNode) and term.value.startswith(f"{IRI}#")
    }
    assert named <= set(found)


def test_void_has_the_figures(statistics):
    found = said(describe(made(statistics)))
    told = found[IRI]
    assert told[f"{VOID}triples"] == [
        Literal(str(statistics.triples), datatype=NamedNode(FOREIGN_PREFIXES["xsd"] + "integer"))
    ]
    assert len(told[f"{VOID}propertyPartition"]) == statistics.properties
    counted = sum(
        int(found[part.value][f"{VOID}triples"][0].value)
        for part in told[f"{VOID}propertyPartition"]
    )
    assert counted == statistics.triples


def test_a_file_that_was_made_is_named_with_size_and_checksum(statistics):
    found = said(describe(made(statistics, DUMP)))
    told = found[f"{IRI}#nq"]
    address = "http://127.0.0.1:8000/dumps/icgraph-r6-2026-11-21.nq.gz"
    assert told[f"{DCAT}downloadURL"] == [NamedNode(address)]
    assert told[f"{DCAT}byteSize"][0].value == "12"
    checksum = found[f"{IRI}#checksum-nq"]["http://spdx.org/rdf/terms#checksumValue"]
    assert checksum[0].value == "ab" * 32


def test_a_file_that_was_not_made_is_where_it_will_be(statistics):
    told = said(describe(made(statistics)))[f"{IRI}#nq"]
    assert told[f"{DCAT}downloadURL"] == [NamedNode("http://127.0.0.1:8000/dumps/latest.nq.gz")]
    assert f"{DCAT}byteSize" not in told


def test_a_version_points_at_its_dataset_and_at_the_one_before():
    version = Version(7, "2026-11-22T00:00:00+00:00", "because")
    told = said(describe_version(IRI, "http://127.0.0.1:8000/", version))[f"{IRI}/7"]
    assert told[f"{DCAT}isVersionOf"] == [NamedNode(IRI)]
    assert told[f"{DCAT}previousVersion"] == [NamedNode(f"{IRI}/6")]


def test_what_a_version_names_says_what_it_is():
    version = Version(7, "2026-11-22T00:00:00+00:00", "because")
    found = said(describe_version(IRI, "http://127.0.0.1:8000/", version))
    (page,) = found[f"{IRI}/7"][FOREIGN_PREFIXES["foaf"] + "page"]
    assert found[page.value][TYPE] == [NamedNode(FOREIGN_PREFIXES["foaf"] + "Document")]


def test_search_engines_get_the_same_licence_and_files(statistics):
    told = schema_org(made(statistics, DUMP))
    assert told["license"] == "https://creativecommons.org/licenses/by/4.0/"
    assert [each["contentUrl"] for each in told["distribution"]] == [
        f"http://127.0.0.1:8000/dumps/icgraph-r6-2026-11-21.{form}" for form in FORMS
    ]
