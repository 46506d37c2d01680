import re
from collections.abc import Iterable, Iterator
from pathlib import Path

import pytest
from pyoxigraph import Literal, NamedNode, QuerySolutions, RdfFormat, Store
from rdflib.plugins.sparql import prepareQuery
from rdflib.plugins.sparql.parserutils import CompValue

from icgraph.model.terms import DEFAULT_BASE, prefixes

ROOT = Path(__file__).parents[2]
QUESTIONS = sorted((ROOT / "queries").glob("*.rq"))
EVERYDAY = [
    "ongoing-practices",
    "partner-cities-of-a-city",
    "partners-of-a-grant",
    "practices-by-kind-of-organisation",
    "practices-in-a-country",
    "practices-of-a-project",
    "practices-on-a-topic",
    "practices-since-a-year",
    "practices-with-an-organisation",
    "sources-of-a-record",
]
HEADER = re.compile(
    r"# title \(en\): \S.*\n# title \(fr\): \S.*\n"
    r"# description \(en\): \S.*\n# description \(fr\): \S.*\n\n"
)


def filled(*patterns: str) -> Store:
    store = Store()
    for pattern in ("ontology/**/*.ttl", *patterns):
        for path in sorted(ROOT.glob(pattern)):
            if path.name not in {"provenance.ttl", "accepted-warnings.ttl"}:
                store.load(path=str(path), format=RdfFormat.TURTLE)
    return store


@pytest.fixture(scope="module")
def seeds() -> Store:
    return filled("data/seeds/*.ttl")


@pytest.fixture(scope="module")
def everything() -> Store:
    return filled("data/**/*.ttl")


def short(term: object) -> str:
    if isinstance(term, NamedNode):
        return re.sub(r"^(id|scheme)/", "", term.value.removeprefix(DEFAULT_BASE))
    return term.value if isinstance(term, Literal) else ""


def rows(store: Store, name: str, *columns: str) -> list[tuple[str, ...]]:
    found = store.query((ROOT / f"queries/{name}.rq").read_text())
    assert isinstance(found, QuerySolutions)
    wanted = columns or tuple(variable.value for variable in found.variables)
    return [tuple(short(row[column]) for column in wanted) for row in found]


def patterns_in(node: object) -> Iterator[object]:
    # A property path stands in one triple pattern, as a person would count.
    if isinstance(node, CompValue):
        if node.name == "BGP":
            yield from node.triples
        for value in node.values():
            yield from patterns_in(value)
    elif isinstance(node, Iterable) and not isinstance(node, str):
        for value in node:
            if isinstance(value, CompValue):
                yield from patterns_in(value)


def test_the_ten_everyday_questions_are_all_there() -> None:
    assert len(EVERYDAY) == 10
    assert {path.stem for path in QUESTIONS} == {*EVERYDAY, "collaborations-of-a-city"}


@pytest.mark.parametrize("name", EVERYDAY)
def test_an_everyday_question_needs_at_most_six_triple_patterns(name: str) -> None:
    query = prepareQuery((ROOT / f"queries/{name}.rq").read_text())
    assert 1 <= len(list(patterns_in(query.algebra))) <= 6


@pytest.mark.parametrize("path", QUESTIONS, ids=lambda path: path.stem)
def test_a_question_says_in_two_languages_what_it_asks(path: Path) -> None:
    assert HEADER.match(path.read_text())


@pytest.mark.parametrize("path", QUESTIONS, ids=lambda path: path.stem)
def test_the_prefixes_of_a_question_are_those_of_the_graph(path: Path) -> None:
    declared = dict(re.findall(r"^PREFIX (\S+): <(\S+)>$", path.read_text(), re.MULTILINE))
    assert declared.items() <= prefixes().items()
    assert list(declared) == sorted(declared)


@pytest.mark.parametrize("path", QUESTIONS, ids=lambda path: path.stem)
def test_a_question_has_an_answer_in_the_whole_graph(path: Path, everything: Store) -> None:
    answer = rows(everything, path.stem)
    assert answer
    assert len(answer) == len(set(answer))


@pytest.mark.parametrize("path", QUESTIONS, ids=lambda path: path.stem)
def test_answers_come_in_the_same_order_every_time(path: Path) -> None:
    # The second store is filled in the opposite order.
    files = [*ROOT.glob("ontology/**/*.ttl"), *ROOT.glob("data/seeds/*.ttl")]
    answers = []
    for ordered in (sorted(files), sorted(files, reverse=True)):
        store = Store()
        for file in ordered:
            store.load(path=str(file), format=RdfFormat.TURTLE)
        answers.append(rows(store, path.stem))
    assert answers[0] == answers[1]


def test_with_whom_lublin_collaborates_in_which_role_and_what_grew_out_of_it(seeds: Store) -> None:
    columns = ("name", "oursName", "oursRole", "partnerName", "partnerRole", "ledToName")
    magic = "Lublin–La Lanterne magique collaboration"
    police = "Lublin–Neuchâtel police cooperation"
    city, partner = "Lublin City Administration", "partner"
    peers = (
        "Lublin–Neuchâtel collaboration",
        city,
        "learning partner",
        "Multicultural Cohesion Service of the Canton of Neuchâtel",
        "mentoring partner",
    )
    assert rows(seeds, "collaborations-of-a-city", *columns) == [
        (magic, city, partner, "La Lanterne magique", partner, ""),
        (*peers, magic),
        (*peers, police),
        (police, "Lublin police", partner, "Neuchâtel police", partner, ""),
    ]


def test_what_the_seeds_say_of_lublins_collaborations_stands_in_the_whole_graph(
    seeds: Store, everything: Store
) -> None:
    name = "collaborations-of-a-city"
    assert set(rows(seeds, name)) <= set(rows(everything, name))


@pytest.mark.parametrize("which", ["seeds", "everything"])
def test_who_the_partners_of_grant_963374_are(which: str, request: pytest.FixtureRequest) -> None:
    store: Store = request.getfixturevalue(which)
    assert rows(store, "partners-of-a-grant") == [
        ("organisation/asgi", "Association for Legal Studies on Immigration", "associated partner"),
        (
            "organisation/intercultural-cities-programme",
            "Intercultural Cities Programme",
            "associated partner",
        ),
        (
            "organisation/unar",
            "National Office against Racial Discrimination",
            "associated partner",
        ),
        ("organisation/icei", "ICEI", "lead"),
        ("organisation/ismu", "ISMU Foundation", "partner"),
        ("organisation/mondinsieme", "Mondinsieme Foundation", "partner"),
        ("organisation/it-modena-municipality", "Municipality of Modena", "partner"),
        ("organisation/it-reggio-emilia-municipality", "Municipality of Reggio Emilia", "partner"),
    ]


def test_lublin_is_no_partner_of_the_project_in_which_pages_about_it_were_written(
    everything: Store,
) -> None:
    partners = {name for _, name, _ in rows(everything, "partners-of-a-grant")}
    assert "Lublin City Administration" not in partners


def test_neuchatels_canton_and_city_are_two_partner_places_of_lublin(seeds: Store) -> None:
    assert rows(seeds, "partner-cities-of-a-city") == [
        ("place/ch-neuchatel-canton", "Canton of Neuchâtel", "2"),
        ("place/ch-neuchatel", "Neuchâtel", "1"),
    ]


def test_practices_of_lublin_4_all(seeds: Store) -> None:
    assert rows(seeds, "practices-of-a-project", "name") == [
        ("Collaboration with Neuchâtel. Study visits and exchange of knowledge",),
        ("Integration Support Group",),
        ("Lublin for all",),
    ]


def test_practices_in_poland(seeds: Store) -> None:
    assert len(rows(seeds, "practices-in-a-country")) == 3


def test_practices_about_refugees(seeds: Store) -> None:
    assert rows(seeds, "practices-on-a-topic", "name") == [
        ("Art-therapy in Lutsk",),
        ("Give Something Back to Berlin",),
        ("Siemens’ program for integrating refugees",),
    ]


def test_practices_that_began_in_2020_or_later(seeds: Store) -> None:
    assert rows(seeds, "practices-since-a-year", "name", "since") == [
        ("Territorial and cultural equity in Montréal – Population focus", "2020"),
        ("The Leeds City Region Diversity Dashboard", "2021"),
        ("Art-therapy in Lutsk", "2022"),
        (
            (
                "Limassol’s Intercultural Council helps the city to handle challenges"
                " with an Intercultural Strategy"
            ),
            "2023",
        ),
    ]


def test_what_goes_on_says_as_of_which_day(seeds: Store) -> None:
    assert rows(seeds, "ongoing-practices", "name", "status", "statedOn") == [
        ("Give Something Back to Berlin", "temporal-status/ongoing", "2026-11-21"),
        ("Lublin for all", "temporal-status/permanent", "2026-11-21"),
        ("Safer Alta de Lisboa", "temporal-status/ongoing", "2026-11-21"),
        ("Siemens’ program for integrating refugees", "temporal-status/ongoing", "2026-11-21"),
        ("The Leeds City Region Diversity Dashboard", "temporal-status/ongoing", "2026-11-21"),
    ]


def test_practices_with_the_cantonal_service(seeds: Store) -> None:
    assert rows(seeds, "practices-with-an-organisation", "name") == [
        ("Collaboration with Neuchâtel. Study visits and exchange of knowledge",)
    ]


def test_practices_with_police(seeds: Store) -> None:
    neuchatel = "Collaboration with Neuchâtel. Study visits and exchange of knowledge"
    assert rows(seeds, "practices-by-kind-of-organisation", "name", "organisationName") == [
        (neuchatel, "Lublin police"),
        (neuchatel, "Neuchâtel police"),
        (neuchatel, "Provincial police of Lublin"),
        ("Integration Support Group", "Provincial police of Lublin"),
        ("Safer Alta de Lisboa", "Lisbon Municipal Police"),
    ]


def test_sources_of_the_integration_support_group(seeds: Store) -> None:
    languages = {language[-3:] for *_, language in rows(seeds, "sources-of-a-record")}
    assert languages == {"ENG", "FRA", ""}
