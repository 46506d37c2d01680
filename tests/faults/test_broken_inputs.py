"""Fifty broken inputs: each gives one clear message and its exit code, and no traceback."""

import os
import re
import socket
import sqlite3
import subprocess
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from icgraph.store.home import Home, open_home, own
from tests.conftest import ICGRAPH, clean_environment

PRACTICE = "<https://w3id.org/icgraph/id/practice/x>"
TRIPLE = f'{PRACTICE} <http://www.w3.org/2000/01/rdf-schema#label> "x"@en .\n'
UNSOURCED = f"{PRACTICE} a <https://w3id.org/icgraph/ns/Practice> .\n{TRIPLE}".encode()


@dataclass
class Broken:
    """A command with something wrong: what is prepared, given and expected."""

    name: str
    arguments: tuple[str, ...]
    says: str
    code: int = 2
    files: dict[str, bytes] = field(default_factory=dict)
    environment: dict[str, str] = field(default_factory=dict)
    prepare: Callable[[Path], object] | None = None


def load(name: str, text: bytes, says: str, code: int = 2) -> Broken:
    return Broken(f"load {name}", ("load", name), says, code, {name: text})


def validate(name: str, text: bytes, says: str, code: int = 2) -> Broken:
    return Broken(f"validate {name}", ("validate", name), says, code, {name: text})


def import_(name: str, text: bytes, says: str) -> Broken:
    return Broken(f"import {name}", ("import", name, "--output", "out"), says, 2, {name: text})


def setting(name: str, value: str) -> Broken:
    return Broken(f"{name}={value}", ("check",), name, environment={name: value})


def damaged(name: str, statement: str, says: str) -> Broken:
    def damage(folder: Path) -> None:
        with sqlite3.connect(folder / "home" / "change-log.sqlite") as connection:
            connection.execute(statement)
        connection.close()

    return Broken(name, ("check",), says, prepare=damage)


def file_home(folder: Path) -> None:
    (folder / "blocked").write_text("a file, no folder")


def no_log(text: bytes) -> Callable[[Path], None]:
    def write(folder: Path) -> None:
        (folder / "home" / "change-log.sqlite").write_bytes(text)

    return write


def cut_log(folder: Path) -> None:
    path = folder / "home" / "change-log.sqlite"
    path.write_bytes(path.read_bytes()[:5000])


BROKEN = [
    load("unclosed.ttl", b'<http://a/s> <http://a/p> "open .\n', r"unclosed\.ttl:1"),
    load("prefix.ttl", b"x:a x:b x:c .\n", r"prefix\.ttl:1"),
    load("second.ttl", TRIPLE.encode() + b"<http://a/s> <http://a/p> ;;\n.", r"second\.ttl:2"),
    load("relative.ttl", b"<a> <b> <c> .\n", r"relative\.ttl:1"),
    load("words.ttl", b"Lublin lies in Poland.\n", r"words\.ttl:1"),
    load("html.ttl", b"<!doctype html><title>404</title>", r"html\.ttl:1"),
    load("empty.ttl", b"", "empty"),
    load("blank.ttl", b" \n\t\n", "empty"),
    load(
        "latin.ttl", TRIPLE.replace('"x"', '"Neuchâtel"').encode("latin-1"), r"latin\.ttl:1.*UTF-8"
    ),
    load("wide.ttl", TRIPLE.encode("utf-16"), "UTF-8"),
    load("binary.ttl", bytes(range(128, 256)), "UTF-8"),
    load("zero.ttl", b"\0" * 10, r"zero\.ttl"),
    load("letter.docx", b"PK", r"suffix \.docx"),
    load("nosuffix", TRIPLE.encode(), "suffix"),
    load("facts.jsonl", b"{}\n", r"suffix \.jsonl"),
    load("bad.nt", b"<http://a/s> <http://a/p> .\n", r"bad\.nt:1"),
    load("bad.nq", b"a b c d\n", r"bad\.nq:1"),
    load("bad.trig", b"<http://a/g> { <http://a/s> }\n", r"bad\.trig:1"),
    load("bad.rdf", b"<rdf:RDF>", r"bad\.rdf"),
    load("bad.jsonld", b'{"@id": ', r"bad\.jsonld"),
    load(
        "remote.jsonld",
        b'{"@context": "http://127.0.0.1:9/c", "@id": "http://a/s"}',
        r"remote\.jsonld",
    ),
    load("anonymous.ttl", b"[] <http://a/p> 1 .\n", "blank node"),
    load("graph.trig", b"<http://a/g> { <http://a/s> <http://a/p> 1 }\n", r"http://a/g"),
    load(
        "nosource.ttl",
        TRIPLE.encode().replace(
            b"practice/x>", b"practice/x> a <https://w3id.org/icgraph/ns/Practice> ;", 1
        ),
        "Violation|breaks",
        1,
    ),
    Broken("load a missing file", ("load", "nowhere.ttl"), r"nowhere\.ttl"),
    Broken(
        "load a folder",
        ("load", "folder.ttl"),
        r"folder\.ttl",
        prepare=lambda f: (f / "folder.ttl").mkdir(),
    ),
    validate("bad.ttl", b"<http://a/s> <http://a/p>", r"bad\.ttl:1"),
    validate("none.ttl", b"", "empty"),
    validate(
        "practice.ttl",
        TRIPLE.encode().replace(
            b"practice/x>", b"practice/x> a <https://w3id.org/icgraph/ns/Practice> ;", 1
        ),
        "practice:x",
        1,
    ),
    Broken("validate a missing file", ("validate", "nowhere.ttl"), r"nowhere\.ttl"),
    Broken("validate in a format that is none", ("validate", "--format", "pdf"), "pdf"),
    Broken("validate in a language that is none", ("validate", "--language", "xx"), "xx"),
    import_("practices.jsonl", b'{"id": "x"', r"practices\.jsonl:1"),
    import_("cities.jsonl", b"", "empty"),
    import_("projects.jsonl", b"[1, 2]\n", r"projects\.jsonl:1"),
    import_("unknown.jsonl", b'{"colour": "blue"}\n', r"unknown\.jsonl"),
    import_("organisations.jsonl", '{"name": "Züri"}\n'.encode("latin-1"), "UTF-8"),
    Broken("import a missing file", ("import", "nowhere.jsonl"), r"nowhere\.jsonl"),
    Broken("import nothing", ("import",), "FILES"),
    Broken("format a missing file", ("fmt", "nowhere.ttl"), r"nowhere\.ttl"),
    Broken("format a bad file", ("fmt", "bad.ttl"), r"bad\.ttl:1", files={"bad.ttl": b"x"}),
    Broken("an unknown command", ("sevre",), "sevre"),
    Broken("an unknown option", ("serve", "--prot", "1"), "--prot"),
    Broken("a port that is no number", ("serve", "--port", "http"), "port"),
    Broken("a port that is none", ("serve", "--port", "70000"), "port"),
    Broken("a host that is not ours", ("serve", "--port", "0", "--host", "192.0.2.1"), "192.0.2.1"),
    Broken(
        "a base without a slash", ("load", "--home", "new", "--base", "http://example.org"), "slash"
    ),
    Broken(
        "another base than the home's",
        ("load", "--base", "http://example.org/"),
        "http://example.org/",
    ),
    Broken(
        "a home that is a file",
        ("serve", "--port", "0", "--home", "blocked"),
        "blocked",
        prepare=file_home,
    ),
    Broken("a home below a file", ("load", "--home", "blocked/home"), "blocked", prepare=file_home),
    setting("ICGRAPH_PROT", "8000"),
    setting("ICGRAPH_PORT", "eight"),
    setting("ICGRAPH_QUERY_SECONDS", "0"),
    setting("ICGRAPH_HTTP_PROCESSES", "none"),
    Broken(
        "settings that are no TOML",
        ("check",),
        r"icgraph\.toml",
        files={"icgraph.toml": b"port: 1"},
    ),
    Broken(
        "an unknown setting in the file",
        ("check",),
        "colour",
        files={"icgraph.toml": b"colour = 1"},
    ),
    Broken(
        "a log that is no database",
        ("check",),
        r"change-log\.sqlite",
        prepare=no_log(b"garbage" * 500),
    ),
    Broken("a log cut short", ("check",), r"change-log\.sqlite", prepare=cut_log),
    damaged("a log with a changed row", "UPDATE revision SET agent = 'nobody'", "revision 1"),
    damaged("a log with a lost row", "UPDATE revision SET number = 3", "newest revision is 1"),
    damaged("a log without its table", "DROP TABLE revision", "damaged"),
    damaged(
        "a log of another format", "UPDATE fact SET value = '9' WHERE name = 'format'", "format"
    ),
]


def run(
    broken_arguments: tuple[str, ...], folder: Path, **environment: str
) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [ICGRAPH, *broken_arguments],
        cwd=folder,
        env=clean_environment(**{"COLUMNS": "200", **environment}),
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )


def assert_one_clear_message(ended: subprocess.CompletedProcess[str], says: str, code: int) -> None:
    told = ended.stdout + ended.stderr
    assert "Traceback" not in told
    assert ended.returncode == code, told
    assert re.search(says, told), told
    messages = re.findall(r"^(?:icgraph|Error): ", told, re.MULTILINE)
    assert len(messages) == (1 if code == 2 else len(messages)), told


def test_there_are_at_least_fifty_of_them() -> None:
    assert len(BROKEN) >= 50


@pytest.mark.parametrize("broken", BROKEN, ids=lambda broken: broken.name)
def test_a_broken_input_gives_one_clear_message(broken: Broken, home: Path) -> None:
    folder = home.parent
    for name, text in broken.files.items():
        (folder / name).write_bytes(text)
    if broken.prepare is not None:
        broken.prepare(folder)
    environment = {"ICGRAPH_HOME": "home", **broken.environment}
    ended = run(broken.arguments, folder, **environment)
    assert_one_clear_message(ended, broken.says, broken.code)


def test_a_port_in_use_is_told_before_anything_is_built(tmp_path: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = str(taken.getsockname()[1])
        ended = run(("serve", "--port", port, "--home", "home"), tmp_path)
    assert_one_clear_message(ended, port, 2)
    assert not (tmp_path / "home").exists()


def test_a_second_server_on_one_home_is_told_who_has_it(home: Path) -> None:
    with own(open_home(home)):
        ended = run(("serve", "--port", "0", "--home", str(home)), home.parent)
    assert_one_clear_message(ended, f"pid {os.getpid()}", 2)


def test_a_check_beside_a_server_is_told_who_has_the_home(home: Path) -> None:
    with own(Home(home)):
        ended = run(("check", "--home", str(home)), home.parent)
    assert_one_clear_message(ended, f"pid {os.getpid()}", 2)


def test_a_home_without_write_permission_is_named(tmp_path: Path) -> None:
    if os.geteuid() == 0:
        ended = run(("load", "--home", "/proc/icgraph-home"), tmp_path)
        assert_one_clear_message(ended, "/proc/icgraph-home", 2)
        return
    (tmp_path / "closed").mkdir(mode=0o500)
    ended = run(("load", "--home", "closed/home"), tmp_path)
    assert_one_clear_message(ended, "closed/home", 2)
