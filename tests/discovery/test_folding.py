"""Folding: the forms in which words are compared."""

import unicodedata

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from icgraph.discovery.folding import MOST_LONGER, fold, marked


@pytest.mark.parametrize(
    ("written", "sought"),
    [
        ("Łódź", "lodz"),
        ("Tromsø", "tromso"),
        ("Straße", "strasse"),
        ("STRASSE", "straße"),
        ("acteur·rice·s", "acteurs"),
        ("acteur.rice.s", "acteurs"),
        ("Acteur•rice•s", "ACTEURS"),
        ("habitant(e)s", "habitants"),
        ("citoyen·ne", "citoyen"),
        ("étudiant·e·s", "etudiants"),
        ("Neuchâtel", "neuchatel"),
        (unicodedata.normalize("NFD", "Neuchâtel"), "neuchatel"),
        ("l’intégration", "l'integration"),
        ("col·legi", "collegi"),
        ("Œuvre", "oeuvre"),
        ("Reykjavík", "reykjavik"),
        ("Þórshöfn", "thorshofn"),
        ("İstanbul", "istanbul"),
        ("Iğdır", "igdir"),
        ("ﬁnance", "finance"),
        ("Θεσσαλονίκη", "θεσσαλονικη"),
        ("ΠΑΤΡΑΣ", "πάτρας"),
        ("Пётр", "петр"),
        ("за́мок", "замок"),
        ("a\u0301", "á"),
    ],
)  # fmt: skip
def test_two_ways_of_writing_are_one_word(written, sought):
    assert fold(written) == fold(sought)


@pytest.mark.parametrize(
    ("one", "another"),
    [("май", "маи"), ("їх", "іх"), ("Скопје ќе", "Скопје ке"), ("Лодзь", "lodz"), ("σ", "s")],
)
def test_other_letters_are_not_confused(one, another):
    assert fold(one) != fold(another)


@pytest.mark.parametrize(
    ("text", "folded"),
    [
        ("(Lublin), Poland", "lublin poland"),
        ("www.wien.gv.at", "www wien gv at"),
        ("a.e.s", "a e s"),
        ("well-being & snake_case", "well being snake case"),
        ("½ km²", "1 2 km2"),
        ("", ""),
        ("—·—\x00", ""),
        ("हिन्दी", "हिन्दी"),
        ("東京都 서울", "東京都 서울"),
    ],
)
def test_what_stands_between_words_parts_them(text, folded):
    assert fold(text) == folded


@given(st.text(max_size=60))
@example("\ufdfa")
@example("ΐ·ẞ")
@example("a\u0345\u0301")
def test_folding_twice_changes_nothing(text):
    assert fold(fold(text)) == fold(text)


@given(st.text(max_size=60))
@example("\ufdfa")
def test_folding_makes_nothing_much_longer(text):
    assert len(fold(text)) <= MOST_LONGER * len(text)


@given(st.text(st.characters(categories=["Lu", "Ll"]), max_size=30))
def test_case_does_not_count(text):
    assert fold(text.casefold()) == fold(text)


@given(st.text(max_size=60))
def test_composing_does_not_count(text):
    assert fold(unicodedata.normalize("NFD", text)) == fold(unicodedata.normalize("NFC", text))


@given(st.text(max_size=80), st.sets(st.text(max_size=3)))
def test_marking_keeps_the_text(text, sought):
    assert "".join(piece for piece, _ in marked(text, sought.__contains__)) == text


def test_marking_shows_words_as_they_are_written():
    pieces = list(marked("Les acteur·rice·s (Łódź).", {"acteurs", "lodz"}.__contains__))
    assert pieces == [
        ("Les ", False), ("acteur·rice·s", True), (" (", False), ("Łódź", True), (").", False)
    ]  # fmt: skip
