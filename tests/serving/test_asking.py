"""The examples of docs/asking.md do what the page shows."""

import os
import re
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path

import pytest

from tests.conftest import Server

PAGE = Path(__file__).parents[2] / "docs" / "asking.md"
HERE = "http://127.0.0.1:8000"
TOKEN = "a-token-for-the-page"
COMMANDS = {
    "python": [sys.executable, "-W", "error", "-c"],
    "sh": ["bash", "-euo", "pipefail", "-c"],
}


@dataclass(frozen=True)
class Example:
    """A block of the page, and what the block after it says that it prints."""

    language: str
    text: str
    prints: str

    @property
    def writes(self) -> bool:
        return "ICGRAPH_TOKEN" in self.text


def examples() -> list[Example]:
    blocks = re.findall(r"```(\w+)\n(.*?)```", PAGE.read_text(), re.DOTALL)
    return [
        Example(*block, prints)
        for block, (after, prints) in pairwise(blocks)
        if block[0] in COMMANDS and after == "text"
    ]


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("asking")


@pytest.fixture(scope="module")
def writable(folder: Path) -> Iterator[Server]:
    started = Server(folder / "home", ("--bare",), {"ICGRAPH_TOKEN": TOKEN}).start()
    yield started
    started.stop()


def test_every_example_shows_what_it_prints() -> None:
    blocks = re.findall(r"```(\w+)\n", PAGE.read_text())
    assert sum(language in COMMANDS for language in blocks) == len(examples()) >= 6


def test_the_examples_do_what_the_page_shows(
    server: Server, writable: Server, folder: Path
) -> None:
    for example in examples():
        address = (writable if example.writes else server).address
        done = subprocess.run(
            [*COMMANDS[example.language], example.text.replace(HERE, address)],
            cwd=folder,
            env={**os.environ, "ICGRAPH_TOKEN": TOKEN, "NO_PROXY": "*"},
            capture_output=True,
            text=True,
            timeout=60,
            check=False,
        )
        assert (done.stdout.replace("\r", ""), done.stderr, done.returncode) == (
            example.prints,
            "",
            0,
        ), example.text
