"""Tables of records: one reading a revision, and what a period means for the years."""

import threading

import pytest
from pyoxigraph import RdfFormat, Store

from icgraph.discovery.reading import Reading
from icgraph.discovery.selection import Narrowed, Selection
from icgraph.discovery.tables import bits, members
from icgraph.discovery.tabulation import Tables
from icgraph.errors import ResultTooLarge
from icgraph.model.iris import Base
from icgraph.model.kinds import KINDS
from icgraph.model.terms import DEFAULT_BASE, prefixes
from tests.web.conftest import InProcess

PRACTICE = KINDS["practice"]
PROLOGUE = "\n".join(f"@prefix {prefix}: <{iri}> ." for prefix, iri in prefixes().items())


def _engine(turtle, revision=1):
    store = Store()
    store.load(f"{PROLOGUE}\n{turtle}".encode(), format=RdfFormat.TURTLE)
    return InProcess(store, revision)


def _reading(engine):
    return Reading(engine, Base(DEFAULT_BASE), "en")


def _years(bounds):
    """The years (possible, certain) of a practice with these bounds, beside one up to 2026."""
    engine = _engine(
        f"""
        practice:one a ic:Practice ; ic:period <{DEFAULT_BASE}id/practice/one#period> .
        <{DEFAULT_BASE}id/practice/one#period> {bounds} .
        practice:other a ic:Practice ; ic:period <{DEFAULT_BASE}id/practice/other#period> .
        <{DEFAULT_BASE}id/practice/other#period> ic:startEarliest "2026-01-01"^^xsd:date ;
          ic:startLatest "2026-12-31"^^xsd:date .
        """
    )
    table = Tables().get(_reading(engine), PRACTICE)
    one = 1 << table.iris.index(f"{DEFAULT_BASE}id/practice/one")
    values = table.facets["year"].values()
    return (
        [int(value.code) for value in values if value.records & one],
        [int(value.code) for value in values if value.certain & one],
    )


END = 'ic:endEarliest "2015-01-01"^^xsd:date ; ic:endLatest "2016-12-31"^^xsd:date'
START = 'ic:startEarliest "2012-01-01"^^xsd:date ; ic:startLatest "2013-06-30"^^xsd:date'


@pytest.mark.parametrize(
    ("bounds", "possible", "certain"),
    [
        (
            f"{START} ; {END}",
            [2012, 2013, 2014, 2015, 2016],
            [2013, 2014, 2015],
        ),
        (START, list(range(2012, 2027)), []),
        (f'{START} ; ic:statedOn "2014-11-21"^^xsd:date', list(range(2012, 2027)), [2013, 2014]),
        ('ic:statedOn "2014-11-21"^^xsd:date', [], []),
    ],
)
def test_years_follow_the_bounds_of_a_period(bounds, possible, certain):
    assert _years(bounds) == (possible, certain)


def test_years_out_of_reason_are_no_values():
    bounds = 'ic:startEarliest "0012-01-01"^^xsd:date ; ic:startLatest "0012-12-31"^^xsd:date'
    possible, _ = _years(bounds)
    assert possible == list(range(1900, 2027))


def test_threads_that_need_a_table_wait_for_one_reading():
    engine = _engine("practice:one a ic:Practice ; rdfs:label 'One'@en .")
    tables = Tables()
    tables.get(_reading(engine), PRACTICE)
    asked_once = engine.asked
    tables, engine.asked = Tables(), 0
    threads = [
        threading.Thread(target=tables.get, args=(_reading(engine), PRACTICE)) for _ in range(8)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert engine.asked == asked_once


def test_a_new_revision_is_read_anew():
    engine = _engine("practice:one a ic:Practice ; rdfs:label 'One'@en .")
    tables = Tables()
    first = tables.get(_reading(engine), PRACTICE)
    assert tables.get(_reading(engine), PRACTICE) is first
    engine.store.update(
        f"INSERT DATA {{ <{DEFAULT_BASE}id/practice/two> a <{DEFAULT_BASE}ns/Practice> }}"
    )
    engine.revision = 2
    assert len(tables.get(_reading(engine), PRACTICE).iris) == 2


def test_a_graph_too_large_to_be_listed_is_told_so():
    class Small(InProcess):
        """An engine that gives results of a hundred rows at most."""

        def rows(self, query):
            found = super().rows(query)
            if len(found) > 100:
                raise ResultTooLarge("more than 100 rows", limit="result_rows", value=100)
            return found

    many = " ".join(f"practice:p{number} a ic:Practice ." for number in range(101))
    engine = _engine(many)
    small = Small(engine.store)
    with pytest.raises(ResultTooLarge, match="too many records to list /practices") as refusal:
        Tables().get(_reading(small), PRACTICE)
    assert refusal.value.members == {"limit": "result_rows", "value": 100}


def test_no_result_is_larger_than_a_facet():
    """Of a hundred records with names, topics and places, no query gives 300 rows."""
    largest = 0

    class Counting(InProcess):
        def rows(self, query):
            nonlocal largest
            found = super().rows(query)
            largest = max(largest, len(found))
            return found

    many = " ".join(
        f"practice:p{number} a ic:Practice ; rdfs:label 'One' ; dcterms:subject topic:refugees ;"
        " dcterms:spatial place:pl-lublin ." for number in range(100)
    )  # fmt: skip
    table = Tables().get(_reading(Counting(_engine(many).store)), PRACTICE)
    assert len(table.iris) == largest == 100


def test_a_record_without_any_value_is_counted():
    table = Tables().get(_reading(_engine("practice:one a ic:Practice .")), PRACTICE)
    assert Narrowed(table, Selection()).total == 1


def test_what_is_no_record_of_ours_is_not_listed():
    engine = _engine("<https://example.org/x> a ic:Practice . [] a ic:Practice .")
    assert Tables().get(_reading(engine), PRACTICE).iris == ()


@pytest.mark.parametrize("positions", [[], [0], [7, 8, 9], [0, 63, 64, 200]])
def test_a_set_of_positions_comes_back(positions):
    assert members(bits(positions, 201)) == positions
