"""What a request to /sparql asks for, read strictly; nothing is evaluated here."""

import json
from urllib.parse import urlencode

import pytest
from flask.testing import FlaskClient
from hypothesis import given
from hypothesis import strategies as st

from icgraph.config import Settings
from icgraph.model.iris import Base
from icgraph.model.terms import DEFAULT_BASE
from icgraph.query.answer import Answer, Timing
from icgraph.query.request import QueryRequest
from icgraph.web import build_app
from icgraph.web.parameters import decoded
from icgraph.web.site import Site

ONE = "SELECT (1 AS ?x) {}"
FORM = "application/x-www-form-urlencoded"
BARE = "application/sparql-query"
GRAPH, OTHER = "http://example.org/graph", "http://example.org/other?a=b&c=d#e"


class Recorder:
    """What /sparql needs of `Execution`: it keeps what it is asked, and answers nothing."""

    def __init__(self) -> None:
        self.asked: list[QueryRequest] = []
        self.revision = 7

    def head(self) -> int:
        return self.revision

    def fingerprint(self) -> str:
        return f"revision {self.revision}"

    def tag(self, request: QueryRequest) -> str | None:
        return None if "NOW" in request.text else f"tag-{request.revision or self.revision}"

    def run(self, request: QueryRequest, _task: object = None) -> Answer:
        self.asked.append(request)
        media_type = request.solutions_type or request.graph_type or ""
        return Answer(
            request.revision or self.revision, media_type, b"", None, Timing(0, 0, 0), False
        )


@pytest.fixture
def engine() -> Recorder:
    return Recorder()


@pytest.fixture
def client(engine: Recorder) -> FlaskClient:
    settings = Settings(query_seconds=20)
    return build_app(Site(engine, Base(DEFAULT_BASE), settings)).test_client()


def encoded(*pairs: tuple[str, str], **parameters: str) -> str:
    return urlencode([*parameters.items(), *pairs])


def test_the_three_ways_of_asking_ask_the_same(client, engine) -> None:
    client.get("/sparql?" + encoded(query=ONE))
    client.post("/sparql", data=encoded(query=ONE), content_type=FORM)
    client.post("/sparql", data=ONE, content_type=BARE)
    ids = {asked.id for asked in engine.asked}
    assert [asked.text for asked in engine.asked] == [ONE] * 3
    assert len(ids) == 3


@pytest.mark.parametrize("way", ["get", "form", "bare", "form with graphs in its address"])
def test_the_dataset_of_the_request_arrives_whole_and_in_order(client, engine, way) -> None:
    graphs = encoded(
        ("default-graph-uri", GRAPH), ("default-graph-uri", OTHER), ("named-graph-uri", OTHER)
    )
    query = encoded(query=ONE)
    match way:
        case "get":
            client.get(f"/sparql?{query}&{graphs}")
        case "form":
            client.post("/sparql", data=f"{query}&{graphs}", content_type=FORM)
        case "bare":
            client.post(f"/sparql?{graphs}", data=ONE, content_type=BARE)
        case _:
            client.post(f"/sparql?{graphs}", data=query, content_type=FORM)
    assert engine.asked[0].default_graphs == (GRAPH, OTHER)
    assert engine.asked[0].named_graphs == (OTHER,)


def test_a_request_without_graphs_names_no_dataset(client, engine) -> None:
    client.get("/sparql?" + encoded(query=ONE, **{"default-graph-uri": ""}))
    assert engine.asked[0].default_graphs is None
    assert engine.asked[0].named_graphs is None


@pytest.mark.parametrize(
    ("name", "dataset"),
    [("default-graph-uri", ((GRAPH,), ())), ("named-graph-uri", ((), (GRAPH,)))],
)
def test_who_names_graphs_of_one_sort_has_none_of_the_other(client, engine, name, dataset) -> None:
    client.get("/sparql?" + encoded(query=ONE, **{name: GRAPH}))
    assert (engine.asked[0].default_graphs, engine.asked[0].named_graphs) == dataset


def test_relative_iris_are_resolved_below_the_base_of_the_graph(client, engine) -> None:
    client.get("/sparql?" + encoded(query=ONE))
    assert engine.asked[0].base_iri == DEFAULT_BASE + "sparql"


@pytest.mark.parametrize("text", ["%25 %2B", "a+b c", "Łódź ü & = ;", "#?/", "\u2028", "%"])
def test_a_text_arrives_as_it_was_sent(client, engine, text) -> None:
    client.get("/sparql?" + encoded(query=text))
    client.post("/sparql", data=encoded(query=text), content_type=FORM)
    client.post("/sparql", data=text.encode(), content_type=BARE)
    assert [asked.text for asked in engine.asked] == [text] * 3


def test_utf_8_need_not_be_escaped_in_an_address(client, engine) -> None:
    raw = "query=SELECT('ü'AS?x){}".encode().decode("latin-1")
    client.get("/sparql", environ_overrides={"QUERY_STRING": raw})
    assert engine.asked[0].text == "SELECT('ü'AS?x){}"


@pytest.mark.parametrize(
    ("given", "seconds"), [("5", 5), ("0.25", 0.25), ("100", 20), ("inf", 20), ("", 20)]
)
def test_a_client_can_ask_for_less_time_and_not_for_more(client, engine, given, seconds) -> None:
    client.get("/sparql?" + encoded(query=ONE, timeout=given))
    assert engine.asked[0].seconds == seconds


JSON, XML = "application/sparql-results+json", "application/sparql-results+xml"


@pytest.mark.parametrize(
    ("names", "solutions", "graph"),
    [
        (["csv"], "text/csv", None),
        (["tsv"], "text/tab-separated-values", None),
        (["srj"], JSON, None),
        (["json"], JSON, "application/ld+json"),
        (["xml"], XML, "application/rdf+xml"),
        (["TTL"], None, "text/turtle"),
        (["n3"], None, "text/turtle"),
        (["nt"], None, "application/n-triples"),
        (["json-ld"], None, "application/ld+json"),
        (["rdf"], None, "application/rdf+xml"),
        (["rdf+xml"], None, "application/rdf+xml"),
        (["application/sparql-results+xml"], XML, None),
        (["parquet", "csv"], "text/csv", None),
        (["", "csv"], "text/csv", None),
    ],
)
def test_the_parameter_format_knows_every_name(client, engine, names, solutions, graph) -> None:
    wanted = [("format", name) for name in names]
    client.get("/sparql?" + encoded(("query", ONE), *wanted), headers={"Accept": "image/png"})
    assert (engine.asked[0].solutions_type, engine.asked[0].graph_type) == (solutions, graph)


def test_a_plus_that_nobody_escaped_still_names_the_format(client, engine) -> None:
    client.get("/sparql?" + encoded(query=ONE) + "&format=application/sparql-results+json")
    assert engine.asked[0].solutions_type == JSON


@pytest.mark.parametrize(
    ("accept", "solutions", "graph"),
    [
        ("text/csv;q=0.5, text/tab-separated-values", "text/tab-separated-values", None),
        ("text/csv;q=0, text/*", "text/tab-separated-values", "text/turtle"),
        (f"{JSON};q=0, */*", XML, "text/turtle"),
        (f"*/*;q=0.1, {XML};q=0.2", XML, "text/turtle"),
        ("text/turtle, */*;q=0", None, "text/turtle"),
        ("TEXT/CSV; charset=utf-8", "text/csv", None),
    ],
)
def test_weights_choose_the_format(client, engine, accept, solutions, graph) -> None:
    client.get("/sparql?" + encoded(query=ONE), headers={"Accept": accept})
    assert (engine.asked[0].solutions_type, engine.asked[0].graph_type) == (solutions, graph)


@pytest.mark.parametrize("accept", ["image/png", "*/*;q=0", "text/html;q=0", "nonsense"])
def test_types_that_are_not_offered_are_refused_with_those_that_are(client, engine, accept) -> None:
    reply = client.get("/sparql?" + encoded(query=ONE), headers={"Accept": accept})
    assert reply.status_code == 406
    assert {"text/csv", "text/turtle", JSON} <= set(json.loads(reply.data)["offered"])
    assert engine.asked == []


TWO = encoded(("query", ONE), ("query", ONE))


@pytest.mark.parametrize(
    ("sent", "status"),
    [
        ({"method": "GET", "query_string": TWO}, 400),
        ({"method": "POST", "data": TWO, "content_type": FORM}, 400),
        ({"method": "POST", "data": "", "content_type": FORM}, 400),
        ({"method": "POST", "data": ONE, "content_type": BARE, "query_string": TWO}, 400),
        ({"method": "GET", "query_string": "default-graph-uri=" + GRAPH}, 400),
        ({"method": "GET", "query_string": encoded(query=ONE, update="CLEAR ALL")}, 400),
        ({"method": "GET", "query_string": encoded(update="CLEAR ALL")}, 400),
        ({"method": "POST", "data": encoded(query=ONE, update="x"), "content_type": FORM}, 400),
        ({"method": "GET", "query_string": encoded(("using-graph-uri", GRAPH), query=ONE)}, 400),
        ({"method": "GET", "query_string": encoded(("named-graph-uri", "g"), query=ONE)}, 400),
        ({"method": "GET", "query_string": encoded(query=ONE, timeout="0")}, 400),
        ({"method": "GET", "query_string": encoded(query=ONE, timeout="nan")}, 400),
        ({"method": "GET", "query_string": encoded(query=ONE, revision="0")}, 400),
        ({"method": "GET", "query_string": encoded(query=ONE, revision="-1")}, 400),
        ({"method": "GET", "query_string": encoded(query=ONE, revision="newest")}, 400),
        ({"method": "GET", "query_string": encoded(query=ONE, revision="8")}, 404),
        ({"method": "GET", "query_string": encoded(query=ONE, id="a b")}, 400),
        ({"method": "GET", "query_string": encoded(query=ONE, id="x" * 65)}, 400),
        ({"method": "GET", "query_string": "query=%FF"}, 400),
        ({"method": "GET", "query_string": "&".join(f"a{n}=" for n in range(10_001))}, 400),
        ({"method": "POST", "data": b"query=%E9", "content_type": FORM}, 400),
        ({"method": "POST", "data": b"query=\xe9", "content_type": FORM}, 400),
        ({"method": "POST", "data": "é".encode("latin-1"), "content_type": BARE}, 400),
        ({"method": "POST", "data": ONE, "content_type": BARE + "; charset=utf-16"}, 400),
        ({"method": "POST", "data": "query=a", "content_type": FORM + "; charset=latin-1"}, 400),
        ({"method": "POST", "data": "query=a", "content_type": ""}, 415),
        ({"method": "POST", "data": ONE, "content_type": "text/plain"}, 415),
        ({"method": "PUT", "data": ONE, "content_type": BARE}, 405),
        ({"method": "PATCH", "data": ONE, "content_type": BARE}, 405),
    ],
)
def test_what_the_protocol_does_not_allow_is_refused_with_advice(client, engine, sent, status):
    reply = client.open("/sparql", **sent)
    problem = json.loads(reply.data)
    assert (reply.status_code, problem["status"]) == (status, status)
    assert problem["detail"]
    assert reply.headers["Access-Control-Allow-Origin"] == "*"
    assert engine.asked == []


def test_a_body_that_says_it_is_utf_8_is_taken(client, engine) -> None:
    client.post("/sparql", data="ü".encode(), content_type=f'{BARE}; charset="UTF-8"')
    assert engine.asked[0].text == "ü"


@pytest.mark.parametrize("place", ["parameter", "header"])
def test_a_client_can_name_its_query(client, engine, place) -> None:
    path = "/sparql?" + encoded(query=ONE)
    if place == "parameter":
        reply = client.get(path + "&id=my-query_1.~")
    else:
        reply = client.get(path, headers={"Query-Id": "my-query_1.~"})
    assert engine.asked[0].id == reply.headers["Query-Id"] == "my-query_1.~"


def test_a_failed_query_still_tells_its_id(client) -> None:
    reply = client.get("/sparql?" + encoded(query=ONE, id="mine", timeout="soon"))
    assert (reply.status_code, reply.headers["Query-Id"]) == (400, "mine")


def test_an_answer_is_tagged_and_not_evaluated_again(client, engine) -> None:
    path = "/sparql?" + encoded(query=ONE)
    tag = client.get(path).headers["ETag"]
    again = client.get(path, headers={"If-None-Match": f'"other", {tag}'})
    assert tag.startswith('W/"')
    assert (again.status_code, again.data, again.headers["ETag"]) == (304, b"", tag)
    assert again.headers["ICGraph-Revision"] == "7"
    assert len(engine.asked) == 1


def test_whoever_has_anything_needs_nothing_more_once_there_is_something(client, engine) -> None:
    reply = client.get("/sparql?" + encoded(query=ONE), headers={"If-None-Match": "*"})
    assert (reply.status_code, len(engine.asked)) == (304, 1)


def test_an_old_tag_gets_the_new_answer(client, engine) -> None:
    path = "/sparql?" + encoded(query=ONE)
    tag = client.get(path).headers["ETag"]
    engine.revision = 8
    reply = client.get(path, headers={"If-None-Match": tag})
    assert (reply.status_code, reply.headers["ICGraph-Revision"]) == (200, "8")
    assert reply.headers["ETag"] != tag


def test_an_answer_by_post_is_always_made(client, engine) -> None:
    tag = client.get("/sparql?" + encoded(query=ONE)).headers["ETag"]
    reply = client.post("/sparql", data=ONE, content_type=BARE, headers={"If-None-Match": tag})
    assert (reply.status_code, len(engine.asked)) == (200, 2)


@pytest.mark.parametrize(
    ("query", "revision", "expected"),
    [
        (ONE, "", "public, no-cache"),
        (ONE, "3", "public, max-age=31536000, immutable"),
        ("SELECT (NOW() AS ?x) {}", "", "no-store"),
        ("SELECT (NOW() AS ?x) {}", "3", "no-store"),
    ],
)
def test_an_answer_says_how_long_it_holds(client, query, revision, expected) -> None:
    reply = client.get("/sparql?" + encoded(query=query, revision=revision))
    directives = {part.strip() for part in reply.headers["Cache-Control"].split(",")}
    assert directives == set(expected.split(", "))
    assert ("ETag" in reply.headers) == (expected != "no-store")


def test_an_answer_of_a_graph_that_moved_meanwhile_has_no_tag(client, engine) -> None:
    head = engine.head
    engine.head = lambda: head() - 1
    reply = client.get("/sparql?" + encoded(query=ONE))
    assert reply.headers["ICGraph-Revision"] == "7"
    assert "ETag" not in reply.headers


def link(reply) -> str:
    address, _, relation = reply.headers["Link"].partition("; ")
    assert relation == 'rel="cite-as"'
    return address.strip("<>").removeprefix("http://localhost")


@pytest.mark.parametrize("way", ["get", "post"])
def test_the_link_to_cite_leads_to_the_same_query_pinned(client, engine, way) -> None:
    parameters = encoded(
        ("query", "SELECT ('ü+%25' AS ?x) {}"),
        ("default-graph-uri", OTHER),
        ("format", "csv"),
        ("timeout", "3"),
        ("id", "mine"),
    )
    if way == "get":
        reply = client.get("/sparql?" + parameters)
    else:
        reply = client.post("/sparql", data=parameters, content_type=FORM)
    client.get(link(reply))
    first, cited = engine.asked
    assert cited.revision == 7
    assert cited.id != "mine"
    for same in ("text", "default_graphs", "named_graphs", "solutions_type", "graph_type"):
        assert getattr(cited, same) == getattr(first, same)


def test_the_link_to_cite_lies_behind_the_same_proxy(client) -> None:
    base = "https://example.org/below/é"
    link = client.get("/sparql?" + encoded(query=ONE), base_url=base).headers["Link"]
    assert link.startswith("<https://example.org/below/%C3%A9/sparql?query=")


@pytest.mark.parametrize("host", ["", "a b", 'x">', "a/b"])
def test_a_host_that_is_none_is_not_repeated(client, host) -> None:
    link = client.get("/sparql?" + encoded(query=ONE), headers={"Host": host}).headers["Link"]
    assert link.startswith(f"<{DEFAULT_BASE}sparql?query=")


@given(st.lists(st.tuples(st.text(), st.text()), max_size=8))
def test_parameters_are_decoded_as_they_were_encoded(pairs: list[tuple[str, str]]) -> None:
    found = decoded(urlencode(pairs).encode(), "form")
    assert found.keys() == {name for name, _ in pairs}
    for name in found:
        assert found.getlist(name) == [value for other, value in pairs if other == name]


def test_a_query_too_long_for_an_address_has_no_link_to_cite(client) -> None:
    text = "SELECT (1 AS ?x) {} #" + "x" * 8000
    assert "Link" not in client.post("/sparql", data=text, content_type=BARE).headers


def test_server_timing_names_the_three_parts(client) -> None:
    timing = client.get("/sparql?" + encoded(query=ONE)).headers["Server-Timing"]
    assert [part.partition(";")[0] for part in timing.split(", ")] == [
        "queue",
        "evaluation",
        "serialisation",
    ]


def test_an_answer_varies_by_accept(client) -> None:
    assert client.get("/sparql?" + encoded(query=ONE)).headers["Vary"] == "Accept"


def test_a_preflight_allows_what_the_address_takes(client) -> None:
    reply = client.options("/sparql", headers={"Origin": "https://example.org"})
    allowed = {
        method.strip() for method in reply.headers["Access-Control-Allow-Methods"].split(",")
    }
    assert reply.status_code == 200
    assert allowed == {"GET", "HEAD", "OPTIONS", "POST"}
    assert {"Authorization", "Content-Type", "Query-Id"} <= {
        name.strip() for name in reply.headers["Access-Control-Allow-Headers"].split(",")
    }


class Exchange:
    """What the gateway offers, written down."""

    def __init__(self) -> None:
        self.kept: list[tuple[str, str | None]] = []
        self.gone: list[object] = []
        self.departure = self

    def then(self, callback) -> None:
        self.gone.append(callback)

    def lasting(self, fingerprint, _on_hit, tag) -> None:
        self.kept.append((fingerprint, tag))


@pytest.mark.parametrize(
    ("parameters", "kept"),
    [
        ({"query": ONE}, [("revision 7", "tag-7")]),
        ({"query": "SELECT (NOW() AS ?x) {}"}, []),
        ({"query": ONE, "id": "mine"}, []),
    ],
)
def test_the_server_may_repeat_what_depends_on_the_graph_alone(client, parameters, kept) -> None:
    exchange = Exchange()
    path = "/sparql?" + encoded(**parameters)
    client.get(path, environ_overrides={"icgraph.exchange": exchange})
    assert exchange.kept == kept
    assert len(exchange.gone) == 1


@pytest.mark.parametrize("headers", [{}, *({"If-None-Match": tag} for tag in ('"tag-7"', "*"))])
@pytest.mark.parametrize("query", [ONE, "SELECT (NOW() AS ?x) {}", "SELECT * { ?é ?p ?o } # >"])
def test_what_is_answered_without_the_framework_has_the_same_headers(client, query, headers):
    direct = client.get("/sparql?" + encoded(query=query, id="a"), headers=headers)
    # Nobody sends HEAD so often that it must be quick, so the framework answers it.
    framework = client.head("/sparql?" + encoded(query=query, id="a"), headers=headers)
    assert direct.status == framework.status
    assert sorted(direct.headers) == sorted(framework.headers)


@pytest.mark.parametrize(
    "parameters", [{"timeout": "x"}, {"format": "png"}, {"id": "/"}, {"revision": "9"}]
)
def test_what_is_refused_without_the_framework_is_worded_by_it(client, parameters) -> None:
    where = "/sparql?" + encoded(query=ONE, **parameters)
    direct, framework = client.get(where), client.head(where)
    assert direct.status == framework.status
    assert set(direct.headers.keys()) == set(framework.headers.keys())
    assert direct.json["status"] == direct.status_code
