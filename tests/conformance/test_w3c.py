"""The suites through HTTP: every test passes that the engine alone passes."""

from collections import Counter

import pytest

from tests.conformance.listed import (
    COUNTS,
    ENGINE_FORMS,
    ENGINE_OTHER,
    POLICY,
    listed_under,
    rows_under,
)
from tests.conformance.service import Service
from tests.conformance.suite import SUITE, Case, cases
from tests.conformance.verdict import failure

pytestmark = pytest.mark.skipif(not SUITE.is_dir(), reason="../shared/suites/sparql11 is not there")

CASES = cases()
FORMS = listed_under(ENGINE_FORMS)
OTHER = listed_under(ENGINE_OTHER)
REFUSED = listed_under(POLICY)


@pytest.mark.parametrize("case", CASES, ids=str)
def test_w3c(case: Case, service: Service) -> None:
    failed = failure(case, service)
    if str(case) in REFUSED:
        assert '"query-refused"' in failed
    elif str(case) in FORMS | OTHER:
        assert failed, "this passes: docs/conformance.md must not list it"
        assert bool(failure(case, service, by_value=True)) == (str(case) in OTHER)
    else:
        assert not failed, failed


def test_the_table_of_the_suites_counts_them() -> None:
    columns = [
        Counter(case.suite for case in CASES if str(case) not in failing)
        for failing in (set(), FORMS | OTHER | REFUSED, OTHER | REFUSED, FORMS | OTHER)
    ]
    suites = sorted(columns[0])
    due = [[f"`{suite}`", *(str(column[suite]) for column in columns)] for suite in suites]
    assert rows_under(COUNTS) == [*due, ["all", *(str(column.total()) for column in columns)]]
