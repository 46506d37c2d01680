"""The suites on the engine alone: where it deviates is where docs/conformance.md says so."""

from collections.abc import Iterable

import pytest

from tests.conformance.engine import Engine
from tests.conformance.listed import ENGINE_FORMS, ENGINE_OTHER, POLICY, listed_under
from tests.conformance.suite import SUITE, Case, cases
from tests.conformance.verdict import failure

pytestmark = pytest.mark.skipif(not SUITE.is_dir(), reason="../shared/suites/sparql11 is not there")


@pytest.fixture(scope="module")
def all_cases() -> list[Case]:
    return cases()


def failing(tested: Iterable[Case], *, by_value: bool = False) -> set[str]:
    engine = Engine()
    return {str(case) for case in tested if failure(case, engine, by_value=by_value)}


def test_every_test_of_the_suites_is_read(all_cases: list[Case]) -> None:
    written = sum(path.read_text().count("mf:name") for path in SUITE.glob("*/manifest.ttl"))
    assert len(all_cases) == written == len(set(map(str, all_cases)))


def test_the_engine_fails_the_tests_that_are_listed_and_no_other(all_cases: list[Case]) -> None:
    assert failing(all_cases) == listed_under(ENGINE_FORMS) | listed_under(ENGINE_OTHER)


def test_numbers_in_another_form_have_the_right_value(all_cases: list[Case]) -> None:
    listed = listed_under(ENGINE_FORMS)
    assert failing((case for case in all_cases if str(case) in listed), by_value=True) == set()


def test_other_answers_differ_in_more_than_the_form(all_cases: list[Case]) -> None:
    listed = listed_under(ENGINE_OTHER)
    assert failing((case for case in all_cases if str(case) in listed), by_value=True) == listed


def test_the_policy_refuses_nothing_that_the_engine_fails() -> None:
    assert not listed_under(POLICY) & (listed_under(ENGINE_FORMS) | listed_under(ENGINE_OTHER))
