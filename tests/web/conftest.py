"""The application over the real ontology and data, with an engine in this process."""

import pytest
from flask.testing import FlaskClient
from pyoxigraph import RdfFormat, Store, serialize

from icgraph.config import Settings
from icgraph.model.iris import Base
from icgraph.model.terms import DEFAULT_BASE, prefixes
from icgraph.store.packaged import packaged_dataset
from icgraph.web import build_app
from icgraph.web.site import Site


class InProcess:
    """What `Execution` offers the pages, over a store in memory; it counts its queries."""

    def __init__(self, store: Store, revision: int = 1) -> None:
        self.store = store
        self.revision = revision
        self.asked = 0

    def head(self) -> int:
        return self.revision

    def fingerprint(self) -> str:
        return f"revision {self.revision}"

    def rows(self, query):
        self.asked += 1
        solutions = self.store.query(query)
        names = [variable.value for variable in solutions.variables]
        return [{name: row[name] for name in names if row[name] is not None} for row in solutions]

    def graph(self, query, media_type):
        self.asked += 1
        return serialize(
            self.store.query(query),
            format=RdfFormat.from_media_type(media_type),
            prefixes=prefixes(DEFAULT_BASE),
        )


@pytest.fixture(scope="session")
def real_store() -> Store:
    store = Store()
    store.bulk_extend(packaged_dataset())
    return store


@pytest.fixture
def engine(real_store: Store) -> InProcess:
    return InProcess(real_store)


@pytest.fixture
def app(engine: InProcess):
    return build_app(Site(engine, Base(DEFAULT_BASE), Settings()))


@pytest.fixture
def client(app) -> FlaskClient:
    return app.test_client()
