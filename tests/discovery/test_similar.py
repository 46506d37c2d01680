"""Similar practices: the ones that share most, and what they share."""

from collections import Counter

import pytest

from icgraph.discovery.asking import answer
from icgraph.discovery.records import read_record
from icgraph.discovery.similar import SHOWN, seek_similar
from icgraph.model.iris import RecordName

WEIGHTS = {
    "ic:withinProject": 6,
    "ic:involves": 4,
    "dcterms:spatial": 3,
    "dcterms:subject": 2,
}


def scores(reading, record) -> Counter:
    """Counted by hand, one shared thing at a time."""
    found: Counter = Counter()
    for name, weight in WEIGHTS.items():
        for term in record.all(name):
            rows = reading.rows(f"SELECT ?s WHERE {{ ?s {name} {term} ; a ic:Practice }}")
            found.update({row["s"].value: weight for row in rows if row["s"].value != record.iri})
    return found


@pytest.mark.parametrize(
    "slug", ["integration-support-group", "a-smile-of-a-child", "the-quality-of-life-framework"]
)
def test_those_are_similar_that_share_most(reading, slug):
    record = read_record(reading, RecordName("practice", slug))
    by_hand = scores(reading, record)
    best = sorted(by_hand, key=lambda iri: (-by_hand[iri], iri))[:SHOWN]
    assert [one.iri for one in answer(reading, seek_similar(record))] == best


def test_what_is_shared_is_told(reading):
    record = read_record(reading, RecordName("practice", "integration-support-group"))
    first = answer(reading, seek_similar(record))[0]
    assert first.of("project") == [f"{reading.base.iri}id/project/lublin-4-all"]
    assert first.of("place") == [f"{reading.base.iri}id/place/pl-lublin"]
    assert len(first.of("organisation")) == 3
    other = read_record(reading, reading.base.name_of(first.iri))
    assert {iri for _, iri in first.shared} <= {
        term.value for name in WEIGHTS for term in other.all(name)
    }


def test_only_practices_have_similar_ones(reading):
    record = read_record(reading, RecordName("project", "lublin-4-all"))
    assert answer(reading, seek_similar(record)) == []
