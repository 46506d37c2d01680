"""Which of several texts to show: the language asked for, else English, French, any.

Pure functions over pyoxigraph literals. A text keeps its own language tag, so that a page
can mark a text that is not in the page's language.
"""

from collections.abc import Iterable
from functools import lru_cache
from typing import Final

from pyoxigraph import Literal

#: Languages of the pages, and the order in which texts are sought.
LANGUAGES: Final = ("en", "fr")


def choose(texts: Iterable[Literal], language: str) -> Literal | None:
    """The text to show to a reader of `language`; the same one whatever the order given."""
    return min(texts, key=lambda text: _rank(text, language), default=None)


def in_one_language(texts: Iterable[Literal], language: str) -> list[Literal]:
    """All texts of the best language there is, sorted: for statements with several texts."""
    ordered = sorted(texts, key=lambda text: _rank(text, language))
    return [text for text in ordered if text.language == ordered[0].language]


def _rank(text: Literal, language: str) -> tuple[int, str, str]:
    return (*_position(text.language or "", language), text.value)


@lru_cache(maxsize=1024)
def _position(tag: str, language: str) -> tuple[int, str]:
    tag = tag.casefold()
    order = (language.casefold(), *LANGUAGES)
    # A regional variant (fr-CH) stands behind its language, before any other.
    position = next(
        (2 * index + (tag != wanted) for index, wanted in enumerate(order)
         if tag == wanted or tag.startswith(wanted + "-")),
        2 * len(order),
    )  # fmt: skip
    return (position, tag)
