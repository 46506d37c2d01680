"""No way out of the service: not to the network and not to files, on any path, in any spelling.

A listener on loopback must hear nothing, and files that are watched must stay unread.
"""

import json
import subprocess
import urllib.parse
from collections.abc import Callable, Iterator
from contextlib import suppress
from pathlib import Path

import pytest
from pyoxigraph import Store

from tests.conftest import ICGRAPH, Reply, Server, clean_environment
from tests.query.test_disguises import DISGUISED, HERE, PROLOGUE
from tests.serving.traps import SECRET, Traps, set_traps

FORM = "application/x-www-form-urlencoded"
TOKEN = "a token for the walls only"
HTML = "text/html,application/xhtml+xml,*/*;q=0.8"


@pytest.fixture(scope="module")
def traps(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Traps]:
    with set_traps(tmp_path_factory.mktemp("traps")) as found:
        yield found


@pytest.fixture(scope="module")
def walled(built_home: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """An empty store that takes writes."""
    home = tmp_path_factory.mktemp("walled") / "home"
    started = Server(home, ("--bare",), {"ICGRAPH_TOKEN": TOKEN}).start()
    yield started
    started.stop()


@pytest.fixture(autouse=True)
def _nothing_happens(traps: Traps) -> Iterator[None]:
    traps.sprung()
    yield
    assert traps.sprung() == []


def encoded(**parameters: str) -> str:
    return urllib.parse.urlencode(parameters)


def by_get(server: Server, text: str) -> Reply:
    return server.get("/sparql?" + encoded(query=text))


def by_form(server: Server, text: str) -> Reply:
    return server.get("/sparql", data=encoded(query=text).encode(), Content_Type=FORM)


def by_body(server: Server, text: str) -> Reply:
    return server.get("/sparql", data=text.encode(), Content_Type="application/sparql-query")


def by_page(server: Server, text: str) -> Reply:
    return server.get("/sparql?" + encoded(query=text), Accept=HTML)


def pinned(server: Server, text: str) -> Reply:
    return server.get("/sparql?" + encoded(query=text, revision="1"))


def update_by_form(server: Server, text: str, **parameters: str) -> Reply:
    return server.get(
        "/sparql",
        data=encoded(update=text, **parameters).encode(),
        Content_Type=FORM,
        Authorization=f"Bearer {TOKEN}",
    )


def update_by_body(server: Server, text: str) -> Reply:
    return server.get(
        "/sparql",
        data=text.encode(),
        Content_Type="application/sparql-update",
        Authorization=f"Bearer {TOKEN}",
    )


Ask = Callable[[Server, str], Reply]
QUERYING: list[Ask] = [by_get, by_form, by_body, by_page, pinned]
UPDATING: list[Ask] = [update_by_form, update_by_body]


def is_update(text: str) -> bool:
    return not text.startswith(("SELECT", "ASK", "CONSTRUCT", "DESCRIBE"))


QUERIES = [
    *(text for text in DISGUISED if not is_update(text)),
    f"SELECT * {{ SERVICE <{HERE}> {{ ?s ?p ?o }} }}",
    f"SELECT * {{ service silent <{HERE}> {{ ?s ?p ?o }} }}",
    "SELECT * { BIND(:e AS ?x) SERVICE ?x { ?s ?p ?o } }",
    "SELECT * { BIND(:e AS ?x)SERVICESILENT?x{ ?s ?p ?o } }",
    "SELECT * { VALUES ?x { :e :f } SERVICE $x { ?s ?p ?o } }",
    f"SELECT * {{ \\u0053ERVICE <{HERE}> {{ ?s ?p ?o }} }}",
    f"SELECT * {{ S\\U00000045RVICE <{HERE}> {{ ?s ?p ?o }} }}",
    f"BASE <{HERE}> SELECT * {{ SERVICE <> {{ ?s ?p ?o }} }}",
]
UPDATES = [
    *(text for text in DISGUISED if is_update(text)),
    f"LOAD <{HERE}>",
    f"LOAD SILENT <{HERE}> INTO GRAPH :g",
    f"INSERT DATA {{ :a :b :c }} ; load <{HERE}>",
    f"\\u004COAD <{HERE}>",
    f"INSERT {{ ?s ?p ?o }} WHERE {{ SERVICE SILENT <{HERE}> {{ ?s ?p ?o }} }}",
    f"DELETE WHERE {{ ?s ?p ?o }} ; LOAD <{HERE}>",
]
#: IRIs that are mere names to a store, in each place where a query may have one.
NAMES_ONLY = [
    "SELECT * FROM <{iri}> { ?s ?p ?o }",
    "SELECT * FROM NAMED <{iri}> { GRAPH ?g { ?s ?p ?o } }",
    "SELECT * { GRAPH <{iri}> { ?s ?p ?o } }",
    "BASE <{iri}> SELECT * { <> ?p <secret.ttl> }",
    "PREFIX secret: <{iri}> DESCRIBE secret: <{iri}>",
    "CONSTRUCT { <{iri}> ?p ?o } WHERE { VALUES (?p ?o) { (<http://x/p> <{iri}>) } }",
    "SELECT (<{iri}>('x') AS ?x) {}",
    "SELECT (IRI('{iri}') AS ?x) (URI('{iri}') AS ?y) { ?s <{iri}>* ?o }",
]


def placed(text: str, iri: str) -> str:
    escaped = HERE.replace(":", "\\u003A", 1)
    return (PROLOGUE + text).replace(HERE, iri).replace(escaped, iri.replace(":", "\\u003A", 1))


def assert_refused(reply: Reply) -> None:
    assert reply.status == 400, reply.text
    assert SECRET not in reply.text
    if reply.headers["Content-Type"] == "application/problem+json":
        assert json.loads(reply.body)["code"] in {"query-refused", "syntax-invalid"}


def test_the_traps_work(traps: Traps) -> None:
    with suppress(OSError):
        list(Store().query(f"SELECT * {{ SERVICE <{traps.address}> {{ ?s ?p ?o }} }}"))
    (traps.folder / "secret.ttl").read_text()
    assert set(traps.sprung()) == {"somebody called", "somebody read"}


@pytest.mark.parametrize("where", ["address", "file"])
@pytest.mark.parametrize("ask", QUERYING)
def test_a_query_cannot_reach_out(server: Server, traps: Traps, ask: Ask, where: str) -> None:
    for text in QUERIES:
        assert_refused(ask(server, placed(text, getattr(traps, where))))


@pytest.mark.parametrize("where", ["address", "file"])
@pytest.mark.parametrize("ask", UPDATING)
def test_an_update_cannot_reach_out(walled: Server, traps: Traps, ask: Ask, where: str) -> None:
    for text in UPDATES:
        assert_refused(ask(walled, placed(text, getattr(traps, where))))
    assert json.loads(by_get(walled, "ASK { ?s ?p ?o }").body)["boolean"] is False


@pytest.mark.parametrize("ask", [by_get, by_form, by_body, by_page])
def test_iris_in_a_query_are_mere_names(server: Server, traps: Traps, ask: Ask) -> None:
    for text in NAMES_ONLY:
        for iri in (traps.address, traps.file):
            reply = ask(server, text.replace("{iri}", iri))
            assert reply.status == (400 if "('x')" in text else 200), (text, reply.text)
            assert SECRET not in reply.text


@pytest.mark.parametrize("name", ["default-graph-uri", "named-graph-uri"])
def test_graphs_of_a_request_are_mere_names(server: Server, traps: Traps, name: str) -> None:
    for iri in (traps.address, traps.file):
        text = "SELECT * { { ?s ?p ?o } UNION { GRAPH ?g { ?s ?p ?o } } }"
        reply = server.get("/sparql?" + encoded(query=text, format="csv", **{name: iri}))
        assert reply.status == 200
        assert SECRET not in reply.text


@pytest.mark.parametrize("name", ["using-graph-uri", "using-named-graph-uri"])
def test_graphs_of_an_update_are_mere_names(walled: Server, traps: Traps, name: str) -> None:
    for iri in (traps.address, traps.file):
        text = "INSERT { ?s ?p ?o } WHERE { { ?s ?p ?o } UNION { GRAPH ?g { ?s ?p ?o } } }"
        assert update_by_form(walled, text, **{name: iri}).status in {200, 204}


JSONLD_BODIES = [
    '{{"@context": "{address}", "@id": "http://x/s", "p": 1}}',
    '{{"@context": "{context}", "@id": "http://x/s", "p": 1}}',
    '{{"@context": ["{address}", {{"p": "http://x/p"}}], "@id": "http://x/s", "p": 1}}',
    '{{"@context": {{"@import": "{address}"}}, "@id": "http://x/s", "p": 1}}',
    '{{"@context": {{"@version": 1.1, "@import": "{context}"}}, "@id": "http://x/s", "p": 1}}',
    '{{"@context": {{"p": {{"@id": "http://x/p", "@context": "{address}"}}}}, "p": {{"q": 1}}}}',
    '[{{"@id": "http://x/s", "http://x/p": {{"@context": "{context}", "@value": 1}}}}]',
]
XML_BODIES = [
    '<!DOCTYPE r [<!ENTITY x SYSTEM "{text}">]>{rdf}&x;{end}',
    '<!DOCTYPE r [<!ENTITY x SYSTEM "{address}">]>{rdf}&x;{end}',
    '<!DOCTYPE r PUBLIC "x" "{address}">{rdf}{end}',
    '<!DOCTYPE r SYSTEM "{text}">{rdf}{end}',
    '<!DOCTYPE r [<!ENTITY % x SYSTEM "{address}"> %x;]>{rdf}{end}',
    """<!DOCTYPE r [<!ENTITY % y "<!ENTITY z SYSTEM '{address}'>"> %y;]>{rdf}&z;{end}""",
    '<?xml-stylesheet href="{address}"?>{rdf}{end}',
    '{rdf}<xi:include xmlns:xi="http://www.w3.org/2001/XInclude" href="{text}"/>{end}',
]
TURTLE_BODIES = [
    "@base <{file}> . <> <p> <secret.ttl> .",
    "BASE <{address}> <> <p> <x> .",
    "<{file}> <http://www.w3.org/2002/07/owl#imports> <{address}> , <{file}> .",
    "<http://x/s> <http://www.w3.org/2000/01/rdf-schema#seeAlso> <{address}> .",
    "<http://x/s> <http://www.w3.org/ns/shacl#shapesGraph> <{address}> .",
    '<http://x/s> <http://www.w3.org/ns/shacl#jsLibraryURL> "{address}" .',
]
RDF = (
    '<r:RDF xmlns:r="http://www.w3.org/1999/02/22-rdf-syntax-ns#" xmlns:x="http://x/">'
    '<r:Description r:about="http://x/s"><x:p>'
)
END = "</x:p></r:Description></r:RDF>"
BODIES = [
    *(("application/ld+json", body) for body in JSONLD_BODIES),
    *(("application/rdf+xml", body) for body in XML_BODIES),
    *(("text/turtle", body) for body in TURTLE_BODIES),
]


def filled(body: str, traps: Traps) -> str:
    return body.format(
        address=traps.address,
        file=traps.file,
        context=traps.context,
        text=traps.text,
        rdf=RDF,
        end=END,
    )


@pytest.mark.parametrize("method", ["PUT", "POST"])
def test_a_body_cannot_reach_out(walled: Server, traps: Traps, method: str) -> None:
    for media_type, body in BODIES:
        reply = walled.get(
            "/data?graph=http://x/g",
            data=filled(body, traps).encode(),
            method=method,
            Content_Type=media_type,
            Authorization=f"Bearer {TOKEN}",
        )
        assert reply.status in {200, 201, 204, 400}, (body, reply.text)
        stored = walled.get("/data?graph=http://x/g", Accept="application/n-triples")
        assert SECRET not in reply.text + stored.text


def test_names_of_stored_graphs_are_mere_names(walled: Server, traps: Traps) -> None:
    for iri in (traps.address, traps.file):
        path = "/data?" + encoded(graph=iri)
        assert walled.get(path).status == 404
        put = walled.get(
            path,
            data=b"<http://x/s> <http://x/p> 1 .",
            method="PUT",
            Content_Type="text/turtle",
            Authorization=f"Bearer {TOKEN}",
        )
        assert put.status == 201
        assert SECRET not in walled.get(path).text
        assert walled.get(path, method="DELETE", Authorization=f"Bearer {TOKEN}").status in {
            200,
            204,
        }


@pytest.mark.parametrize(
    ("suffix", "bodies"),
    [(".jsonld", JSONLD_BODIES[:1]), (".rdf", XML_BODIES[:1]), (".ttl", TURTLE_BODIES)],
)
def test_files_to_validate_cannot_reach_out(
    traps: Traps, tmp_path: Path, suffix: str, bodies: list[str]
) -> None:
    files = [tmp_path / f"{number}{suffix}" for number in range(len(bodies))]
    for file, body in zip(files, bodies, strict=True):
        file.write_text(filled(body, traps))
    done = subprocess.run(
        [ICGRAPH, "validate", "--alone", *files],
        env=clean_environment(),
        cwd=tmp_path,
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert done.returncode in {0, 1, 2}
    assert "Traceback" not in done.stderr
    assert SECRET not in done.stdout + done.stderr
