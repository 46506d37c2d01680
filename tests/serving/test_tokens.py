"""Tokens of a home at a real server: who may do what, in every process, at once."""

import re
import shutil
import subprocess
from base64 import b64encode
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.conftest import ICGRAPH, Reply, Server, clean_environment

UPDATE = "application/sparql-update"
SETTING = "the token of the setting"
NAME = """PREFIX skos: <http://www.w3.org/2004/02/skos/core#>
INSERT DATA { <https://w3id.org/icgraph/id/place/pl-lublin> skos:altLabel "Name by %s"@en }"""


@pytest.fixture(scope="module")
def served(built_home: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    home = tmp_path_factory.mktemp("tokens") / "home"
    shutil.copytree(built_home, home)
    started = Server(home).start()
    yield started
    started.stop()


def icgraph(server: Server, *arguments: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [ICGRAPH, *arguments, "--home", str(server.home)],
        env=clean_environment(),
        cwd=server.home.parent,
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )


def token(server: Server, name: str, *scopes: str) -> str:
    options = [word for scope in scopes for word in ("--scope", scope)]
    ended = icgraph(server, "token", "add", name, *options)
    assert ended.returncode == 0, ended.stderr
    return ended.stdout.strip()


def update(server: Server, text: str, **headers: str) -> Reply:
    return server.get("/sparql", data=text.encode(), Content_Type=UPDATE, **headers)


def statuses(server: Server, bearer: str, path: str = "/sparql/queries") -> set[int]:
    """Of several connections, so that every process is asked."""
    return {server.get(path, Authorization=f"Bearer {bearer}").status for _ in range(12)}


def test_a_token_made_and_revoked_beside_the_server_counts_at_once(served: Server) -> None:
    assert update(served, NAME % "nobody").status == 401
    made = token(served, "Marta Nowak", "operate")
    assert statuses(served, made) == {200}
    assert icgraph(served, "token", "revoke", "Marta Nowak").returncode == 0
    assert statuses(served, made) == {401}


def test_who_writes_stands_in_the_history_by_the_name_of_the_token(served: Server) -> None:
    made = token(served, "Iza Curator", "operate")
    reply = update(served, NAME % "Iza", Authorization=f"Bearer {made}")
    assert reply.status == 204, reply.text
    told = icgraph(served, "history", "place/pl-lublin", "--limit", "1", "--diff").stdout
    assert re.search(r"^revision \d+ +.* UTC +Iza Curator$", told, re.MULTILINE), told
    assert '+ place:pl-lublin skos:altLabel "Name by Iza"@en' in told


@pytest.mark.parametrize("scope", ["contribute", "curate"])
def test_publishing_without_review_takes_the_scope_operate(served: Server, scope: str) -> None:
    made = token(served, f"Only {scope}", scope)
    for reply in (
        update(served, NAME % scope, Authorization=f"Bearer {made}"),
        served.get("/data?default", method="DELETE", Authorization=f"Bearer {made}"),
        served.get("/sparql/queries", Authorization=f"Bearer {made}"),
    ):
        assert reply.status == 403
        assert 'error="insufficient_scope", scope="operate"' in reply.headers["WWW-Authenticate"]
        assert '"code": "scope-missing"' in reply.text or '"code":"scope-missing"' in reply.text
        assert made not in reply.text


def test_a_token_may_come_as_the_password_of_basic(served: Server) -> None:
    made = token(served, "By password", "operate")
    basic = b64encode(f"anybody:{made}".encode()).decode()
    assert served.get("/sparql/queries", Authorization=f"Basic {basic}").status == 200


def test_a_token_of_another_shape_or_size_is_refused(served: Server) -> None:
    made = token(served, "Real one", "operate")
    for wrong in (made[:-1], made + "a", made.upper(), "x", "é" * 20, "a" * 20_000):
        reply = served.get("/sparql/queries", Authorization=b64_or_bearer(wrong))
        assert reply.status == 401


def b64_or_bearer(secret: str) -> str:
    if secret.isascii():
        return f"Bearer {secret}"
    return "Basic " + b64encode(f"a:{secret}".encode()).decode()


def test_the_list_tells_names_scopes_and_ends_and_no_secret(served: Server) -> None:
    made = token(served, "Listed", "contribute", "curate")
    ended = icgraph(
        served, "token", "add", "Until May", "--scope", "curate", "--expires", "2999-05-31"
    )
    assert ended.returncode == 0
    listed = icgraph(served, "token", "list").stdout
    assert "Listed\tcontribute,curate\tdoes not expire" in listed
    assert "Until May\tcurate\texpires 2999-06-01 00:00 UTC" in listed
    assert made.split("_")[2] not in listed


def test_no_token_is_in_what_the_server_says(served: Server) -> None:
    made = token(served, "Silent", "curate")
    update(served, NAME % "Silent", Authorization=f"Bearer {made}")
    served.query("SELECT * { ?s ?p ?o } LIMIT 1", Authorization=f"Bearer {made}")
    served.get("/sparql/queries", Authorization=f"Bearer {made}x")
    said = "".join(served.printed)
    assert "query" in said
    assert made.split("_")[1] not in said
    assert made.split("_", 2)[2] not in said


def test_a_home_with_tokens_says_that_it_takes_updates(served: Server) -> None:
    token(served, "First", "operate")
    described = served.get("/sparql", Accept="text/turtle").text
    assert "SPARQL11Update" in described


def test_the_setting_still_allows_everything_beside_tokens(home: Path) -> None:
    server = Server(home, environment={"ICGRAPH_TOKEN": SETTING}).start()
    try:
        made = token(server, "Beside", "operate")
        assert statuses(server, SETTING) == {200}
        assert statuses(server, made) == {200}
        assert statuses(server, SETTING + "x") == {401}
    finally:
        server.stop()


def test_a_bare_home_with_a_token_takes_writes_with_it_alone(tmp_path: Path) -> None:
    server = Server(tmp_path / "home", ("--bare",)).start()
    try:
        insert = "INSERT DATA { <a:a> <a:b> 1 }"
        assert update(server, insert).status == 204
        made = token(server, "Loader", "operate")
        assert update(server, insert).status == 401
        assert update(server, insert, Authorization=f"Bearer {made}").status == 204
    finally:
        server.stop()
