from collections.abc import Iterator
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path

import pytest
from pyoxigraph import Literal, NamedNode, Quad

from icgraph.store.changes import Change
from icgraph.store.home import Home, open_home
from icgraph.store.log import ChangeLog, open_log

NOON = datetime(2026, 11, 21, 12, tzinfo=UTC)


def quad(number: int) -> Quad:
    return Quad(
        NamedNode(f"https://w3id.org/icgraph/id/practice/p{number}"),
        NamedNode("http://www.w3.org/2000/01/rdf-schema#label"),
        Literal(f"Practice {number}", language="en"),
    )


def change(*, add: tuple[int, ...] = (), remove: tuple[int, ...] = ()) -> Change:
    return Change(
        "tester",
        "because",
        frozenset(quad(number) for number in add),
        frozenset(quad(number) for number in remove),
    )


@pytest.fixture
def home(tmp_path: Path) -> Home:
    return open_home(tmp_path / "home")


@pytest.fixture
def log(home: Home) -> Iterator[ChangeLog]:
    with closing(open_log(home.log, None)) as opened:
        yield opened
