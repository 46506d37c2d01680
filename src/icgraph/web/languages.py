"""The language of a page: English or French, by `?lang=`, else by Accept-Language. No cookies.

The catalogue lies in the files `translations/{language}/*.po`, one a part of the site, and is
compiled in memory when the application starts, so that no build step and no binary file is
needed. The language of the *data* is another matter: `icgraph.model.labels`.
"""

from collections.abc import Callable
from functools import cache
from importlib.resources import files
from io import BytesIO
from typing import Any, Final, cast

from babel import Locale
from babel.messages.catalog import Catalog
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po
from babel.support import Translations
from flask import Flask, Response, g, has_request_context, request
from markupsafe import Markup

from icgraph.model.labels import LANGUAGES

PARAMETER: Final = "lang"

# The languages of sources are named by the EU's table (three letters); Babel knows two.
_TWO_LETTERS: Final = {
    "SQI": "sq", "ARA": "ar", "BUL": "bg", "CAT": "ca", "HRV": "hr", "CES": "cs", "DAN": "da",
    "NLD": "nl", "ENG": "en", "EST": "et", "EUS": "eu", "FIN": "fi", "FRA": "fr", "DEU": "de",
    "ELL": "el", "HEB": "he", "HUN": "hu", "ISL": "is", "GLE": "ga", "ITA": "it", "JPN": "ja",
    "KOR": "ko", "LAV": "lv", "LIT": "lt", "LTZ": "lb", "MKD": "mk", "NOR": "no", "NOB": "nb",
    "NNO": "nn", "POL": "pl", "POR": "pt", "RON": "ro", "RUS": "ru", "SRP": "sr", "SLK": "sk",
    "SLV": "sl", "SPA": "es", "SWE": "sv", "TUR": "tr", "UKR": "uk",
}  # fmt: skip


def register(app: Flask) -> None:
    """Give the application its two languages."""
    for language in LANGUAGES:
        _compiled(language)
    app.context_processor(lambda: _template_words(page_language()))
    app.url_defaults(_keep_language)
    app.after_request(_name_language)


def page_language() -> str:
    """The language of the page that is being made."""
    try:
        return cast("str", g.page_language)  # a page asks a thousand times
    except RuntimeError:  # no request is being answered
        return LANGUAGES[0]
    except AttributeError:
        if not has_request_context():
            return LANGUAGES[0]
    g.page_language = asked_language() or _accepted() or LANGUAGES[0]
    return str(g.page_language)


def asked_language() -> str | None:
    """The language in the address, where it names one of ours."""
    value = request.args.get(PARAMETER, "")
    return value if value in LANGUAGES else None


def gettext(text: str, **values: object) -> str:
    """The text in the page's language, with `%(name)s` replaced."""
    said = _compiled(page_language()).gettext(text)
    return said % values if values else said


def ngettext(one: str, many: str, number: int, **values: object) -> str:
    """The text for this number, which it may show as `%(num)s`."""
    said = _compiled(page_language()).ngettext(one, many, number)
    return said % {"num": number, **values}


def language_name(code: str, language: str) -> str | None:
    """What a language is called, by its tag (`fr-CH`) or its code in the EU's table (`FRA`)."""
    tag = _TWO_LETTERS.get(code, code).partition("-")[0].casefold()
    name = Locale.parse(language).languages.get(tag)
    return str(name) if name else None


def _accepted() -> str | None:
    """Ours that the browser likes best; a regional variant (`fr-CH`) counts as its language."""
    tags = (tag.partition("-")[0].casefold() for tag, weight in request.accept_languages if weight)
    return next((tag for tag in tags if tag in LANGUAGES), None)


def _keep_language(endpoint: str, values: dict[str, Any]) -> None:
    """A language chosen by address stays chosen on the pages it links to."""
    asked = asked_language() if has_request_context() else None
    if asked and endpoint != "static":
        values.setdefault(PARAMETER, asked)


def _name_language(response: Response) -> Response:
    if response.mimetype == "text/html":
        response.headers.setdefault("Content-Language", page_language())
        response.vary.add("Accept-Language")
    return response


def catalogue(language: str) -> Catalog:
    """All texts of a language, from the files of its folder."""
    whole = Catalog(locale=language)
    folder = files("icgraph.web").joinpath("translations", language)
    if not folder.is_dir():  # English is the language of the templates themselves
        return whole
    for file in sorted(folder.iterdir(), key=lambda file: file.name):
        with file.open("rb") as text:
            for message in read_po(text, locale=language):
                if message.id:
                    whole[message.id] = message
    return whole


@cache
def _template_words(language: str) -> dict[str, Callable[..., Markup]]:
    """`_` and `ngettext` of templates: values that are not marked as HTML are escaped."""
    translations = _compiled(language)

    @cache
    def plain(text: str) -> Markup:
        # A text is a format even without values, so that a percent sign is always written twice.
        return Markup(translations.gettext(text)) % {}  # noqa: S704 - our own text

    def marked(text: str, /, **values: object) -> Markup:
        if not values:
            return plain(text)
        return Markup(translations.gettext(text)) % values  # noqa: S704 - our own text

    def plural(one: str, many: str, number: int, /, **values: object) -> Markup:
        text = translations.ngettext(one, many, number)
        return Markup(text) % {"num": number, **values}  # noqa: S704 - our own text

    return {"_": marked, "ngettext": plural}


@cache
def _compiled(language: str) -> Translations:
    binary = BytesIO()
    write_mo(binary, catalogue(language))
    binary.seek(0)
    return Translations(binary)
