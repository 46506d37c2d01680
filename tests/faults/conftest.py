from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.conftest import Server, wait_until
from tests.faults.processes import WORKERS, query_workers


@pytest.fixture
def own_server(home: Path) -> Iterator[Server]:
    started = Server(home).start()
    assert wait_until(lambda: len(query_workers(started)) == WORKERS, 10)
    yield started
    started.stop()
