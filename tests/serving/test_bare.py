"""A plain store: `serve --bare` and `load --bare`, with real processes."""

import re
import subprocess
from pathlib import Path

import pytest

from tests.conftest import ICGRAPH, Server, clean_environment, wait_until

EVERYTHING = "SELECT * { { ?s ?p ?o } UNION { GRAPH ?g { ?s ?p ?o } } }"


def run(folder: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [ICGRAPH, *arguments],
        check=False,
        env=clean_environment(),
        cwd=folder,
        capture_output=True,
        text=True,
        timeout=60,
    )


def rows(server: Server) -> list[str]:
    return server.query(EVERYTHING, Accept="text/csv").text.splitlines()[1:]


@pytest.fixture
def numbers(tmp_path: Path) -> Path:
    """A file with 300,000 statements, which makes two changes."""
    path = tmp_path / "numbers.nt"
    with path.open("w") as file:
        for number in range(300_000):
            file.write(f'<http://e/{number % 1000}> <http://e/p> "{number}" .\n')
    return path


def test_a_bare_home_is_empty_and_can_be_read_at_once(tmp_path: Path) -> None:
    server = Server(tmp_path / "home", ("--bare",)).start()
    try:
        assert rows(server) == []
        assert server.get("/health").status == 200
        for page in ("/", "/sparql", "/practices", "/topics"):
            assert server.get(page, Accept="text/html").status == 200, page
    finally:
        assert server.stop() == 0
    again = Server(tmp_path / "home", ("--bare",)).start()
    try:
        assert again.query(EVERYTHING).headers["ICGraph-Revision"] == "1"
    finally:
        again.stop()


def test_a_bare_home_is_not_opened_as_a_normal_one_nor_the_reverse(
    home: Path, tmp_path: Path
) -> None:
    (tmp_path / "a.ttl").write_text("<http://e/a> <http://e/p> 1 .")
    assert run(tmp_path, "load", "--bare", "a.ttl", "--home", "bare").returncode == 0
    for arguments in (("serve", "--port", "0"), ("load", "a.ttl")):
        refused = run(tmp_path, *arguments, "--home", "bare")
        assert refused.returncode == 2
        assert "was made with --bare" in refused.stderr
    for arguments in (("serve", "--port", "0", "--bare"), ("load", "a.ttl", "--bare")):
        refused = run(tmp_path, *arguments, "--home", str(home))
        assert refused.returncode == 2
        assert "Leave --bare out" in refused.stderr


@pytest.mark.prove
def test_large_files_become_several_changes_and_all_can_be_read(
    tmp_path: Path, numbers: Path
) -> None:
    loaded = run(tmp_path, "load", "--bare", str(numbers), "--home", "home")
    assert loaded.stdout == "Revision 3: 300000 statements recorded.\n"
    checked = run(tmp_path, "check", "--home", "home")
    assert "revision 3, 300000 statements" in checked.stdout, checked.stderr
    server = Server(tmp_path / "home", ("--bare",)).start()
    try:
        counted = server.query("SELECT (COUNT(*) AS ?n) { ?s ?p ?o }", Accept="text/csv")
        assert counted.text.split() == ["n", "300000"]
    finally:
        server.stop()


def test_files_are_loaded_beside_a_running_server_with_their_graphs_and_blank_nodes(
    bare_server: Server, tmp_path: Path
) -> None:
    bare_server.get("/sparql", data=b"update=DROP+ALL")
    home = str(bare_server.home)
    (tmp_path / "a.trig").write_text("GRAPH <http://e/g> { _:b <http://e/p> _:b }")
    (tmp_path / "b.trig").write_text("GRAPH <http://e/g> { _:b <http://e/p> _:b }")
    loaded = run(tmp_path, "load", "--bare", "a.trig", "b.trig", "--home", home)
    assert loaded.returncode == 0, loaded.stderr
    assert re.fullmatch(r"Revision \d+: 2 statements recorded.\n", loaded.stdout)
    assert wait_until(lambda: len(rows(bare_server)) == 2, 10)
    reply = bare_server.get("/data?graph=http://e/g", Accept="application/n-triples")
    triples = [line.split() for line in reply.text.splitlines()]
    assert all(subject == value for subject, _, value, _ in triples)
    assert len({subject for subject, *_ in triples}) == 2


def test_a_file_that_does_not_parse_records_nothing(tmp_path: Path, numbers: Path) -> None:
    with numbers.open("a") as file:
        file.write("<http://e/a> <http://e/p> .\n")
    refused = run(tmp_path, "load", "--bare", str(numbers), "--home", "home")
    assert refused.returncode == 2
    assert ":300001:" in refused.stderr
    assert not list((tmp_path / "home").glob("loading-*"))
    assert "revision 0, 0 statements" in run(tmp_path, "check", "--home", "home").stdout


def test_bare_needs_files_to_load(tmp_path: Path) -> None:
    refused = run(tmp_path, "load", "--bare", "--home", "home")
    assert refused.returncode == 2
    assert "needs FILES" in refused.stderr


def test_a_bare_service_open_to_others_takes_no_writes_without_a_token(tmp_path: Path) -> None:
    server = Server(tmp_path / "home", ("--bare", "--host", "0.0.0.0")).start()
    try:
        assert server.get("/sparql", data=b"update=CLEAR+ALL").status == 401
        assert server.query(EVERYTHING).status == 200
    finally:
        server.stop()


def test_a_bare_service_with_a_token_takes_writes_with_it_only(tmp_path: Path) -> None:
    token = {"ICGRAPH_TOKEN": "0123456789abcdef"}
    server = Server(tmp_path / "home", ("--bare",), token).start()
    update = b"update=INSERT+DATA+%7B%3Ca:a%3E+%3Ca:b%3E+1%7D"
    try:
        assert server.get("/sparql", data=update).status == 401
        assert server.get("/sparql", data=update, Authorization="Bearer wrong").status == 401
        right = "Bearer 0123456789abcdef"
        assert server.get("/sparql", data=update, Authorization=right).status == 204
    finally:
        server.stop()


def test_a_page_of_another_site_cannot_write(bare_server: Server) -> None:
    update = b"update=INSERT+DATA+%7B%3Ca:a%3E+%3Ca:b%3E+1%7D"
    foreign = bare_server.get("/sparql", data=update, Origin="http://elsewhere.example")
    assert foreign.status == 401
    assert bare_server.get("/sparql", data=update, Origin=bare_server.address).status == 204


@pytest.mark.parametrize("headers", [{}, {"Origin": "http://elsewhere.example:8000"}])
def test_a_page_whose_name_leads_here_cannot_write(bare_server: Server, headers) -> None:
    update = b"update=INSERT+DATA+%7B%3Ca:a%3E+%3Ca:b%3E+1%7D"
    rebound = bare_server.get("/sparql", data=update, Host="elsewhere.example:8000", **headers)
    assert rebound.status == 401
    port = bare_server.address.rpartition(":")[2]
    assert bare_server.get("/sparql", data=update, Host=f"localhost:{port}").status == 204
