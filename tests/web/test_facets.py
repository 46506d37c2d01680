"""Facet counts and results against a brute-force count in SPARQL, written apart from the code."""

import random

import pytest
from pyoxigraph import Literal, NamedNode

from icgraph.config import Settings
from icgraph.discovery.stored import stored_queries
from icgraph.model.iris import Base
from icgraph.model.kinds import KINDS
from icgraph.model.terms import DEFAULT_BASE, prefixes
from icgraph.web import build_app
from icgraph.web.site import Site
from tests.web.conftest import InProcess

PROLOGUE = "\n".join(f"PREFIX {prefix}: <{iri}>" for prefix, iri in prefixes().items())
COMBINATIONS = (pytest.param(200, marks=pytest.mark.prove), 60)
SEED = 20_261_122

ACTIVE_POSSIBLY = """
  ?record ic:period/ic:startEarliest ?a . FILTER(YEAR(?a) <= {year})
  FILTER NOT EXISTS {{ ?record ic:period/ic:endLatest ?z . FILTER(YEAR(?z) < {year}) }}
"""
ACTIVE_CERTAINLY = """
  ?record ic:period ?p . ?p ic:startLatest ?b . FILTER(YEAR(?b) <= {year})
  OPTIONAL {{ ?p ic:endEarliest ?c }} OPTIONAL {{ ?p ic:statedOn ?s }}
  FILTER(YEAR(IF(BOUND(?c), ?c, ?s)) >= {year})
"""
AT_PLACES = "?record dcterms:spatial ?v . FILTER NOT EXISTS { ?v a ic:Country }"
COUNTRY_OF = "?record dcterms:spatial/geo:sfWithin* ?v . ?v a ic:Country"
MONEY = "?project (ic:partOfProgramme|(ic:grant/ic:underProgramme)) ?v"
BRUTE = {
    "practice": {
        "topic": "?record dcterms:subject ?v",
        "country": "?record ic:country ?v",
        "city": AT_PLACES,
        "status": "?record ic:status ?v",
        "organisation-type": "?record ic:participation [ org:member [ org:classification ?v ] ]",
        "project": "?v a ic:Project . ?record ic:withinProject ?v",
        "programme": "?record ic:withinProject ?project . " + MONEY,
        "language": "?record dcterms:source [ dcterms:language ?v ]",
    },
    "place": {
        "type": "?record rdf:type ?v . FILTER(?v != ic:Place)",
        "country": "?record ic:country ?v",
        "region": "?v a ic:AdministrativeArea . ?record geo:sfWithin ?v",
        "network": "?record ic:membership [ org:organization ?v ]",
        "topic": "[] a ic:Practice ; dcterms:spatial ?record ; dcterms:subject ?v",
    },
    "organisation": {
        "organisation-type": "?record org:classification ?v",
        "country": COUNTRY_OF,
        "city": AT_PLACES,
        "topic": "[] dcterms:subject ?v ; ic:involves ?record",
        "project": "?v a ic:Project ; ic:participation [ org:member ?record ]",
    },
    "project": {
        "programme": MONEY.replace("?project", "?record"),
        "country": COUNTRY_OF,
        "city": AT_PLACES,
        "status": "?record ic:status ?v",
        "topic": "[] ic:withinProject ?record ; dcterms:subject ?v",
        "organisation-type": "?record ic:involves [ org:classification ?v ]",
    },
    "partnership": {
        "country": COUNTRY_OF.replace("?record", "?record ic:involves ?body . ?body"),
        "city": AT_PLACES.replace("?record", "?record ic:involves ?body . ?body"),
        "status": "?record ic:status ?v",
        "project": "?record ic:withinProject ?v",
        "topic": "?record dcterms:subject ?v",
        "organisation-type": "?record ic:involves [ org:classification ?v ]",
    },
    "activity": {
        "activity-type": "?record dcterms:type ?v",
        "country": COUNTRY_OF,
        "city": AT_PLACES,
        "status": "?record ic:status ?v",
        "project": "?record ic:withinProject ?v",
    },
    "source": {"source-kind": "?record dcterms:type ?v", "language": "?record dcterms:language ?v"},
}
# Half of all combinations are of practices.
KINDS_DRAWN = ["practice"] * (len(BRUTE) - 1) + [kind for kind in BRUTE if kind != "practice"]


@pytest.fixture(scope="module")
def client(real_store):
    """One application for all tests of this module: its tables are read once."""
    site = Site(InProcess(real_store), Base(DEFAULT_BASE), Settings())
    return build_app(site).test_client()


class Brute:
    """Counts by a query for each combination."""

    def __init__(self, store):
        self.store = store

    def found(self, kind, chosen, iris, certain):
        joined = [self._having(kind, facet, chosen[facet], iris, certain) for facet in chosen]
        type_ = NamedNode(KINDS[kind].type_iri(DEFAULT_BASE))
        query = f"{PROLOGUE} SELECT DISTINCT ?record WHERE {{ ?record a {type_} . "
        rows = self.store.query(query + " ".join(joined) + " }")
        return {row["record"].value for row in rows}

    def _having(self, kind, facet, codes, iris, certain):
        if facet == "year":
            pattern = ACTIVE_CERTAINLY if certain else ACTIVE_POSSIBLY
            either = " UNION ".join(f"{{ {pattern.format(year=int(code))} }}" for code in codes)
            return f"{{ SELECT DISTINCT ?record WHERE {{ {either} }} }}"
        among = " ".join(str(NamedNode(iris[facet, code])) for code in codes)
        pattern = f"VALUES ?v {{ {among} }} {BRUTE[kind][facet]}"
        return f"{{ SELECT DISTINCT ?record WHERE {{ {pattern} }} }}"


def _ask(client, kind, chosen, certain):
    query = {**chosen, "certainty": "certain" if certain else "possible", "format": "json"}
    return client.get(f"/{KINDS[kind].path}", query_string=query).json


def _draw(rng, whole):
    """Some values of some facets; every other time of one record, so that something fits."""
    facets = {name: [v["value"] for v in values] for name, values in whole["facets"].items()}
    if rng.random() < 0.5:
        record = rng.choice(whole["records"])
        own = {name: [v["value"] for v in record.get(name, [])] for name in facets}
        if record.get("start"):
            own["year"] = [str(record["start"])]
        facets = {name: codes for name, codes in own.items() if codes}
    names = rng.sample(sorted(facets), min(len(facets), rng.randint(1, 4)))
    return {
        name: rng.sample(facets[name], min(len(facets[name]), rng.randint(1, 3)))
        for name in names
        if facets[name]
    }


@pytest.mark.parametrize("combinations", COMBINATIONS)
def test_counts_and_results_are_those_of_sparql(client, real_store, combinations):
    """Random combinations: the results, their number, and two of the counts beside values."""
    rng = random.Random(SEED)
    brute = Brute(real_store)
    whole = {kind: _ask(client, kind, {}, certain=False) for kind in BRUTE}
    iris = {
        kind: {
            (name, value["value"]): value.get("iri", "")
            for name, values in document["facets"].items()
            for value in values
        }
        for kind, document in whole.items()
    }
    fitting = 0
    for _ in range(combinations):
        kind = rng.choice(KINDS_DRAWN)
        chosen, certain = _draw(rng, whole[kind]), rng.random() < 0.5
        answer = _ask(client, kind, chosen, certain)
        expected = brute.found(kind, chosen, iris[kind], certain)
        told = (kind, chosen, certain)
        assert answer["total"] == len(expected), told
        assert {record["iri"] for record in answer["records"]} <= expected, told
        assert len(answer["records"]) == min(len(expected), 1000), told
        fitting += bool(expected)
        offered = [
            (name, value)
            for name, values in answer["facets"].items()
            for value in values
            if not value["chosen"]
        ]
        for name, value in rng.sample(offered, min(2, len(offered))):
            added = {**chosen, name: [*chosen.get(name, []), value["value"]]}
            with_it = brute.found(kind, added, iris[kind], certain)
            assert value["count"] == len(with_it), (told, name, value)
    assert fitting > combinations / 3


@pytest.mark.parametrize("kind", BRUTE)
def test_every_value_of_every_facet_is_offered(client, real_store, kind):
    document = _ask(client, kind, {}, certain=False)
    for facet, pattern in BRUTE[kind].items():
        type_ = NamedNode(KINDS[kind].type_iri(DEFAULT_BASE))
        query = f"{PROLOGUE} SELECT DISTINCT ?v WHERE {{ ?record a {type_} . {pattern} }}"
        expected = {row["v"].value for row in real_store.query(query)}
        assert {value["iri"] for value in document["facets"][facet]} == expected, facet


def test_a_chosen_value_counts_what_is_there_already(client):
    document = _ask(client, "practice", {"topic": ["refugees"]}, certain=False)
    (chosen,) = [value for value in document["facets"]["topic"] if value["chosen"]]
    assert (chosen["value"], chosen["count"]) == ("refugees", document["total"])


def test_a_record_says_whether_a_year_is_certain(client, real_store):
    document = client.get("/practices?year=2013&format=json").json
    certain = {r["iri"] for r in document["records"] if r["certainty"] == "certain"}
    only = client.get("/practices?year=2013&certainty=certain&format=json").json
    assert certain == {record["iri"] for record in only["records"]}
    assert 0 < len(certain) < document["total"]


def test_years_agree_with_the_stored_question(client, real_store):
    """The page and the question "Practices active in a year" say the same."""
    (query,) = [q for q in stored_queries() if q.name == "practices-active-in-a-year"]
    rows = list(real_store.query(query.text))
    certain = {row["practice"].value for row in rows if row["certainty"] == Literal("certain")}
    document = client.get("/practices?year=2013&format=json").json
    assert {r["iri"] for r in document["records"]} == {row["practice"].value for row in rows}
    assert {r["iri"] for r in document["records"] if r["certainty"] == "certain"} == certain
