import io

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pyoxigraph import Literal, NamedNode, QueryResultsFormat, QuerySolutions, Store

from icgraph.query.results import SOLUTION_FORMATS
from icgraph.query.rows import ROW_COUNTERS

#: What could be taken for the structure of one of the formats.
tricky = st.sampled_from(
    ['"', "\\", "}},{", "[{", ",{", "\n", "\r\n", "<result>", ",", "\t", "{}", "é"]
)
text = st.lists(tricky | st.text(max_size=3), max_size=6).map("".join)
cell = st.none() | text


def serialised(rows: list[tuple[str | None, str | None]], media_type: str) -> bytes:
    values = " ".join(
        "(" + " ".join("UNDEF" if value is None else str(Literal(value)) for value in row) + ")"
        for row in rows
    )
    answer = Store().query(f"SELECT ?x ?y WHERE {{ VALUES (?x ?y) {{ {values} }} }}")
    assert isinstance(answer, QuerySolutions)
    written = answer.serialize(format=SOLUTION_FORMATS[media_type])
    assert written is not None
    return written


@pytest.mark.parametrize("media_type", ROW_COUNTERS)
@given(rows=st.lists(st.tuples(cell, cell), max_size=6), cuts=st.lists(st.integers(1, 40)))
def test_rows_are_counted_exactly_wherever_the_bytes_are_cut(media_type, rows, cuts) -> None:
    body = io.BytesIO(serialised(rows, media_type))
    counter = ROW_COUNTERS[media_type]()
    for length in cuts:
        counter.add(body.read(length))
    assert counter.add(body.read()) == len(rows)


def test_every_format_of_solutions_is_counted() -> None:
    assert set(ROW_COUNTERS) == set(SOLUTION_FORMATS)


def test_the_terms_of_a_row_are_no_rows() -> None:
    answer = Store().query("SELECT (<http://example.org/a> AS ?x) (1 AS ?y) {}")
    assert isinstance(answer, QuerySolutions)
    written = answer.serialize(format=QueryResultsFormat.JSON)
    assert written is not None
    assert NamedNode("http://example.org/a").value.encode() in written
    assert ROW_COUNTERS["application/sparql-results+json"]().add(written) == 1
