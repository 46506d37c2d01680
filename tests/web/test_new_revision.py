"""What pages keep in memory is forgotten with its revision: each shows a change at once."""

import pytest
from pyoxigraph import Store

from icgraph.config import Settings
from icgraph.model.iris import Base
from icgraph.model.terms import DEFAULT_BASE, prefixes
from icgraph.web import build_app
from icgraph.web.site import Site
from tests.web.conftest import InProcess

PROLOGUE = "".join(f"PREFIX {prefix}: <{iri}>\n" for prefix, iri in prefixes().items())
GROUP = "practice:integration-support-group"
NETWORK = "organisation:intercultural-cities-network"


@pytest.fixture
def engine(real_store):
    """An engine over a graph that may be changed."""
    store = Store()
    store.bulk_extend(real_store)
    return InProcess(store)


@pytest.fixture
def client(engine):
    return build_app(Site(engine, Base(DEFAULT_BASE), Settings())).test_client()


def label(thing: str) -> str:
    return f"""
        DELETE {{ {thing} rdfs:label ?old }} INSERT {{ {thing} rdfs:label "Quite new"@en }}
        WHERE {{ {thing} rdfs:label ?old }}
    """


NEW_ACTIVITY = """
    INSERT DATA { activity:new dcterms:spatial place:pl-lublin ; rdfs:label "Quite new" }
"""
NEW_PRACTICE = """
    INSERT DATA {
      practice:new rdfs:label "Quite new" ;
        ic:withinProject project:lublin-4-all ; dcterms:spatial place:pl-lublin ;
        dcterms:subject topic:welcoming-social-integration , topic:political-public-participation
    }
"""
NEW_MEMBER = f"""
    INSERT DATA {{
      place:aa rdfs:label "Quite new" ; ic:membership <{DEFAULT_BASE}id/place/aa#m> .
      <{DEFAULT_BASE}id/place/aa#m> org:organization {NETWORK}
    }}
"""


@pytest.mark.parametrize(
    ("path", "change"),
    [
        ("/", label("topic:refugees")),
        ("/topics", label("topic:refugees")),
        ("/ns/", label("ic:Practice")),
        ("/scheme/topic/refugees", label("topic:refugees")),
        ("/practices?topic=refugees", label("topic:refugees")),
        ("/doc/practice/integration-support-group", label(GROUP)),
        ("/doc/practice/integration-support-group", label("place:pl-lublin")),
        ("/doc/practice/integration-support-group", label("role:partner")),
        ("/doc/practice/integration-support-group", NEW_PRACTICE),
        ("/doc/place/pl-lublin", label(GROUP)),
        ("/doc/place/pl-lublin", NEW_ACTIVITY),
        ("/doc/organisation/intercultural-cities-network", label("place:gb-leeds")),
        ("/doc/organisation/intercultural-cities-network", NEW_MEMBER),
    ],
)
def test_a_page_shows_a_change_at_once(client, engine, path, change):
    def page() -> str:
        return client.get(path, headers={"Accept": "text/html", "Accept-Language": "en"}).text

    assert "quite new" not in page().lower()
    engine.store.update(PROLOGUE + change)
    engine.revision += 1
    assert "quite new" in page().lower()


def test_numbers_of_home_follow_the_graph(client, engine):
    def number() -> str:
        page = client.get("/", headers={"Accept": "text/html"}).text
        return page.partition("</strong> Practices")[0].rpartition("<strong>")[2]

    before = int(number())
    engine.store.update(f"{PROLOGUE} INSERT DATA {{ practice:new a ic:Practice }}")
    engine.revision += 1
    assert int(number()) == before + 1
