"""`icgraph history` and `icgraph revert` as people meet them, on real homes."""

import json
import re
import subprocess
from contextlib import closing
from datetime import timedelta
from pathlib import Path

import pytest
from pyoxigraph import Literal, NamedNode, Quad

from icgraph.store.changes import Change
from icgraph.store.home import Home, open_home
from icgraph.store.log import open_log
from tests.conftest import ICGRAPH, Server, clean_environment
from tests.store.conftest import NOON

BASE = "https://w3id.org/icgraph/"
LABEL = NamedNode("http://www.w3.org/2000/01/rdf-schema#label")
TYPE = NamedNode("http://www.w3.org/1999/02/22-rdf-syntax-ns#type")
SOURCE = NamedNode("http://purl.org/dc/terms/source")
DAY = timedelta(days=1)


def practice(slug: str) -> NamedNode:
    return NamedNode(f"{BASE}id/practice/{slug}")


def named(slug: str, label: str) -> Quad:
    return Quad(practice(slug), LABEL, Literal(label, language="en"))


def begun(slug: str) -> set[Quad]:
    return {
        Quad(practice(slug), TYPE, NamedNode(f"{BASE}ns/Practice")),
        Quad(practice(slug), SOURCE, NamedNode(f"{BASE}id/source/pages")),
        named(slug, slug),
    }


@pytest.fixture
def small(tmp_path: Path) -> Path:
    """A home in which a practice began, got another name by Eva, and was taken away again."""
    changes = [
        Change("Ana", "Begin", frozenset(begun("doors") | begun("gates"))),
        Change("Eva", "A name", frozenset({named("doors", "Portes\u202e\x9b1m")})),
        Change("Ana", "Away", frozenset(), frozenset(begun("doors"))),
    ]
    home = open_home(tmp_path / "home")
    with closing(open_log(home.log, None)) as log:
        for number, change in enumerate(changes):
            log.append(change, after=number, time=NOON + number * DAY)
    return home.folder


def icgraph(*arguments: str, home: Path, code: int = 0) -> str:
    ended = subprocess.run(
        [ICGRAPH, *arguments, "--home", str(home)],
        env=clean_environment(),
        cwd=home.parent,
        capture_output=True,
        text=True,
        timeout=200,
        check=False,
    )
    assert ended.returncode == code, ended.stderr
    return ended.stdout if code == 0 else ended.stderr


def told(*arguments: str, home: Path) -> list[dict]:
    return json.loads(icgraph("history", "--format", "json", *arguments, home=home))["changes"]


def test_the_history_tells_who_when_why_and_what_the_newest_first(small: Path) -> None:
    lines = icgraph("history", home=small).splitlines()
    assert lines[0] == "revision 3   2026-11-23 12:00:00 UTC   Ana"
    assert lines[1:4] == ["    Away", "    records: 1 withdrawn", "    - practice/doors"]
    assert "    sources: source/pages" in lines
    assert "    records: 2 added" in lines


def test_the_history_of_a_record_has_its_changes_alone(small: Path) -> None:
    effects = [
        (change["revision"], [(each["record"], each["effect"]) for each in change["records"]])
        for change in told("practice/doors", home=small)
    ]
    iri = practice("doors").value
    assert effects == [(3, [(iri, "withdrawn")]), (2, [(iri, "changed")]), (1, [(iri, "added")])]
    assert [change["revision"] for change in told(practice("gates").value, home=small)] == [1]


def test_a_difference_shows_statements_with_short_prefixes_and_nothing_a_terminal_obeys(
    small: Path,
) -> None:
    shown = icgraph("history", "practice/doors", "--diff", home=small)
    assert '      + practice:doors rdfs:label "Portes\\u202E\\u009B1m"@en' in shown
    assert "      - practice:doors rdf:type ic:Practice" in shown
    assert "gates" not in shown
    [second] = [each for each in told("--diff", home=small) if each["revision"] == 2]
    assert second["removed"] == []
    assert second["added"] == [str(named("doors", "Portes\u202e\x9b1m"))]


@pytest.mark.parametrize(
    ("options", "revisions"),
    [
        (["--limit", "1"], [3]),
        (["--since", "2026-11-22"], [3, 2]),
        (["--since", "2026-11-22T12:00:01"], [3]),
        (["--since", "2026-11-22T14:00+02:00"], [3, 2]),
        (["practice/gates", "--since", "2026-11-22"], []),
    ],
)
def test_limit_and_date_choose_among_the_changes(
    small: Path, options: list[str], revisions: list[int]
) -> None:
    assert [change["revision"] for change in told(*options, home=small)] == revisions


def test_what_cannot_be_told_is_named(small: Path, tmp_path: Path) -> None:
    assert "practice/doors" in icgraph("history", "practice/dors", home=small, code=2)
    assert "no date" in icgraph("history", "--since", "yesterday", home=small, code=2)
    assert "There is no graph" in icgraph("history", home=tmp_path / "nowhere", code=2)
    assert not (tmp_path / "nowhere").exists()


def test_a_change_is_reverted_beside_a_server_whose_readers_see_it(home: Path) -> None:
    (home.parent / "name.ttl").write_text(
        f"<{BASE}id/place/pl-lublin> <http://www.w3.org/2004/02/skos/core#altLabel> "
        '"Lublinum"@la .\n'
    )
    ask = f'ASK {{ <{BASE}id/place/pl-lublin> ?p "Lublinum"@la }}'
    server = Server(home).start()
    try:
        icgraph("load", "name.ttl", home=home)
        assert "true" in server.query(ask).text
        said = icgraph("revert", "2", "--agent", "Eva", "--message", "Not so", home=home)
        assert "Revision 3 takes back 2." in said
        assert re.search(r"^ +1 statements left the graph$", said, re.MULTILINE)
        assert "false" in server.query(ask).text
        change = server.get("/changes/3", Accept="text/turtle").text
        assert "wasInformedBy" in change
    finally:
        server.stop()
    [entry] = told("--limit", "1", home=home)
    assert (entry["agent"], entry["reverts"]) == ("Eva", [2])
    assert entry["message"] == "Revert revision 2: Not so"
    refused = icgraph("revert", "2", home=home, code=1)
    assert 'revision 3 removed: place:pl-lublin skos:altLabel "Lublinum"@la' in refused
    assert len(told(home=home)) == 3


def test_a_bare_home_has_a_history_and_no_reverts(tmp_path: Path) -> None:
    home = Home(tmp_path / "home")
    home.folder.mkdir()
    with closing(open_log(home.log, None, bare=True)) as log:
        log.append(Change("a", "b", frozenset({named("x", "y")})), after=0, time=NOON)
    assert [change["revision"] for change in told(home=home.folder)] == [1]
    assert "bare home" in icgraph("revert", "1", home=home.folder, code=2)
