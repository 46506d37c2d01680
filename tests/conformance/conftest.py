"""A server of its own that holds nothing but what the suites put into it."""

from collections.abc import Iterator

import pytest

from tests.conformance.service import Service
from tests.conftest import Server


@pytest.fixture(scope="module")
def service(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Service]:
    home = tmp_path_factory.mktemp("bare") / "home"
    server = Server(home, options=("--bare",), environment={"ICGRAPH_QUERY_LOG": "false"}).start()
    service = Service(server.address)
    yield service
    service.close()
    server.stop()
