"""What tells a client whether it has an answer already, on pages and data alike."""

from datetime import UTC, datetime

import pytest
from pyoxigraph import Literal, NamedNode, Quad, Store
from werkzeug.http import http_date, parse_etags

from icgraph.config import Settings
from icgraph.model.iris import Base
from icgraph.model.terms import DEFAULT_BASE, FOREIGN_PREFIXES
from icgraph.store.packaged import packaged_dataset
from icgraph.web import build_app
from icgraph.web.site import Site
from icgraph.web.validators import Remembered, Validators, tag_of
from tests.web.conftest import InProcess

GROUP = "/doc/practice/integration-support-group"
VARIANTS = [
    GROUP + suffix for suffix in (".html", ".html?lang=fr", ".ttl", ".nt", ".jsonld", ".rdf")
]
CHANGED = datetime(2026, 5, 4, 3, 2, 1, tzinfo=UTC)
BEFORE, AFTER = CHANGED.replace(second=0), CHANGED.replace(second=2)
DATE_TIME = NamedNode(FOREIGN_PREFIXES["xsd"] + "dateTime")


def modified(path: str, moment: str) -> Quad:
    return Quad(
        NamedNode(DEFAULT_BASE + path.lstrip("/")),
        NamedNode(FOREIGN_PREFIXES["dcterms"] + "modified"),
        Literal(moment, datatype=DATE_TIME),
        NamedNode(f"{DEFAULT_BASE}graph/provenance"),
    )


def client_over(quads, revision=1):
    store = Store()
    store.extend(quads)
    return build_app(Site(InProcess(store, revision), Base(DEFAULT_BASE), Settings())).test_client()


@pytest.fixture(scope="module")
def quads():
    return [*packaged_dataset(), modified(GROUP, "2026-05-04T05:02:01.987654+02:00")]


@pytest.fixture(scope="module")
def dated(quads):
    return client_over(quads)


@pytest.mark.parametrize(
    ("path", "accept"),
    [
        *(
            (path, "*/*")
            for path in (*VARIANTS, "/scheme/", "/shapes/", "/ns/?lang=fr", "/practices")
        ),
        *((path, "text/turtle") for path in ("/scheme/", "/shapes/", "/ns/Practice")),
        ("/shapes/", "application/n-triples"),
    ],
)
def test_the_same_graph_gives_the_same_bytes_in_whatever_order_it_is_held(
    path, accept, dated, backwards
):
    first, second = (each.get(path, headers={"Accept": accept}) for each in (dated, backwards))
    assert first.data == second.data
    assert first.headers.get("ETag") == second.headers.get("ETag")


@pytest.fixture(scope="module")
def backwards(quads):
    return client_over(reversed(quads))


def test_tags_are_strong_and_each_variants_own(dated):
    tags = [dated.get(path).headers["ETag"] for path in VARIANTS]
    assert not any(tag.startswith("W/") for tag in tags)
    assert len(set(tags)) == len(tags)


def test_a_change_elsewhere_leaves_the_tag_of_data_as_it_was(quads, dated):
    elsewhere = Quad(
        NamedNode(f"{DEFAULT_BASE}id/place/nowhere"),
        NamedNode(FOREIGN_PREFIXES["rdfs"] + "label"),
        Literal("Nowhere", language="en"),
    )
    later = client_over([*quads, elsewhere], revision=2)
    tag = dated.get(GROUP + ".ttl").headers["ETag"]
    reply = later.get(GROUP + ".ttl", headers={"If-None-Match": tag})
    assert (reply.status_code, reply.data) == (304, b"")


def test_a_change_of_what_is_shown_changes_the_tag(quads, dated):
    lublin = NamedNode(f"{DEFAULT_BASE}id/place/pl-lublin")
    label = NamedNode(FOREIGN_PREFIXES["rdfs"] + "label")
    later = client_over([*quads, Quad(lublin, label, Literal("Люблин", language="ru"))], revision=2)
    tag = dated.get(GROUP + ".ttl").headers["ETag"]
    assert later.get(GROUP + ".ttl", headers={"If-None-Match": tag}).status_code == 200


@pytest.mark.parametrize("path", VARIANTS)
def test_every_variant_tells_when_the_record_last_changed(path, dated):
    assert dated.get(path).last_modified == CHANGED


@pytest.mark.parametrize(("since", "status"), [(BEFORE, 200), (CHANGED, 304), (AFTER, 304)])
def test_what_has_not_changed_since_is_not_sent(since, status, dated):
    headers = {"If-Modified-Since": http_date(since)}
    assert dated.get(GROUP + ".ttl", headers=headers).status_code == status


def test_a_tag_outweighs_a_date(dated):
    headers = {"If-Modified-Since": http_date(AFTER), "If-None-Match": '"another"'}
    assert dated.get(GROUP + ".ttl", headers=headers).status_code == 200


def test_a_record_whose_change_nobody_noted_has_no_date(dated):
    assert dated.get("/doc/place/pl-lublin").last_modified is None


@pytest.mark.parametrize("path", VARIANTS)
def test_an_answer_that_is_not_sent_says_no_more_than_it_may(path, dated):
    full = dated.get(path)
    reply = dated.get(path, headers={"If-None-Match": full.headers["ETag"]})
    assert reply.status_code == 304
    assert "Content-Type" not in reply.headers
    for name in ("ETag", "Cache-Control", "Vary"):
        assert reply.headers.get(name) == full.headers.get(name)


def test_any_tag_will_do_for_an_asterisk(dated):
    assert dated.get(GROUP, headers={"If-None-Match": "*"}).status_code == 304


def test_a_page_that_is_not_there_is_no_answer_to_keep(dated):
    reply = dated.get("/doc/practice/nothing", headers={"If-None-Match": "*"})
    assert reply.status_code == 404
    assert "ETag" not in reply.headers


def test_tags_tell_where_one_part_ends():
    assert tag_of("ab", "c") != tag_of("a", "bc")


def test_validators_are_forgotten_with_their_revision_and_beyond_the_most():
    remembered = Remembered(most=2)
    for number in range(3):
        remembered.keep("one", str(number), Validators(str(number)))
    assert remembered.find("one", "0") is None
    assert remembered.find("one", "2") == Validators("2")
    assert remembered.find("two", "2") is None
    remembered.keep("two", "3", Validators("3"))
    assert remembered.find("one", "2") is None


def test_tags_are_compared_weakly():
    assert Validators("t").held_by(parse_etags('W/"t"'), None)
