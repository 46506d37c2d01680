"""Dumps, figures and changes of a real server: made when asked, in step with the revision."""

import gzip
import re
import shutil
import subprocess
from hashlib import sha256
from pathlib import Path

import pytest
from pyoxigraph import RdfFormat, parse

from tests.conftest import ICGRAPH, Server, clean_environment, wait_until

TOKEN = "a token of a test, long enough"
LABELLED = """
PREFIX skos: <http://www.w3.org/2004/02/skos/core#>
INSERT DATA { <https://w3id.org/icgraph/id/place/pl-lublin> skos:altLabel "Koziołek"@pl }
"""


@pytest.fixture(scope="module")
def writable(built_home: Path, tmp_path_factory: pytest.TempPathFactory):
    home = tmp_path_factory.mktemp("changing") / "home"
    shutil.copytree(built_home, home)
    started = Server(home, environment={"ICGRAPH_TOKEN": TOKEN}).start()
    yield started
    started.stop()


def triples(server: Server) -> int:
    text = server.get("/dataset.nt").text
    stated = r'<https://w3id\.org/icgraph/dataset> <http://rdfs\.org/ns/void#triples> "(\d+)"'
    return int(re.search(stated, text)[1])


def test_figures_and_changes_are_in_step_with_the_revision(writable: Server) -> None:
    before = triples(writable)
    written = writable.get(
        "/sparql",
        data=LABELLED.encode(),
        Content_Type="application/sparql-update",
        Authorization=f"Bearer {TOKEN}",
        Change_Message="Say what Lublin is called",
    )
    assert written.status in {200, 204}, written.text
    assert triples(writable) == before + 1
    counted = writable.query("SELECT (COUNT(*) AS ?n) { ?s ?p ?o }", Accept="text/csv")
    assert counted.text.split() == ["n", str(before + 1)]
    feed = writable.get("/changes.atom").text
    newest = feed.partition("<entry>")[2].partition("</entry>")[0]
    assert "/doc/place/pl-lublin" in newest
    assert 'term="changed"' in newest


def test_a_dump_is_made_when_asked_for_and_given_whole(writable: Server) -> None:
    first = writable.get("/dumps/latest.nq.gz")
    assert first.status in {302, 503}
    assert wait_until(lambda: writable.get("/dumps/latest.nq.gz").status == 302, 60)
    reply = writable.get("/dumps/latest.nq.gz")
    file = writable.get(reply.headers["Location"])
    assert file.headers["Content-Length"] == str(len(file.body))
    assert file.headers["ETag"] == f'"{sha256(file.body).hexdigest()}"'
    held = {str(quad) for quad in parse(gzip.decompress(file.body), format=RdfFormat.N_QUADS)}
    counted = writable.query(
        "SELECT (COUNT(*) AS ?n) { { ?s ?p ?o } UNION { GRAPH ?g { ?s ?p ?o } } }"
    )
    assert f'"{len(held)}"' in counted.text
    part = writable.get(reply.headers["Location"], Range="bytes=5-9")
    assert (part.status, part.body) == (206, file.body[5:10])


def test_export_beside_the_server_writes_the_same_files(writable: Server, tmp_path: Path) -> None:
    assert wait_until(lambda: writable.get("/dumps/latest.nq.gz").status == 302, 60)
    done = subprocess.run(
        [ICGRAPH, "export", "--home", str(writable.home), str(tmp_path / "files")],
        env=clean_environment(),
        capture_output=True,
        text=True,
        timeout=120,
        check=True,
    )
    assert re.search(r"^Revision \d+: \d+ statements\.$", done.stdout, re.MULTILINE)
    written = sorted((tmp_path / "files").iterdir())
    assert [path.name.partition(".")[2] for path in written] == [
        "csv.zip", "jsonld.gz", "nq.gz", "sha256", "ttl.gz",
    ]  # fmt: skip
    for path in written:
        reply = writable.get(f"/dumps/{path.name}")
        if reply.status == 200:  # the server's newest may be the revision before
            assert reply.body == path.read_bytes()


def test_exporting_nothing_says_what_to_do(tmp_path: Path) -> None:
    done = subprocess.run(
        [ICGRAPH, "export", "--home", str(tmp_path / "home"), str(tmp_path / "files")],
        env=clean_environment(),
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert done.returncode == 2
    assert "holds no graph yet" in done.stderr
    assert "icgraph load" in done.stderr
    assert not (tmp_path / "files").exists()
