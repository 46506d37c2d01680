import pytest
from hypothesis import given
from hypothesis import strategies as st

from icgraph.curation.names import Languages, fold, keys_of, without_abbreviation


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Kraków", "Krakow"),
        ("Łódź", "lodz"),
        ("Donostia / San Sebastián", "Donostia-San Sebastian"),
        ("Give Something Back To Berlin e.V.", "Give Something Back to Berlin"),
        ("Arab-Jewish Center", "Arab-Jewish Centre"),
        ("Planning & Development", "Planning and Development"),
        ("Immigrants' Council", "Immigrants Council"),
        ("EUROCITIES", "Eurocities"),
    ],
)
def test_spellings_of_one_name_fold_alike(one, other):
    assert fold(one) == fold(other)


@pytest.mark.parametrize(("one", "other"), [("Salt", "Salta"), ("浜松市", "神戸市"), ("A B", "AB")])
def test_different_names_fold_apart(one, other):
    assert fold(one) != fold(other)


@given(st.text())
def test_folding_twice_changes_nothing_more(name):
    assert fold(fold(name)) == fold(name)


@pytest.mark.parametrize(
    ("written", "name", "short"),
    [
        ("Citizens in Power (CIP)", "Citizens in Power", "CIP"),
        ("UNAR - National Office", "National Office", "UNAR"),
        ("Planning and Development - ADEP SA", "Planning and Development", "ADEP SA"),
        ("Brod (football club)", "Brod (football club)", None),
        (
            "Rijeka 2020 - European Capital of Culture",
            "Rijeka 2020 - European Capital of Culture",
            None,
        ),
    ],
)
def test_an_abbreviation_is_told_from_the_name(written, name, short):
    assert without_abbreviation(written) == (name, short)


def test_a_name_with_its_abbreviation_shares_keys_with_both():
    keys = keys_of("National Office against Racism (NOAR)")
    assert fold("NOAR") in keys
    assert fold("National office against racism") in keys


@pytest.mark.parametrize(
    ("name", "language"),
    [("Comune", "it"), ("House of Words", "en"), ("Casa Comune of Words", "und"), ("Zzz", "und")],
)
def test_the_language_is_the_ledgers_else_that_of_plain_words_else_unknown(name, language):
    languages = Languages({"Comune": "it"}, {"of": "en", "house": "en", "comune": "it"})
    assert languages.of(name) == language
