"""Every value of the facts on practices stands in the committed data.

The importer has no part in this (see `saying`). Where a value is meant to differ, a reviewable
table says so: bettered texts, units, figures that tell of the place, what hand-made records say
instead.
"""

import re
from collections import Counter

import pytest

from tests.curation.saying import (
    differences,
    folded,
    names,
    needs_facts,
    number,
    one,
    said,
    set_of,
    straight,
    table,
    tagged,
    values,
    without_reason,
)
from tests.queries.facts import Practice, practices, record, tidy, within

pytestmark = needs_facts

SECTIONS = ("purpose", "rationale", "process", "impact")


def test_there_is_something_to_compare():
    assert len(practices()) == 389
    assert said()["practice/an-integrated-area-plan"]
    assert len(said("seeds")) > 100


def test_every_title_is_a_label_in_its_language():
    assert not differences(
        (
            each.iri,
            {(straight(tidy(title)), tag.lower()) for tag, title in each.values["title"].items()},
            {(straight(title), tag) for title, tag in tagged(each.iri, "label")},
        )
        for each in practices()
    )


def test_every_other_title_is_a_name():
    lacking = {
        (each.iri, title)
        for each in practices()
        for title in each.values.get("alt_titles", [])
        if folded(title) not in names(each.iri)
    }
    assert not lacking


def words(practice: Practice, key, text):
    """The text of a summary or section, or the bettered one of the table."""
    bettered = {(row["practice"], row["key"]): row["text"] for row in table("texts")}
    return {(tidy(bettered.get((practice.values["id"], key), text)), "en")} if text else set()


def test_every_summary_is_there_in_full():
    assert not differences(
        (each.iri, words(each, "summary", each.values["summary"]), tagged(each.iri, "abstract"))
        for each in practices()
    )


@pytest.mark.parametrize("section", SECTIONS)
def test_every_section_is_there_in_full(section):
    told = [(each, each.values.get("sections", {}).get(section)) for each in practices()]
    assert any(text for _, text in told)
    assert not differences(
        (each.iri, words(each, section, text), tagged(each.iri, section)) for each, text in told
    )


def test_no_section_goes_by_another_name():
    assert {key for each in practices() for key in each.values.get("sections", {})} <= {*SECTIONS}


def test_every_target_group_is_there():
    assert not differences(
        (
            each.iri,
            {(tidy(group), "en") for group in each.values.get("target_groups", [])},
            tagged(each.iri, "targetGroup"),
        )
        for each in practices()
    )


def figure(practice: Practice, values_of_figure):
    units = {row["word"]: row["unit"] for row in table("units")}
    context = {(row["practice"], row["what"]) for row in table("context-figures")}
    what, unit = tidy(values_of_figure["what"]), tidy(values_of_figure["unit"])
    about = practice.iri
    if (practice.values["id"], what) in context:
        about = record("practices", practice.line, "city", practice.values["city"])
    year = values_of_figure.get("year")
    return what, number(values_of_figure["value"]), units.get(unit, unit), year, about


def test_every_figure_has_its_number_words_unit_year_and_subject():
    assert not differences(
        (
            each.iri,
            Counter(figure(each, values) for values in each.values.get("figures", [])),
            Counter(
                (
                    one(part, "label"),
                    number(one(part, "value")),
                    one(part, "unit"),
                    one(part, "year"),
                    one(part, "figureAbout"),
                )
                for part in values(each.iri, "figure")
            ),
        )
        for each in practices()
    )


def test_every_cost_has_its_sum_and_currency():
    told = [(each, each.values.get("cost")) for each in practices()]
    assert any(cost for _, cost in told)
    assert not differences(
        (
            each.iri,
            {(number(cost["value"]), cost["currency"])} if cost else set(),
            {
                (number(one(part, "value")), one(part, "currency"))
                for part in values(each.iri, "cost")
            },
        )
        for each, cost in told
    )


def test_every_contact_has_its_function():
    assert not differences(
        (each.iri, set_of(each.values.get("contact_role")), values(each.iri, "contactRole"))
        for each in practices()
    )


def test_every_year_is_there_and_what_goes_on_has_no_last_one():
    def year(practice: Practice, key):
        return set_of((practice.values.get(key) or "")[:4] or None)

    assert not differences(
        pair
        for each in practices()
        for pair in (
            (each.iri, year(each, "start"), values(each.iri, "startYear")),
            (each.iri, set() if each.goes_on else year(each, "end"), values(each.iri, "endYear")),
        )
    )


def test_every_date_is_as_precise_as_stated():
    def dates(practice: Practice, predicate):
        parts = values(practice.iri, "period") | values(practice.iri, "phase")
        return {date for part in parts for date in values(part, predicate)}

    assert not differences(
        (each.iri, set_of(each.values.get(key)), dates(each, predicate))
        for each in practices()
        for key, predicate in (("start", "startDate"), ("end", "endDate"))
    )


def test_whether_it_goes_on_is_told():
    lacking = {
        (each.iri, "ic:status", f"status:{each.status}")
        for each in practices()
        if values(each.iri, "status") != {f"scheme/temporal-status/{each.status}"}
    }
    assert not without_reason(lacking)


def test_every_wording_of_a_period_is_kept_unless_it_is_the_year_of_the_entry():
    labels = [(each, each.values.get("year_label")) for each in practices()]
    assert not differences(
        (
            each.iri,
            set() if label is None or re.fullmatch(r"\d{4}", label) else {tidy(label)},
            {text for part in values(each.iri, "period") for text in values(part, "statedAs")},
        )
        for each, label in labels
    )


def test_every_topic_is_there():
    assert not differences(
        (each.iri, {f"scheme/topic/{topic}" for topic in each.topics}, values(each.iri, "subject"))
        for each in practices()
    )


def test_every_partner_city_is_there_with_what_is_done_together():
    assert not differences(
        (
            each.iri,
            {
                (
                    record("practices", each.line, f"{tie.path}.city", tie.values["city"]),
                    tidy(tie.values["what"]),
                )
                for tie in within("practices", each.line, each.values, "partner_cities")
            },
            {
                (one(part, "partnerPlace"), what)
                for part in values(each.iri, "cityLink")
                for what in values(part, "label")
            },
        )
        for each in practices()
    )


def test_every_document_referred_to_is_there_by_title_and_address():
    lacking = []
    for each in practices():
        cited = {
            (name, address)
            for source in values(each.iri, "references")
            for name in names(source)
            for address in values(source, "url") or {None}
        }
        for document in each.values.get("reference_documents", []):
            known = (folded(document["title"]), document.get("url")) in cited
            lacking += [] if known else [(each.iri, document)]
    assert not lacking


def test_every_place_and_country_of_a_practice_is_there():
    assert not differences(
        pair
        for each in practices()
        for pair in (
            (each.iri, each.places, values(each.iri, "spatial")),
            (each.iri, {f"place/{each.country}"}, values(each.iri, "country")),
        )
    )
