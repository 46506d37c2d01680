"""The documents say what is: commands, settings, links, and the README's question."""

import re
from collections.abc import Iterator
from pathlib import Path

import click
import pytest

from icgraph.cli import icgraph
from icgraph.config import settings_table
from tests.conftest import Server

ROOT = Path(__file__).parents[1]
DOCUMENTS = [ROOT / "README.md", ROOT / "CONTRIBUTING.md", *sorted((ROOT / "docs").glob("*.md"))]


def commands(group: click.Group, prefix: str = "") -> Iterator[tuple[str, click.Command]]:
    """All commands by their names, those of groups with the group's name before."""
    for name, command in group.commands.items():
        if isinstance(command, click.Group):
            yield from commands(command, f"{prefix}{name} ")
        else:
            yield f"{prefix}{name}", command


def test_every_command_and_option_is_documented() -> None:
    text = (ROOT / "docs" / "commands.md").read_text()
    for name, command in commands(icgraph):
        heading = re.search(rf"^## `icgraph {name}\b.*$", text, re.MULTILINE)
        assert heading, name
        for parameter in command.params:
            if isinstance(parameter, click.Option):
                assert parameter.opts[0] in heading[0], (name, parameter.opts[0])


def test_the_settings_page_is_the_table() -> None:
    assert settings_table() in (ROOT / "docs" / "settings.md").read_text()


@pytest.mark.parametrize("document", DOCUMENTS, ids=lambda path: path.name)
def test_links_between_documents_lead_somewhere(document: Path) -> None:
    for target in re.findall(r"\]\((?!https?://)([^)#]+)", document.read_text()):
        assert (document.parent / target).exists(), target


def test_the_readme_shows_a_real_answer(server: Server) -> None:
    readme = (ROOT / "README.md").read_text()
    query = re.search(r"```sparql\n(.*?)```", readme, re.DOTALL)
    answer = re.search(r"\n(name,role\n.*?)```", readme, re.DOTALL)
    assert query
    assert answer
    reply = server.query(query[1], Accept="text/csv")
    assert reply.text.replace("\r\n", "\n") == answer[1]
