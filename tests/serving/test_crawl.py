"""Every IRI of the graph leads somewhere, over HTTP, on a server whose base is its own address.

A sample of fixed size runs always, everything in `make prove`.
"""

import csv
import io
import re
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from hashlib import sha256
from urllib.parse import urljoin

import pytest
import rdflib
from pyoxigraph import (
    CanonicalizationAlgorithm,
    Dataset,
    Quad,
    RdfFormat,
    Triple,
    parse,
)

from icgraph.model.kinds import KINDS
from icgraph.web.media import GRAPH_FORMATS, HTML, JSONLD, RECORD_FORMATS, Format
from tests.conftest import Reply, Server
from tests.serving.own_address import server_at_own_address

# rdflib's JSON-LD parser uses names of its own that it has deprecated.
pytestmark = [
    pytest.mark.filterwarnings("ignore::DeprecationWarning:rdflib"),
    pytest.mark.alone,  # too long for `make test`; the gate runs it
]

SAMPLE = 40
RDFS_LABEL = rdflib.RDFS.label
PART = re.compile(r"#.*")
EVERYTHING = """
SELECT DISTINCT ?iri WHERE {
  { { ?iri ?p ?o } UNION { ?s ?iri ?o } UNION { ?s ?p ?iri } UNION { GRAPH ?iri { ?s ?p ?o } }
    UNION { GRAPH ?g { { ?iri ?p ?o } UNION { ?s ?iri ?o } UNION { ?s ?p ?iri } } } }
  FILTER(ISIRI(?iri) && STRSTARTS(STR(?iri), "BASE"))
}
"""
HUBS = "SELECT ?s (COUNT(*) AS ?n) { ?x ?p ?s FILTER(STRSTARTS(STR(?s), 'BASEid/')) } GROUP BY ?s"


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """A server of the packaged graph below the server's own address."""
    started = server_at_own_address(tmp_path_factory.mktemp("crawled"))
    yield started
    started.stop()


@pytest.fixture(scope="module")
def documents(server: Server) -> list[str]:
    """The address of every IRI below the base, parts with their owners."""
    answer = server.query(EVERYTHING.replace("BASE", f"{server.address}/"), Accept="text/csv")
    iris = [row["iri"] for row in csv.DictReader(io.StringIO(answer.text))]
    assert len(iris) > 5000
    return sorted({PART.sub("", iri) for iri in iris})


def _sample(addresses: list[str]) -> list[str]:
    """Some of every folder, always the same ones."""
    by_folder: dict[str, list[str]] = {}
    for address in sorted(addresses, key=lambda each: sha256(each[-40:].encode()).digest()):
        by_folder.setdefault(address.rpartition("/")[0], []).append(address)
    each = -(-SAMPLE // len(by_folder))
    return [address for folder in by_folder.values() for address in folder[:each]]


def _all_of(tell, addresses: list[str]) -> str:
    """What each of them says is wrong, a line each."""
    with ThreadPoolExecutor(4) as threads:
        return "\n".join(said for said in threads.map(tell, addresses) if said)


def _get(server: Server, address: str, accept: str) -> Reply:
    return server.get(address.removeprefix(server.address), follow=True, Accept=accept)


def _deviation(server: Server, address: str) -> str:
    """What is wrong with the variants of one address."""
    whole_graph = address.startswith((f"{server.address}/graph/", f"{server.address}/data"))
    meanings = {}
    for format_ in GRAPH_FORMATS if whole_graph else RECORD_FORMATS:
        reply = _get(server, address, format_.media_type)
        if reply.status != 200 or reply.headers.get_content_type() != format_.media_type:
            return f"{address} as {format_.name}: {reply.status} {reply.headers['Content-Type']}"
        if format_ is not HTML:
            meanings[format_.name] = _meaning(reply, format_, address)
    if len(set(meanings.values())) != 1:
        return f"{address}: {', '.join(meanings)} differ"
    statements = next(iter(meanings.values()))
    told = {str(term) for each in statements for term in (each.subject, each.object)}
    if whole_graph or f"<{address}>" in told:
        return ""
    return f"{address}: the data says nothing of it"


def _meaning(reply: Reply, format_: Format, address: str) -> frozenset[Triple]:
    """The statements, with blank nodes named by RDFC-1.0."""
    if format_ is JSONLD:  # rdflib fetches the context where a document names one
        graph = rdflib.Graph().parse(data=reply.body, format="json-ld", publicID=address)
        quads = parse(graph.serialize(format="nt"), format=RdfFormat.N_TRIPLES)
    else:
        syntax = RdfFormat.from_media_type(format_.media_type)
        quads = parse(reply.body, format=syntax, base_iri=address)
    dataset = Dataset(Quad(quad.subject, quad.predicate, quad.object) for quad in quads)
    dataset.canonicalize(CanonicalizationAlgorithm.RDFC_1_0)
    return frozenset(quad.triple for quad in dataset)


@pytest.fixture(autouse=True)
def literals_as_they_stand(monkeypatch: pytest.MonkeyPatch) -> None:
    """Have rdflib compare what was written, not what it would write."""
    monkeypatch.setattr(rdflib, "NORMALIZE_LITERALS", False)


def test_iris_lead_to_pages_and_to_data_alike_in_every_format(server, documents):
    wrong = _all_of(lambda address: _deviation(server, address), _sample(documents))
    assert not wrong, wrong


@pytest.mark.prove
@pytest.mark.timeout(3600)
def test_every_iri_leads_to_a_page_and_to_data_alike_in_every_format(server, documents):
    wrong = _all_of(lambda address: _deviation(server, address), documents)
    assert not wrong, wrong


@pytest.mark.parametrize("kind", KINDS)
def test_rdflib_reads_a_record_from_its_iri(kind, server, documents):
    iri = next(each for each in documents if each.startswith(f"{server.address}/id/{kind}/"))
    graph = rdflib.Graph().parse(iri)
    assert (rdflib.URIRef(iri), RDFS_LABEL, None) in graph
    for name in ("xml", "turtle", "n3", "nt", "json-ld"):
        assert len(rdflib.Graph().parse(iri, format=name)) == len(graph), name


def test_the_pages_of_a_hub_hold_all_that_points_at_it(server):
    answer = server.query(HUBS.replace("BASE", f"{server.address}/"), Accept="text/csv")
    counts = {row["s"]: int(row["n"]) for row in csv.DictReader(io.StringIO(answer.text))}
    hub = rdflib.URIRef(max(counts, key=lambda iri: (counts[iri], iri)))
    address, found, pages = str(hub), set(), 0
    while address:
        reply = _get(server, address, "application/n-triples")
        graph = rdflib.Graph().parse(data=reply.body, format="nt")
        assert len(graph) < 3000
        found |= set(graph.subject_predicates(hub))
        next_ = re.search(r'<([^>]*)>; rel="next"', reply.headers["Link"])
        address = urljoin(server.address, next_[1]) if next_ else ""
        pages += 1
    asked = f"SELECT ?s ?p {{ ?s ?p <{hub}> FILTER(STRSTARTS(STR(?s), '{server.address}/id/')) }}"
    stored = csv.DictReader(io.StringIO(server.query(asked, Accept="text/csv").text))
    expected = {(row["s"], row["p"]) for row in stored if PART.sub("", row["s"]) != str(hub)}
    assert pages > 1
    assert expected <= {(str(subject), str(predicate)) for subject, predicate in found}
