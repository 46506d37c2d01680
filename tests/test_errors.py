"""Every error a person can meet is in the tree, has one shape, and is documented."""

import json
import re
from pathlib import Path

import pytest

from icgraph import errors
from icgraph.errors import ICGraphError, from_json

PAGE = (Path(__file__).parents[1] / "docs" / "errors.md").read_text("utf-8")
DRAWN = re.compile(r"^(?P<branch>(?:[│ ]*[├└]── )?)(?P<name>[A-Z]\w+)(?P<rest>.*)$", re.MULTILINE)
ROW = re.compile(r"^\| `([\w-]+)` \| (\d+) \| (\d) \| `(\w+)` \| (.+) \|$", re.MULTILINE)


def tree(root=ICGraphError):
    yield root
    for child in root.__subclasses__():
        if child.__module__ == errors.__name__:
            yield from tree(child)


CLASSES = list(tree())


def drawn():
    """Name -> (parent, the text beside it), as the docstring draws it."""
    found, trail = {}, []
    picture = errors.__doc__.split("\n\n")[1]
    for line in DRAWN.finditer(picture):
        depth = len(line["branch"]) // 4
        trail[depth:] = [line["name"]]
        found[line["name"]] = (trail[depth - 1] if depth else None, line["rest"])
    return found


def test_the_docstring_draws_the_tree_as_it_is():
    parents = {name: parent for name, (parent, _) in drawn().items()}

    assert parents == {
        each.__name__: None if each is ICGraphError else each.__base__.__name__ for each in CLASSES
    }


@pytest.mark.parametrize("error", CLASSES)
def test_a_status_in_the_docstring_is_that_of_the_class(error):
    _, text = drawn()[error.__name__]
    numbers = re.findall(r"\b[45]\d\d\b", text)

    assert not numbers or numbers == [str(error.status)]


@pytest.mark.parametrize("error", CLASSES)
def test_an_error_has_code_status_exit_code_and_titles(error):
    assert re.fullmatch(r"[a-z]+(-[a-z]+)*", error.code)
    assert 400 <= error.status <= 599
    assert error.exit_code in {1, 2}
    assert set(error.title) == {"en", "fr"}
    assert all(error.title.values())
    assert error.__doc__


def test_codes_are_unique():
    codes = [error.code for error in CLASSES]

    assert len(codes) == len(set(codes))


@pytest.mark.parametrize("error", CLASSES)
def test_an_error_is_documented(error):
    rows = {row[0]: row for row in ROW.findall(PAGE)}

    _, status, exit_code, name, words = rows[error.code]
    assert (int(status), int(exit_code), name) == (error.status, error.exit_code, error.__name__)
    assert len(words) > 20


def test_the_page_documents_nothing_else():
    assert {row[3] for row in ROW.findall(PAGE)} == {error.__name__ for error in CLASSES}


@pytest.mark.parametrize("error", CLASSES)
def test_an_error_travels_between_processes(error):
    sent = error("It broke.", advice="Mend it.", line=3)

    received = from_json(json.loads(json.dumps(sent.to_json())))

    assert type(received) is error
    assert str(received) == "It broke. Mend it."
    assert received.members == {"line": 3}


def test_all_errors_live_in_one_module():
    source = Path(errors.__file__).parent
    elsewhere = [
        path.name
        for path in source.rglob("*.py")
        if path != Path(errors.__file__)
        and re.search(r"^class \w+\(.*(Error|Exception)\)", path.read_text("utf-8"), re.MULTILINE)
    ]

    assert elsewhere == []
