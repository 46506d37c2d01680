"""Search: what is found, in which order, and what is said when nothing is."""

import time
from itertools import count

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pyoxigraph import Literal, NamedNode, Quad, Store

from icgraph.discovery import search as searching
from icgraph.discovery.entries import Entries, Entry
from icgraph.discovery.index import MemoryIndex
from icgraph.discovery.index_content import IndexHead
from icgraph.discovery.nearness import Vocabulary
from icgraph.discovery.search import MOST_SUGGESTED, PAGE_LENGTH, Search
from icgraph.errors import TimeLimitExceeded
from icgraph.model.iris import Base, RecordName
from icgraph.model.terms import DEFAULT_BASE
from icgraph.store.embedded import EmbeddedEngine

BASE = Base(DEFAULT_BASE)


def entries_of(store: Store) -> list[Entry]:
    entries = Entries(EmbeddedEngine(store), BASE)
    return [entry for name in entries.names() if (entry := entries.entry(name))]


@pytest.fixture(scope="module")
def search(real_store) -> Search:
    return Search(MemoryIndex(entries_of(real_store), IndexHead(1, "revision 1")))


def entry(slug: str, *names: str, kind: str = "practice", texts: tuple[str, ...] = ()) -> Entry:
    return Entry(
        RecordName(kind, slug),
        tuple((name, "en") for name in names),
        (),
        (),
        tuple((text, "en") for text in texts),
    )


def over(*found: Entry) -> Search:
    return Search(MemoryIndex(found, IndexHead(1, "revision 1")))


def names(found) -> list[RecordName]:
    return [each.name for each in found.entries]


def slugs(found) -> list[str]:
    return [each.name.slug for each in found.entries]


@pytest.mark.parametrize(
    ("written", "sought"),
    [
        ("Łódź", "lodz"),
        ("Tromsø", "tromso"),
        ("Karl-Marx-Straße", "strasse"),
        ("Rencontre des acteur·rice·s", "acteurs"),
        ("Rencontre des acteurs", "acteur·rice·s"),
        ("Θεσσαλονίκης", "ΘΕΣΣΑΛΟΝΙΚΗΣ"),
        ("Київ", "київ"),
        ("Refugee week", "refugees"),
        ("City library", "libraries"),
        ("Refugees", "refugee"),
    ],
)
def test_a_name_is_found_however_it_is_written(written, sought):
    assert slugs(over(entry("other", "Elsewhere"), entry("it", written)).find(sought)) == ["it"]


def test_the_exact_name_comes_first(search):
    first = search.find("Lublin").entries[0]
    assert first.name == RecordName("place", "pl-lublin")


@pytest.mark.parametrize(
    ("text", "concept"),
    [
        ("refugees", "topic/refugees"),
        ("réfugiés", "topic/refugees"),
        ("Business and Employment", "topic/business-employment"),
        ("cultural institution", "organisation-type/cultural-institution"),
    ],
)
def test_a_concept_is_found_by_its_name_in_any_language(search, text, concept):
    assert names(search.find(text, kind="concept"))[0] == RecordName("concept", concept)


@pytest.mark.parametrize("text", ["refugees", "réfugiés", "education"])
def test_a_topic_comes_first_where_it_has_just_this_name(search, text):
    assert search.find(text).entries[0].name.kind == "concept"
    assert search.suggest(text).entries[0].name.kind == "concept"


def test_a_topic_is_suggested_by_the_beginning_of_its_name(search):
    assert RecordName("concept", "topic/housing-urban-planning") in names(search.suggest("hous"))


def test_concepts_stand_behind_records_where_only_a_text_has_the_word(search):
    assert names(search.find("lublin"))[0] == RecordName("place", "pl-lublin")
    assert {name.kind for name in names(search.find("intercultural"))} - {"concept"}
    assert names(search.find("city"))[0].kind != "concept"


def test_names_come_before_texts():
    search = over(
        entry("text", "Something", texts=("A library with a library in a library",)),
        entry("name", "The library of the town and its many readers from everywhere"),
        *(entry(f"other-{n}", "Other") for n in range(9)),
    )
    assert slugs(search.find("library")) == ["name", "text"]


def test_practices_come_before_sources_that_say_the_same():
    search = over(entry("b", "Bridges", kind="source"), entry("a", "Bridges"), entry("c", "Roads"))
    assert [each.name.kind for each in search.find("bridges").entries] == ["practice", "source"]


def test_a_french_word_finds_what_is_written_in_english(search):
    found = search.find("pologne réfugiés")
    assert found.whole
    assert found.entries
    for each in found.entries:
        assert all(language != "fr" for _, language in each.names + each.texts)
        assert {"Pologne"} <= {text for link in each.links for text, _ in link.names}


def test_small_words_need_not_stand_there(search):
    with_them, without = search.find("the city of Lublin"), search.find("city Lublin")
    assert slugs(with_them) == slugs(without)


def test_the_beginning_of_a_word_is_enough(search):
    assert RecordName("place", "ch-neuchatel") in names(search.find("neuch"))


@pytest.mark.parametrize("typed", ["lublni", "lubin", "lubblin", "lublen"])
def test_an_error_of_typing_is_forgiven(search, typed):
    found = search.find(typed)
    assert found.question.words[0].read_as == ("lublin",)
    assert found.question.meant == "lublin"
    assert found.entries[0].name == RecordName("place", "pl-lublin")


def test_two_errors_are_forgiven_in_a_long_word(search):
    assert search.find("neuschatle").entries[0].name == RecordName("place", "ch-neuchatel")


def test_short_words_and_numbers_are_taken_as_they_are():
    search = over(entry("a", "Bus 2012"))
    assert search.find("bas").question.unknown == ("bas",)
    assert search.find("2013").question.unknown == ("2013",)


def test_what_is_not_found_is_said_and_something_near_is_offered(search):
    found = search.find("Lublin tromso")
    assert found.question.unknown == ("tromso",)
    assert not found.whole
    assert found.question.meant.startswith("Lublin ")
    assert found.entries


def test_words_that_no_record_has_together_find_what_has_some():
    search = over(entry("a", "Apples"), entry("b", "Bridges"), entry("c", "Roads"))
    found = search.find("apples bridges")
    assert not found.whole
    assert sorted(slugs(found)) == ["a", "b"]


def test_nothing_is_found_for_nothing(search):
    assert search.find(" — ").entries == ()


def test_counts_are_what_the_pages_of_each_kind_hold(search):
    for kind, number in search.find("refugees").counts.items():
        pages = range(1, 2 + number // PAGE_LENGTH)
        held = [
            name for page in pages for name in names(search.find("refugees", kind=kind, page=page))
        ]
        assert len(held) == len(set(held)) == number


def test_pages_follow_each_other_and_hold_everything_once(search):
    number = search.find("lublin").counts["organisation"]
    pages = [
        slugs(search.find("lublin", kind="organisation", page=page))
        for page in range(1, 2 + number // PAGE_LENGTH)
    ]
    assert len(pages[0]) == PAGE_LENGTH
    assert sum(map(len, pages)) == len({slug for page in pages for slug in page}) == number


def test_suggestions_begin_with_what_was_typed(search):
    found = search.suggest("Neuch")
    assert found.entries[0].name == RecordName("place", "ch-neuchatel")
    assert len(found.entries) == MOST_SUGGESTED
    assert all(
        any("neuch" in name.casefold() for name, _ in each.names + each.other_names)
        for each in found.entries
    )


def test_one_letter_suggests_nothing(search):
    assert search.suggest("l").entries == ()


HOSTILE = [
    '"', "'", '""" OR "', "lublin*", "name:lublin", "NEAR(lublin neuchatel, 5)", "lublin AND",
    "NOT lublin", "^lublin", "{name} : x", "(((", ")", "-lublin", "+", "a\x00b", "\x00", "\ud800",
    "lublin; DROP TABLE word", "%", "_", "\\", "x" * 10_000, "lublin " * 2_000, "\ufdfa" * 200,
]  # fmt: skip


@pytest.mark.parametrize("text", HOSTILE, ids=range(len(HOSTILE)))
def test_no_text_is_taken_for_more_than_words(search, text):
    found = search.find(text)
    search.suggest(text)
    assert len(found.question.words) <= searching.MOST_WORDS
    assert search.find("lublin").entries


@settings(max_examples=60)
@given(text=st.text(max_size=40))
def test_any_text_can_be_sought(search, text):
    search.find(text)
    search.suggest(text)


@given(name=st.text(st.characters(categories=["L", "N"]), min_size=1, max_size=20))
@settings(max_examples=40)
def test_whatever_a_name_is_it_is_found_by_itself(name):
    found = over(entry("it", name)).find(name)
    assert slugs(found) == (["it"] if searching.fold(name) else [])


def test_a_search_that_lasts_is_interrupted(search, monkeypatch):
    seconds = count(step=10)
    monkeypatch.setattr(searching, "_STEPS", 1)
    monkeypatch.setattr(time, "monotonic", lambda: float(next(seconds)))
    with pytest.raises(TimeLimitExceeded, match="longer than the 5 seconds"):
        search.find("lublin")


def test_nearness_prefers_fewer_errors_then_more_records():
    words = Vocabulary([("street", 1), ("streets", 5), ("stream", 9), ("treat", 2)])
    assert words.nearest("streel", 1) == ("street",)
    assert words.nearest("streat", 2) == ("stream", "treat", "street")
    assert words.nearest("streat", 0) == ()


def test_a_country_that_is_no_thing_is_passed_over():
    """A store that nobody checked may hold it, and the index is made all the same."""
    place, practice = (
        NamedNode(BASE.record(RecordName(kind, "a"))) for kind in ("place", "practice")
    )
    store = Store()
    type_ = NamedNode("http://www.w3.org/1999/02/22-rdf-syntax-ns#type")
    store.add(Quad(practice, type_, NamedNode(BASE.term("Practice"))))
    store.add(Quad(practice, NamedNode("http://purl.org/dc/terms/spatial"), place))
    store.add(Quad(place, NamedNode(BASE.term("country")), Literal("Poland")))
    (held,) = entries_of(store)
    assert [link.iri for link in held.links] == [place.value]


def test_a_record_with_very_much_is_held_in_part():
    iri = BASE.record(RecordName("project", "large"))
    label = NamedNode("http://www.w3.org/2000/01/rdf-schema#label")
    store = Store()
    type_ = NamedNode("http://www.w3.org/1999/02/22-rdf-syntax-ns#type")
    store.add(Quad(NamedNode(iri), type_, NamedNode(BASE.term("Project"))))
    for number in range(300):
        other = NamedNode(BASE.record(RecordName("organisation", f"o{number}")))
        store.add(Quad(NamedNode(iri), NamedNode(BASE.term("involves")), other))
        store.add(Quad(other, label, Literal(f"Body {number}", language="en")))
        abstract = NamedNode("http://purl.org/dc/terms/abstract")
        store.add(
            Quad(NamedNode(iri), abstract, Literal("word " * 50 + str(number), language="en"))
        )
    (held,) = entries_of(store)
    assert len(held.links) == 200
    assert sum(len(text) for text, _ in held.texts) == 20_000
