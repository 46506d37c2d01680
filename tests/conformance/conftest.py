"""A server of its own that holds nothing but what the suites put into it."""

from collections.abc import Iterator

import pytest

from tests.conformance.service import Service
from tests.conftest import Server


@pytest.fixture(scope="session")
def service(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Service]:
    home = tmp_path_factory.mktemp("bare") / "home"
    environment = {"ICGRAPH_QUERY_LOG": "false", "ICGRAPH_HTTP_PROCESSES": "1"}
    server = Server(home, options=("--bare",), environment=environment).start()
    service = Service(server.address)
    yield service
    service.close()
    server.stop()
