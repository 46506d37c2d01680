from collections import Counter, defaultdict
from functools import cache
from pathlib import Path

import pytest
from pyoxigraph import Quad

from icgraph.catalogue.counts import COUNTS, Line, count, counts_page
from icgraph.model.kinds import KINDS
from icgraph.store.packaged import packaged_dataset
from tests.curation.saying import said, table
from tests.queries import facts
from tests.queries.answers import seed_quads

PAGE = Path(__file__).parents[2] / "docs/counts.md"
with_facts = pytest.mark.skipif(
    not facts.SHARED.is_dir(), reason="the facts files (../shared/data) are not here"
)


@cache
def counted() -> dict[str, list[Line]]:
    return count(packaged_dataset())


def numbers(table: str, column: int = 0) -> dict[str, int]:
    found = {
        line.thing.rpartition("/")[2]: line.numbers[column]
        for line in counted()[table]
        if line.numbers[column]
    }
    assert found
    return found


def test_the_page_is_that_of_the_graph() -> None:
    assert PAGE.read_text(encoding="utf-8") == counts_page(counted()), "run: make docs"


def test_the_seeds_counted_by_hand() -> None:
    quads: list[Quad] = seed_quads()
    found = count(quads)
    kinds = {line.name: line.numbers[0] for line in found["kinds"]}
    assert kinds["Practices"] == 13
    assert kinds["Partnerships"] == 3
    assert kinds["Activities"] == 3
    statuses = {line.name: line.numbers[0] for line in found["statuses"]}
    assert statuses == {"not known": 5, "ongoing": 4, "ended": 3, "permanent": 1, "planned": 0}


def test_the_page_shows_every_table_with_a_line_for_each_count() -> None:
    page = counts_page({key: [Line("x", "Peace", (3, 2, 1))] for key in COUNTS})
    assert page.count("| Peace | 3 | 2 | 1 |") == len(COUNTS)
    assert all(f"\n## {table.title}\n" in page for table in COUNTS.values())


@with_facts
@pytest.mark.parametrize("kind", sorted(KINDS))
def test_each_kind_has_the_records_of_the_ledger_and_of_the_seeds(kind: str) -> None:
    words = {line.name: line.numbers[0] for line in counted()["kinds"]}
    expected = facts.made(kind) | facts.hand_made(kind)
    if kind == "place":
        expected |= facts.countries()
    if kind == "source":
        expected |= facts.named_sources()
    if kind == "programme":
        expected |= {made for made in facts.claimed() if made.startswith("programme/")}
    assert words[KINDS[kind].path.capitalize()] == len(expected)


@with_facts
def test_practices_by_country_topic_and_status_are_those_of_the_facts() -> None:
    practices = facts.practices()
    assert numbers("countries") == Counter(each.country for each in practices)
    assert numbers("topics") == facts.topic_counts(practices)
    statuses = Counter(each.status for each in practices)
    # Their ends stand in pages that the facts do not quote: see the seeds.
    assert numbers("statuses") == statuses - Counter({"unknown": 1}) + Counter({"ended": 1})


@with_facts
def test_places_by_country_are_those_of_the_ledger_and_the_seeds() -> None:
    places = facts.made("place") | facts.hand_made("place")
    inside = {place.partition("/")[2] for place in places} - {
        country.partition("/")[2] for country in facts.countries()
    }
    assert numbers("countries", 1) == Counter(place.partition("-")[0] for place in inside)


@with_facts
def test_languages_of_titles_are_those_of_the_facts() -> None:
    titles = Counter(tag for each in facts.practices() for tag in each.values["title"])
    # The French page of the Integration Support Group is in the seeds only.
    assert numbers("languages") == titles + Counter({"fr": 1})


def organisations() -> set[str]:
    return facts.made("organisation") | facts.hand_made("organisation")


def by_hand(body: str, predicate: str) -> set[str]:
    """What the seeds say of a body, by slug."""
    return {value.rpartition("/")[2] for value, _ in said("seeds")[body][predicate]}


def kind_of(body: str) -> str:
    """The type of a body: by hand, by rule, by table, or as most lines say."""
    if body in facts.hand_made("organisation"):
        (type_,) = by_hand(body, "classification")
        return str(type_)
    if body.endswith("-municipality"):
        return "municipality"
    if any(body == facts.record("networks", n, "name", each["name"]) for n, each in networks()):
        return "network"
    words = {row["word"]: row["type"] for row in table("organisation-types")}
    parents = {f"organisation/{row['slug']}": row["type"] for row in table("organisations")}
    return facts.kinds().get(body) or words[parents[body]]


def networks() -> list[tuple[int, facts.Line]]:
    return list(facts.numbered("networks"))


@cache
def countries_told() -> dict[str, set[str]]:
    """The countries that lines give each body; of those known as a parent only, by the table."""
    found: dict[str, set[str]] = defaultdict(set)
    for mention in facts.mentions():
        for body in facts.named(mention) if "country_code" in mention.values else ():
            found[body].add(mention.values["country_code"].lower())
    for number, line in networks():
        network = facts.record("networks", number, "name", line["name"])
        if network is not None and "country_code" in line:
            found[network].add(line["country_code"].lower())
    for row in table("organisations"):
        if row["type"] and row["country"]:
            found[f"organisation/{row['slug']}"].add(row["country"].lower())
    return found


def countries_of(body: str) -> set[str]:
    if body in facts.hand_made("organisation"):
        return {place.partition("-")[0] for place in by_hand(body, "spatial")}
    seats = {place.partition("/")[2][:2] for place in facts.seats().get(body, ())}
    of_place = {body.partition("/")[2][:2]} if body.endswith("-municipality") else set()
    return seats | countries_told().get(body, set()) | of_place


@with_facts
def test_organisations_by_type_are_those_of_the_facts() -> None:
    assert numbers("organisation types") == Counter(kind_of(body) for body in organisations())


@with_facts
def test_organisations_by_country_are_those_of_the_facts() -> None:
    expected = Counter(code for body in organisations() for code in countries_of(body))
    assert numbers("countries", 2) == expected
