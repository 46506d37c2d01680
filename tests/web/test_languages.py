"""The language of pages, and the completeness of the French catalogue."""

from importlib.resources import files
from io import BytesIO

import pytest
from babel.messages.extract import extract_from_dir
from babel.messages.pofile import read_po

from icgraph.web.languages import catalogue, language_name

KEYWORDS = {"gettext": None, "_": None, "ngettext": (1, 2)}


def _strings() -> set[object]:
    root = str(files("icgraph.web"))
    methods = [("**.py", "python"), ("templates/**.html", "jinja2")]
    return {found[2] for found in extract_from_dir(root, methods, keywords=KEYWORDS)}


def _catalogue():
    return catalogue("fr")


def test_every_text_of_the_pages_has_a_french_one():
    catalogue = _catalogue()
    missing = [
        text
        for text in _strings()
        if (entry := catalogue.get(text)) is None or not all([entry.string, *entry.string])
    ]
    assert not missing


def test_the_catalogue_holds_nothing_that_no_page_says():
    assert {entry.id for entry in _catalogue() if entry.id} == _strings()


def test_no_text_is_translated_in_two_files():
    said = [
        message.id
        for file in files("icgraph.web").joinpath("translations", "fr").iterdir()
        for message in read_po(BytesIO(file.read_bytes()), locale="fr")
        if message.id
    ]
    assert len(said) == len(set(said))


def test_translations_keep_their_placeholders():
    for entry in _catalogue():
        assert not list(entry.check(_catalogue())), entry.id


@pytest.mark.parametrize(
    ("address", "accepted", "expected"),
    [
        ("/topics", "fr", "fr"),
        ("/topics", "fr-CH, en;q=0.5", "fr"),
        ("/topics", "de, fr;q=0.3", "fr"),
        ("/topics", "de", "en"),
        ("/topics", "", "en"),
        ("/topics?lang=fr", "en", "fr"),
        ("/topics?lang=xx", "fr", "fr"),
    ],
)
def test_a_page_speaks_the_language_asked_for(client, address, accepted, expected):
    reply = client.get(address, headers={"Accept-Language": accepted})
    assert f'<html lang="{expected}">' in reply.text
    assert reply.headers["Content-Language"] == expected
    assert "Accept-Language" in reply.headers["Vary"]


def test_a_language_chosen_by_address_stays_chosen(client):
    page = client.get("/topics?lang=fr").text
    assert 'href="/practices?topic=refugees&amp;lang=fr"' in page


def test_a_language_left_to_the_browser_leaves_addresses_bare(client):
    assert 'href="/practices?topic=refugees"' in client.get("/topics").text


@pytest.mark.parametrize(
    ("code", "language", "expected"),
    [
        ("FRA", "en", "French"),
        ("SQI", "fr", "albanais"),
        ("fr-ch", "en", "French"),
        ("XXX", "en", None),
    ],
)
def test_languages_have_names(code, language, expected):
    assert language_name(code, language) == expected
