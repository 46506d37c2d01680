from rdflib import RDF, Literal, Namespace

from icgraph.model.periods import Period, parse_date
from icgraph.model.terms import FOREIGN_PREFIXES
from tests.ontology.graphs import NS, read

IC = Namespace(NS)
DCAT = Namespace(FOREIGN_PREFIXES["dcat"])
BOUNDS = ("startEarliest", "startLatest", "endEarliest", "endLatest")


def test_the_bounds_of_every_period_follow_from_its_dates() -> None:
    data = read("data/**/*.ttl")
    periods = set(data.subjects(RDF.type, IC.Period))
    assert periods
    for period in periods:
        start, end = (data.value(period, DCAT[name]) for name in ("startDate", "endDate"))
        dates = [None if date is None else parse_date(str(date)) for date in (start, end)]
        expected = {name: str(day) for name, day in Period(*dates, "unknown").bounds.items()}
        stated = {name: data.value(period, IC[name]) for name in BOUNDS}
        assert {name: str(day) for name, day in stated.items() if day is not None} == expected
        for date, parsed in zip((start, end), dates, strict=True):
            if isinstance(date, Literal) and parsed is not None:
                assert str(date.datatype).endswith(f"#{parsed.datatype}"), period
