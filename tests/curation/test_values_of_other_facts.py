"""Every value of the facts on cities, organisations and projects stands in the committed data.

The importer has no part in this (see `saying`). Left out by rule: what was written from memory,
and what GeoNames says of another locality than the one meant.
"""

import re
from collections import Counter

import pytest

from tests.curation.saying import (
    described,
    differences,
    folded,
    names,
    needs_facts,
    number,
    one,
    seen,
    set_of,
    table,
    tagged,
    values,
)
from tests.queries import facts
from tests.queries.facts import practices, record, tidy, within

pytestmark = needs_facts


# Cities


def test_every_name_of_a_city_is_there():
    lacking = []
    for number_, _, line in described("cities"):
        told = [("name", line["name"])]
        told += [(f"alt_names[{n}]", name) for n, name in enumerate(line.get("alt_names", []))]
        told += [(f"names.{tag}", name) for tag, name in line.get("names", {}).items()]
        for path, name in told:
            place = record("cities", number_, path, name)  # another place's, by the ledger
            if folded(name) not in names(place):
                lacking.append((place, path, name))
    assert not lacking


def test_every_city_has_its_coordinates():
    def point(place):
        found = {text for part in values(place, "hasCentroid") for text in values(part, "asWKT")}
        return {tuple(map(float, re.findall(r"[-\d.]+", text))) for text in found}

    assert not differences(
        (place, {(line["lon"], line["lat"])} if "lat" in line else set(), point(place))
        for _, place, line in described("cities")
    )


def test_what_is_said_of_coordinates_stands_with_them():
    lacking = [
        (place, words)
        for _, place, line in described("cities")
        for words in (line.get("geo_note"), line.get("geo_proxy"))
        if words and words not in " ".join(values(f"{place}#centroid", "editorialNote"))
    ]
    assert not lacking


@pytest.mark.parametrize(
    ("key", "predicate", "form"),
    [
        ("geonames_id", "sameAs", "https://sws.geonames.org/{}/"),
        ("population", "population", "{}"),
    ],
)
def test_what_geonames_says_is_there_unless_it_is_of_another_locality(key, predicate, form):
    told = [
        (place, None if "geo_note" in line else line.get(key))
        for _, place, line in described("cities")
    ]
    assert not differences(
        (place, set() if value is None else {form.format(value)}, values(place, predicate))
        for place, value in told
    )


def test_every_index_result_has_its_year_score_rank_and_field():
    assert not differences(
        (
            place,
            Counter(
                (each.get("year"), number(each.get("score")), each.get("rank"), each.get("of"))
                for each in line.get("index", [])
            ),
            Counter(
                (
                    one(part, "year"),
                    number(one(part, "score")),
                    number(one(part, "rank")),
                    number(one(part, "outOf")),
                )
                for part in values(place, "indexResult")
            ),
        )
        for _, place, line in described("cities")
    )


# Organisations


ABBREVIATED = (r"(.+\S)\s*\((.+)\)", r"(.+?) [-–] (.+)")


def has_name(subject, name):
    """Whether it is a name of the record, or both halves are: the abbreviation and the rest."""
    found = [match.groups() for form in ABBREVIATED if (match := re.fullmatch(form, tidy(name)))]
    return any({*map(folded, each)} <= names(subject) for each in [(name,), *found])


def test_every_name_of_an_organisation_is_there():
    remarks = {row["name"] for row in table("organisations") if row["treat"] == "remark"}
    lacking = [
        (body, name)
        for _, body, line in described("organisations")
        for name in (
            seen(line, "name"),
            *line.get("names", {}).values(),
            seen(line, "abbreviation"),
        )
        if name and name not in remarks and not has_name(body, name)
    ]
    assert not lacking


def test_every_name_that_a_line_gives_an_organisation_is_a_name_of_its_record():
    remarks = {row["name"] for row in table("organisations") if row["treat"] == "remark"}
    lacking = {
        (body, mention.values["name"])
        for mention in facts.mentions()
        for body in facts.named(mention)
        if mention.values["name"] not in remarks and not has_name(body, mention.values["name"])
    }
    assert not lacking


def test_every_other_name_that_a_practice_gives_an_organisation_is_there():
    lacking = {
        (body, name)
        for practice in practices()
        for each in within("practices", practice.line, practice.values, "organisations")
        for n, name in enumerate(each.values.get("alt_names", []))
        for body in facts.records("practices", practice.line, f"{each.path}.alt_names[{n}]", name)
        if not has_name(body, name)
    }
    assert not lacking


def test_every_organisation_has_the_address_and_years_that_were_seen():
    assert not differences(
        pair
        for _, body, line in described("organisations")
        for pair in (
            (body, set_of(seen(line, "url")), values(body, "url")),
            (body, set_of((seen(line, "founded") or "")[:4] or None), values(body, "startYear")),
            (body, set_of((seen(line, "end") or "")[:4] or None), values(body, "endYear")),
        )
    )


def test_every_founding_told_by_month_or_day_keeps_it():
    told = [(body, seen(line, "founded") or "") for _, body, line in described("organisations")]
    lacking = {
        (body, date)
        for body, date in told
        if len(date) > 4
        and not any(date in values(part, "startDate") for part in values(body, "period"))
    }
    assert any(len(date) > 4 for _, date in told)
    assert not lacking


def test_every_number_of_members_is_there():
    lacking = {
        (body, line["members_count"])
        for _, body, line in described("organisations")
        if "members_count" in line
        and not any(
            str(line["members_count"]) in values(p, "value") for p in values(body, "memberCount")
        )
    }
    assert not lacking


# Projects


def test_every_name_of_a_project_is_there():
    lacking = [
        (made, name)
        for _, made, line in described("projects")
        for name in (line["name"], *line.get("names", {}).values(), line.get("acronym"))
        if name and folded(name) not in names(made)
    ]
    assert not lacking


def projects():
    """The lines of projects; those that are titles of pages are sources."""
    return [(n, made, line) for n, made, line in described("projects") if "project/" in made]


def test_every_project_has_its_summary_and_the_number_of_its_grant():
    def grant(line):
        told = line.get("grant", "")
        return set() if told.endswith("(call)") or not told else {told}

    assert not differences(
        pair
        for _, made, line in projects()
        for pair in (
            (made, {(tidy(line["summary"]), "en")}, tagged(made, "abstract")),
            (
                made,
                grant(line),
                {no for part in values(made, "grant") for no in values(part, "identifier")},
            ),
        )
    )


def test_every_project_has_its_dates():
    lacking = [
        (made, key, line[key])
        for _, made, line in projects()
        for key, predicate, year in (
            ("start", "startDate", "startYear"),
            ("end", "endDate", "endYear"),
        )
        if key in line
        and not (
            line[key]
            in {date for part in values(made, "period") for date in values(part, predicate)}
            and line[key][:4] in values(made, year)
        )
    ]
    assert not lacking


def test_every_project_has_its_budget_in_euros():
    assert not differences(
        (
            made,
            {(number(line["budget_eur"]), "EUR")} if "budget_eur" in line else set(),
            {
                (number(one(part, "value")), one(part, "currency"))
                for part in values(made, "budget")
            },
        )
        for _, made, line in projects()
    )


def test_every_page_of_a_project_is_cited():
    lacking = [
        (made, line["url"])
        for _, made, line in projects()
        if "url" in line
        and line["url"]
        not in {url for source in values(made, "source") for url in values(source, "url")}
    ]
    assert not lacking


def test_every_city_of_a_project_is_there():
    lacking = [
        (made, city)
        for n, made, line in projects()
        for m, city in enumerate(line.get("cities", []))
        if record("projects", n, f"cities[{m}]", city) not in values(made, "spatial")
    ]
    assert not lacking
