from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.conftest import Server, wait_until
from tests.faults.processes import WORKERS, query_workers


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """All that is done to a service here is a sample of what `make prove` does to it."""
    for item in items:
        if item.path.is_relative_to(Path(__file__).parent):
            item.add_marker(pytest.mark.sample)


@pytest.fixture
def own_server(home: Path) -> Iterator[Server]:
    started = Server(home).start()
    assert wait_until(lambda: len(query_workers(started)) == WORKERS, 10)
    yield started
    started.stop()
