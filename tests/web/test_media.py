"""The choice of format by `Accept`."""

from contextlib import suppress

import pytest
from hypothesis import given
from hypothesis import strategies as st

from icgraph.errors import FormatNotOffered
from icgraph.web.media import (
    GRAPH_FORMATS,
    HTML,
    JSONLD,
    NTRIPLES,
    RDFXML,
    RECORD_FORMATS,
    RESULT_FORMATS,
    RESULTS_CSV,
    RESULTS_JSON,
    RESULTS_XML,
    TURTLE,
    by_name,
    by_suffix,
    negotiate,
    prefers_html,
)

FIREFOX = "text/html,application/xhtml+xml,application/xml;q=0.9,image/avif,image/webp,*/*;q=0.8"
CHROMIUM = (
    "text/html,application/xhtml+xml,application/xml;q=0.9,image/avif,image/webp,image/apng,"
    "*/*;q=0.8,application/signed-exchange;v=b3;q=0.7"
)
SAFARI = "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8"
JENA = (
    "text/turtle,application/n-triples;q=0.9,application/ld+json;q=0.8,"
    "application/rdf+xml;q=0.7,*/*;q=0.3"
)
JENA_RESULTS = (
    "application/sparql-results+json, application/sparql-results+xml;q=0.9, "
    "text/tab-separated-values;q=0.7, text/csv;q=0.5, application/json;q=0.2, "
    "application/xml;q=0.2, */*;q=0.1"
)
COMUNICA = (
    "application/n-quads,application/trig;q=0.95,application/ld+json;q=0.9,"
    "application/n-triples;q=0.8,text/turtle;q=0.6,application/rdf+xml;q=0.5,"
    "text/n3;q=0.35,application/json;q=0.45,application/xml;q=0.3,text/html;q=0.2"
)
RDFLIB = (
    "application/rdf+xml,text/rdf+n3;q=0.9,text/turtle;q=0.9,application/n-triples;q=0.8,"
    "application/ld+json;q=0.7,*/*;q=0.1"
)


@pytest.mark.parametrize(
    ("accept", "expected"),
    [
        (None, HTML),
        ("", HTML),
        ("*/*", HTML),
        (FIREFOX, HTML),
        (CHROMIUM, HTML),
        (SAFARI, HTML),
        (JENA, TURTLE),
        (COMUNICA, JSONLD),
        (RDFLIB, RDFXML),
        ("text/turtle", TURTLE),
        ("TEXT/Turtle", TURTLE),
        ("text/turtle;charset=utf-8", TURTLE),
        ("text/turtle; charset=UTF-8; q=0.5, application/n-triples; q=0.4", TURTLE),
        ('application/ld+json;profile="http://www.w3.org/ns/json-ld#compacted"', JSONLD),
        ("application/json", JSONLD),
        ("application/n-triples, text/turtle", TURTLE),
        ("application/n-triples;q=0.9, text/turtle;q=0.8", NTRIPLES),
        ("text/html;q=0, */*", TURTLE),
        ("*/*;q=0.1, text/html;q=0", TURTLE),
        ("image/gif, *; q=.2, */*; q=.2", HTML),  # Java writes weights so
        ("text/html;q=0, application/xhtml+xml;q=0, text/*", TURTLE),
        ("text/*;q=0.3, text/turtle;q=0.7, */*;q=0.5", TURTLE),
        ("text/*;q=0.3, */*;q=0.5", JSONLD),
        ("text/turtle, */*", TURTLE),
        ("application/*", JSONLD),
        ("application/*;q=0.8, text/html;q=0.7", JSONLD),
        ("text/html;level=3;q=0, text/html", HTML),
        ("image/png, application/rdf+xml;q=0.001", RDFXML),
    ],
)
def test_a_record_comes_in_the_format_liked_best(accept, expected):
    assert negotiate(accept, RECORD_FORMATS) is expected


@pytest.mark.parametrize(
    ("accept", "expected"),
    [
        ("*/*", RESULTS_JSON),
        (None, RESULTS_JSON),
        (JENA_RESULTS, RESULTS_JSON),
        ("application/sparql-results+xml", RESULTS_XML),
        ("application/sparql-results+json;q=0.5,text/csv", RESULTS_CSV),
        ("application/json", RESULTS_JSON),
        ("application/xml", RESULTS_XML),
    ],
)
def test_results_come_in_the_format_liked_best(accept, expected):
    assert negotiate(accept, RESULT_FORMATS) is expected


@pytest.mark.parametrize(
    "accept", ["image/png", "text/turtle;q=0", "*/*;q=0", "text/html;q=0", "audio/*"]
)
def test_what_cannot_be_given_is_said_with_what_can(accept):
    offered = [HTML] if accept == "text/html;q=0" else RECORD_FORMATS
    with pytest.raises(FormatNotOffered) as caught:
        negotiate(accept, offered)
    assert caught.value.members["offered"] == [format_.media_type for format_ in offered]


@pytest.mark.parametrize(
    ("accept", "expected"),
    [
        (FIREFOX, True),
        (CHROMIUM, True),
        ("text/html", True),
        (None, False),
        ("*/*", False),
        ("application/json", False),
        ("text/turtle", False),
        ("application/problem+json, text/html;q=0.5", False),
        (JENA, False),
    ],
)
def test_only_browsers_get_pages_of_errors(accept, expected):
    assert prefers_html(accept) is expected


def test_a_suffix_names_one_format():
    assert by_suffix(".ttl", RECORD_FORMATS) is TURTLE
    assert by_suffix(".doc", RECORD_FORMATS) is None


@pytest.mark.parametrize("name", ["turtle", "ttl", "TURTLE", "text/turtle"])
def test_a_parameter_may_name_a_format_in_several_ways(name):
    assert by_name(name, GRAPH_FORMATS) is TURTLE


def test_binary_safe_types_carry_no_charset():
    assert JSONLD.content_type == "application/ld+json"
    assert TURTLE.content_type == "text/turtle; charset=utf-8"


@given(st.text(max_size=60))
def test_no_header_breaks_the_choice(accept):
    with suppress(FormatNotOffered):
        assert negotiate(accept, RECORD_FORMATS) in RECORD_FORMATS


@given(st.permutations(JENA.split(",")))
def test_the_order_of_ranges_does_not_matter(ranges):
    assert negotiate(",".join(ranges), RECORD_FORMATS) is TURTLE
