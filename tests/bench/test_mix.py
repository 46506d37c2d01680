"""The texts that are asked, and the page that is written."""

import itertools
import json
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

import pytest
from bench.mix import NEVER_SEEN, VARIANTS, cold_mix, questions, variants, warm_orders
from bench.page import write_page
from pyoxigraph import Store

from icgraph.discovery.stored import stored_queries

RECORDS = [f"<https://w3id.org/icgraph/id/practice/practice-{number}>" for number in range(1000)]


def test_every_stored_question_is_in_the_cold_mix() -> None:
    assert {query.text for query in stored_queries()} < set(cold_mix(RECORDS))


def test_the_variants_are_different_texts_that_parse() -> None:
    texts = variants(RECORDS)
    assert len(set(texts)) == len(texts) == VARIANTS
    for text in texts:
        Store().query(text)


def test_one_text_in_ten_was_never_asked_before() -> None:
    order = warm_orders("http://127.0.0.1:1/sparql", RECORDS)[0]
    asked = [
        parse_qs(urlsplit(request.split(b" ")[1].decode()).query)["query"][0]
        for request in itertools.islice(order, 2000)
    ]
    known = set(variants(RECORDS))
    fresh = [text for text in asked if text not in known]
    assert len(set(fresh)) == len(fresh)
    assert len(fresh) / len(asked) == pytest.approx(NEVER_SEEN, abs=0.03)
    for text in fresh[:50]:
        Store().query(text)


def test_the_page_names_what_could_not_be_measured(tmp_path: Path) -> None:
    speed = {"per_second": 10.0, "p50": 1, "p95": 2, "p99": 3, "failed": 0}
    slow = speed | {"per_second": 4.0}
    asked = {query.name: {"rows": 1, "alone": 5.0, **speed} for query in questions()}
    told = {
        "machine": {"date": "2026-01-01", "cores": 2, "architecture": "x", "python": "3"},
        "sizes": {
            "50000": {
                "servers": {
                    "icgraph": {"cold": speed, "warm": speed, "questions": asked, "load": 1.0},
                    "slow": {"cold": slow, "questions": {}, "load": 2.0},
                    "absent": {"problem": "not installed"},
                }
            }
        },
    }
    write_page(json.loads(json.dumps(told)), tmp_path / "performance.md")
    page = (tmp_path / "performance.md").read_text("utf-8")
    assert "absent: not installed" in page
    assert "| slow | 4 | 2.50 × |" in page
    assert "<svg" in (tmp_path / "performance.svg").read_text("utf-8")
