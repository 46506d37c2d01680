"""The clients that researchers use, unchanged, against a real server."""

import io
import json
import subprocess
import urllib.parse
from collections.abc import Iterator
from pathlib import Path
from urllib.error import HTTPError

import pandas as pd
import pytest
import SPARQLWrapper
from rdflib import RDF, RDFS, Graph, Literal, URIRef
from rdflib.graph import DATASET_DEFAULT_GRAPH_ID
from rdflib.plugins.stores.sparqlstore import SPARQLStore, SPARQLUpdateStore
from SPARQLWrapper.SPARQLExceptions import QueryBadFormed, Unauthorized

from tests.conftest import Server

# SPARQLWrapper 2.0 still makes graphs in a way that rdflib 7 calls deprecated.
pytestmark = pytest.mark.filterwarnings("ignore:ConjunctiveGraph is deprecated")

IC = "https://w3id.org/icgraph/ns/"
POLAND = URIRef("https://w3id.org/icgraph/id/place/pl")
COUNTRIES = (
    f"SELECT ?country (COUNT(*) AS ?practices) {{ ?practice <{IC}country> ?country }} "
    "GROUP BY ?country ORDER BY ?country"
)
NAMES = f"CONSTRUCT {{ <{POLAND}> <{RDFS.label}> ?name }} {{ <{POLAND}> <{RDFS.label}> ?name }}"
DIFFICULT = "100 %25 + 1 & ü Łódź ☃ 𝄞 ?x=1#y ;"


@pytest.fixture
def endpoint(server: Server) -> str:
    return server.address + "/sparql"


@pytest.fixture
def countries(server: Server) -> dict[str, int]:
    """The answer to COUNTRIES, by a client that does nothing but read."""
    bindings = json.loads(server.query(COUNTRIES).body)["results"]["bindings"]
    assert len(bindings) > 10
    return {row["country"]["value"]: int(row["practices"]["value"]) for row in bindings}


def wrapper(endpoint: str, query: str, returns: str | None = None) -> SPARQLWrapper.SPARQLWrapper:
    asking = SPARQLWrapper.SPARQLWrapper(endpoint)
    asking.setQuery(query)
    if returns is not None:
        asking.setReturnFormat(returns)
    return asking


class TestSPARQLWrapper:
    def test_json_is_converted(self, endpoint: str, countries: dict[str, int]) -> None:
        found = wrapper(endpoint, COUNTRIES, SPARQLWrapper.JSON).queryAndConvert()
        rows = found["results"]["bindings"]
        assert {row["country"]["value"]: int(row["practices"]["value"]) for row in rows} == (
            countries
        )

    def test_its_default_is_converted_from_xml(self, endpoint: str) -> None:
        document = wrapper(endpoint, COUNTRIES).queryAndConvert()
        assert document.getElementsByTagName("variable")[0].getAttribute("name") == "country"

    @pytest.mark.parametrize("returns", [SPARQLWrapper.CSV, SPARQLWrapper.TSV])
    def test_tables_come_as_text(
        self, endpoint: str, countries: dict[str, int], returns: str
    ) -> None:
        text = wrapper(endpoint, COUNTRIES, returns).queryAndConvert().decode()
        assert len(text.splitlines()) == len(countries) + 1

    def test_ask_is_a_truth_value(self, endpoint: str) -> None:
        text = f"ASK {{ <{POLAND}> ?p ?o }}"
        assert wrapper(endpoint, text, SPARQLWrapper.JSON).queryAndConvert() == {
            "head": {},
            "boolean": True,
        }

    @pytest.mark.parametrize("returns", [None, SPARQLWrapper.RDFXML, SPARQLWrapper.JSONLD])
    @pytest.mark.parametrize("text", [NAMES, f"DESCRIBE <{POLAND}>"])
    def test_a_graph_is_converted_to_an_rdflib_graph(
        self, endpoint: str, text: str, returns: str | None
    ) -> None:
        graph = wrapper(endpoint, text, returns).queryAndConvert()
        assert isinstance(graph, Graph)
        assert (POLAND, RDFS.label, Literal("Poland", lang="en")) in graph

    @pytest.mark.parametrize("returns", [SPARQLWrapper.TURTLE, SPARQLWrapper.N3])
    def test_a_graph_comes_as_turtle(self, endpoint: str, returns: str) -> None:
        turtle = wrapper(endpoint, NAMES, returns).queryAndConvert()
        graph = Graph().parse(data=turtle, format="turtle")
        assert (POLAND, RDFS.label, Literal("Poland", lang="en")) in graph

    @pytest.mark.parametrize("how", [SPARQLWrapper.URLENCODED, SPARQLWrapper.POSTDIRECTLY])
    def test_a_query_may_be_posted(
        self, endpoint: str, countries: dict[str, int], how: str
    ) -> None:
        asking = wrapper(endpoint, COUNTRIES, SPARQLWrapper.JSON)
        asking.setMethod(SPARQLWrapper.POST)
        asking.setRequestMethod(how)
        assert len(asking.queryAndConvert()["results"]["bindings"]) == len(countries)

    @pytest.mark.parametrize("method", [SPARQLWrapper.GET, SPARQLWrapper.POST])
    def test_difficult_text_survives(self, endpoint: str, method: str) -> None:
        asking = wrapper(endpoint, f"SELECT ('{DIFFICULT}' AS ?x) {{}}", SPARQLWrapper.JSON)
        asking.setMethod(method)
        assert asking.queryAndConvert()["results"]["bindings"][0]["x"]["value"] == DIFFICULT

    def test_a_dataset_may_be_named(self, endpoint: str) -> None:
        asking = wrapper(endpoint, "ASK { ?s ?p ?o }", SPARQLWrapper.JSON)
        asking.addParameter("default-graph-uri", "http://example.org/no-such-graph")
        assert asking.queryAndConvert()["boolean"] is False

    def test_a_bad_query_is_told_as_one(self, endpoint: str) -> None:
        with pytest.raises(QueryBadFormed, match="syntax-invalid"):
            wrapper(endpoint, "SELECT ?x WHERE {").query()

    def test_a_query_over_its_time_is_an_error_and_no_result(self, endpoint: str) -> None:
        asking = wrapper(endpoint, "SELECT (COUNT(*) AS ?n) { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i }")
        asking.addParameter("timeout", "0.5")
        with pytest.raises(HTTPError) as raised:
            asking.query()
        with raised.value as error:
            assert json.loads(error.read())["code"] == "time-limit"


TOKEN = "a-token-for-these-tests"
GREETING = (URIRef("http://x/s"), URIRef("http://x/p"), Literal(DIFFICULT, lang="en"))


@pytest.fixture(scope="module")
def empty(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The endpoint of an empty store that takes updates with the token."""
    home = tmp_path_factory.mktemp("empty") / "home"
    started = Server(home, ("--bare",), {"ICGRAPH_TOKEN": TOKEN}).start()
    yield started.address + "/sparql"
    started.stop()


class TestUpdatesBySPARQLWrapper:
    @staticmethod
    def update(endpoint: str, text: str, password: str, how: str) -> None:
        asking = wrapper(endpoint, text)
        asking.setMethod(SPARQLWrapper.POST)
        asking.setRequestMethod(how)
        asking.setCredentials("anybody", password)
        asking.query()

    @pytest.mark.parametrize("how", [SPARQLWrapper.URLENCODED, SPARQLWrapper.POSTDIRECTLY])
    def test_an_update_with_the_token_is_done(self, empty: str, how: str) -> None:
        subject = f"<http://x/{how}>"
        self.update(empty, f"INSERT DATA {{ {subject} <http://x/p> '{DIFFICULT}' }}", TOKEN, how)
        asking = wrapper(empty, f"SELECT ?o {{ {subject} ?p ?o }}", SPARQLWrapper.JSON)
        assert asking.queryAndConvert()["results"]["bindings"][0]["o"]["value"] == DIFFICULT

    @pytest.mark.parametrize("how", [SPARQLWrapper.URLENCODED, SPARQLWrapper.POSTDIRECTLY])
    def test_an_update_with_another_is_refused_as_such(self, empty: str, how: str) -> None:
        with pytest.raises(Unauthorized, match="token-needed"):
            self.update(empty, "INSERT DATA { <http://x/no> <http://x/p> 1 }", "wrong", how)
        asking = wrapper(empty, "ASK { <http://x/no> ?p ?o }", SPARQLWrapper.JSON)
        assert asking.queryAndConvert()["boolean"] is False


class TestRdflibUpdateStore:
    @pytest.fixture(params=["Basic", "Bearer"])
    def store(self, empty: str, request: pytest.FixtureRequest) -> SPARQLUpdateStore:
        access = (
            {"auth": ("anybody", TOKEN)}
            if request.param == "Basic"
            else {"headers": {"Authorization": f"Bearer {TOKEN}"}}
        )
        store = SPARQLUpdateStore(empty, empty, **access)
        store.update("DROP ALL")
        return store

    def test_what_is_added_is_there_and_what_is_removed_is_not(
        self, store: SPARQLUpdateStore
    ) -> None:
        graph = Graph(store, DATASET_DEFAULT_GRAPH_ID)
        graph.add(GREETING)
        assert GREETING in graph
        assert len(graph) == 1
        graph.remove(GREETING)
        assert GREETING not in graph

    def test_many_triples_are_added_at_once(self, store: SPARQLUpdateStore) -> None:
        graph = Graph(store, URIRef("http://x/many"))
        graph.addN((URIRef(f"http://x/{n}"), RDF.value, Literal(n), graph) for n in range(500))
        assert {int(value) for value in graph.objects(None, RDF.value)} == set(range(500))

    def test_a_named_graph_is_written_alone(self, store: SPARQLUpdateStore) -> None:
        one, two = (Graph(store, URIRef(f"http://x/{name}")) for name in ("one", "two"))
        one.add(GREETING)
        assert GREETING in one
        assert GREETING not in two
        assert GREETING not in Graph(store, DATASET_DEFAULT_GRAPH_ID)

    def test_an_update_with_bindings_changes_what_it_names(self, store: SPARQLUpdateStore) -> None:
        graph = Graph(store, URIRef("http://x/bound"))
        graph.add(GREETING)
        graph.update(
            "DELETE { ?s ?p ?old } INSERT { ?s ?p ?new } WHERE { ?s ?p ?old }",
            initBindings={"new": Literal("changed")},
        )
        assert list(graph.objects()) == [Literal("changed")]

    def test_nothing_is_sent_before_a_commit_when_that_is_wished(self, empty: str) -> None:
        store = SPARQLUpdateStore(empty, empty, auth=("anybody", TOKEN), autocommit=False)
        Graph(store, DATASET_DEFAULT_GRAPH_ID).add(GREETING)
        reader = Graph(SPARQLStore(empty))
        assert GREETING not in reader
        store.commit()
        assert GREETING in reader
        store.update("DROP ALL")
        store.commit()

    def test_a_wrong_token_changes_nothing(self, empty: str) -> None:
        store = SPARQLUpdateStore(empty, empty, auth=("anybody", "wrong"))
        graph = Graph(store, DATASET_DEFAULT_GRAPH_ID)
        with pytest.raises(HTTPError, match="401") as raised:
            graph.add(GREETING)
        raised.value.close()
        assert GREETING not in Graph(SPARQLStore(empty))


class TestRdflibStore:
    @pytest.fixture(params=["GET", "POST", "POST_FORM"])
    def graph(self, endpoint: str, request: pytest.FixtureRequest) -> Graph:
        return Graph(SPARQLStore(endpoint, method=request.param))

    @pytest.mark.parametrize("returns", ["xml", "json", "csv", "tsv"])
    def test_a_query_gives_the_rows(
        self, endpoint: str, countries: dict[str, int], returns: str
    ) -> None:
        store = SPARQLStore(endpoint, returnFormat=returns)
        assert {str(row[0]): int(row[1]) for row in store.query(COUNTRIES)} == countries

    def test_a_query_may_bind_variables(self, graph: Graph) -> None:
        rows = graph.query(
            f"SELECT ?name {{ ?place <{RDFS.label}> ?name }}", initBindings={"place": POLAND}
        )
        assert Literal("Poland", lang="en") in {row[0] for row in rows}

    def test_a_graph_query_gives_a_graph(self, graph: Graph) -> None:
        assert (POLAND, RDFS.label, Literal("Poland", lang="en")) in graph.query(NAMES).graph

    def test_ask_gives_a_truth_value(self, graph: Graph) -> None:
        assert graph.query(f"ASK {{ <{POLAND}> ?p ?o }}").askAnswer is True

    def test_triples_can_be_looked_up_as_in_any_graph(self, graph: Graph) -> None:
        assert (POLAND, RDFS.label, Literal("Poland", lang="en")) in graph
        assert (POLAND, RDFS.label, Literal("Atlantis", lang="en")) not in graph
        assert Literal("Poland", lang="en") in set(graph.objects(POLAND, RDFS.label))
        assert len(list(graph.subjects(RDF.type, URIRef(IC + "Practice")))) > 100

    def test_it_is_as_long_as_the_default_graph(self, server: Server, graph: Graph) -> None:
        answer = server.query("SELECT (COUNT(*) AS ?n) { ?s ?p ?o }", Accept="text/csv")
        assert len(graph) == int(answer.text.split()[1])


class TestPandas:
    def test_a_query_url_with_a_format_is_a_table(
        self, endpoint: str, countries: dict[str, int]
    ) -> None:
        query = urllib.parse.urlencode({"query": COUNTRIES, "format": "csv"})
        table = pd.read_csv(f"{endpoint}?{query}")
        assert dict(zip(table["country"], table["practices"], strict=True)) == countries

    def test_a_query_url_without_one_is_a_table_when_csv_is_accepted(
        self, endpoint: str, countries: dict[str, int]
    ) -> None:
        query = urllib.parse.urlencode({"query": COUNTRIES})
        table = pd.read_csv(f"{endpoint}?{query}", storage_options={"Accept": "text/csv"})
        assert dict(zip(table["country"], table["practices"], strict=True)) == countries

    def test_a_query_url_with_neither_is_the_default_json(
        self, endpoint: str, countries: dict[str, int]
    ) -> None:
        query = urllib.parse.urlencode({"query": COUNTRIES})
        found = pd.read_json(f"{endpoint}?{query}")
        assert len(found["results"]["bindings"]) == len(countries)

    def test_tabs_and_quotes_survive_a_table(self, endpoint: str) -> None:
        text = "SELECT ('a,b\"c\\n\\té' AS ?x) (1.5e0 AS ?y) ('' AS ?z) (?none AS ?w) {}"
        query = urllib.parse.urlencode({"query": text, "format": "csv"})
        table = pd.read_csv(f"{endpoint}?{query}", keep_default_na=False)
        assert table.to_dict("records") == [{"x": 'a,b"c\n\té', "y": 1.5, "z": "", "w": ""}]

    def test_an_error_is_no_table(self, endpoint: str) -> None:
        query = urllib.parse.urlencode({"query": "SELECT ?x", "format": "csv"})
        with pytest.raises(HTTPError) as raised:
            pd.read_csv(f"{endpoint}?{query}")
        raised.value.close()
        assert raised.value.code == 400


class TestCurl:
    @staticmethod
    def curl(*arguments: str) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            ["curl", "--silent", "--show-error", "--noproxy", "*", "--max-time", "30", *arguments],
            capture_output=True,
            text=True,
            check=False,
        )

    def test_a_query_in_a_file_may_be_posted_or_put_into_the_address(
        self, endpoint: str, countries: dict[str, int], tmp_path: Path
    ) -> None:
        file = tmp_path / "countries.rq"
        file.write_text(COUNTRIES)
        encoded = ("--header", "Accept: text/csv", "--data-urlencode", f"query@{file}", endpoint)
        posted = self.curl(*encoded)
        got = self.curl("--get", *encoded)
        assert posted.returncode == got.returncode == 0
        assert posted.stdout == got.stdout
        table = pd.read_csv(io.StringIO(posted.stdout))
        assert dict(zip(table["country"], table["practices"], strict=True)) == countries

    def test_a_bare_query_may_be_posted(self, endpoint: str, tmp_path: Path) -> None:
        file = tmp_path / "query.rq"
        file.write_text(f"SELECT ('{DIFFICULT}' AS ?x) {{}}")
        done = self.curl(
            *("--header", "Content-Type: application/sparql-query"),
            *("--data-binary", f"@{file}", f"{endpoint}?format=json"),
        )
        assert json.loads(done.stdout)["results"]["bindings"][0]["x"]["value"] == DIFFICULT

    def test_an_error_fails_and_shows_why(self, endpoint: str) -> None:
        done = self.curl("--fail-with-body", "--data-urlencode", "query=SELECT ?x", endpoint)
        assert done.returncode == 22
        assert json.loads(done.stdout)["code"] == "syntax-invalid"

    def test_the_head_of_an_answer_tells_its_length(self, endpoint: str) -> None:
        address = f"{endpoint}?format=csv&{urllib.parse.urlencode({'query': COUNTRIES})}"
        head = self.curl("--head", address).stdout.lower().splitlines()
        length = self.curl(
            "--output", "/dev/null", "--write-out", "%{size_download}", address
        ).stdout
        assert f"content-length: {length}" in head
        assert "content-type: text/csv; charset=utf-8" in head

    def test_an_answer_that_is_still_right_is_not_sent_again(
        self, endpoint: str, tmp_path: Path
    ) -> None:
        tag, body = tmp_path / "tag", tmp_path / "body"
        address = f"{endpoint}?format=csv&{urllib.parse.urlencode({'query': COUNTRIES})}"
        options = ("--etag-save", str(tag), "--etag-compare", str(tag))
        self.curl(*options, "--output", str(body), address)
        again = self.curl(*options, "--write-out", "%{http_code}", address)
        assert again.stdout == "304"
        assert body.read_text().startswith("country,practices")
