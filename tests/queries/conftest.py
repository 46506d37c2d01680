import pytest
from pyoxigraph import Store

from icgraph.store.packaged import packaged_dataset
from tests.queries.answers import filled, seed_quads


@pytest.fixture(scope="session")
def seeds() -> Store:
    return filled(seed_quads())


@pytest.fixture(scope="session")
def everything() -> Store:
    return filled(packaged_dataset())
