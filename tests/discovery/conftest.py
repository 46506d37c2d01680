"""The same graph and engine as the pages' tests use."""

import pytest

from icgraph.discovery.reading import Reading
from icgraph.model.iris import Base
from icgraph.model.terms import DEFAULT_BASE
from tests.web.conftest import engine, real_store

__all__ = ["engine", "real_store"]


@pytest.fixture
def reading(engine):
    return Reading(engine, Base(DEFAULT_BASE), "en")
