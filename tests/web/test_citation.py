"""Citations: whatever a title holds, reference managers read one entry."""

import re

from hypothesis import given
from hypothesis import strategies as st

from icgraph.web.citation import Citation, bibtex, ris

IRI = "https://w3id.org/icgraph/id/practice/one"
TITLES = st.text(min_size=1, max_size=80)


def citation(title: str) -> Citation:
    return Citation(title, IRI, "icgraph-practice-one", 7, "2026-11-22", "en")


@given(TITLES)
def test_braces_of_bibtex_stay_balanced(title):
    depth = 0
    for match in re.finditer(r"\\[{}\\]|[{}]", bibtex(citation(title))):
        depth += {"{": 1, "}": -1}.get(match[0], 0)
        assert depth >= 0
    assert depth == 0


@given(TITLES)
def test_every_line_of_ris_is_a_tag(title):
    lines = ris(citation(title)).split("\r\n")
    assert lines[0] == "TY  - DATA"
    assert lines[-2:] == ["ER  - ", ""]
    assert all(re.match(r"[A-Z][A-Z0-9]  - ", line) for line in lines[:-1])


def test_an_entry_names_revision_date_and_address():
    entry = bibtex(citation("50 % of #1 & more_"))
    assert "title = {{50 \\% of \\#1 \\& more\\_}}" in entry
    assert "date = {2026-11-22}" in entry
    assert "version = {revision 7}" in entry
    assert f"url = {{{IRI}}}" in entry


def test_without_a_known_day_none_is_made_up():
    unknown = Citation("One", IRI, "one", 7, None)
    assert "year" not in bibtex(unknown)
    assert "PY  -" not in ris(unknown)
