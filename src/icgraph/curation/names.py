"""Names as people write them: what makes two spellings one name, and in which language one is.

A key is what two names must share to be compared at all; whether they then mean the same body
is decided by `resolution`. The language of a name comes from a ledger that people keep, else
from words that only one language has, else it is unknown.
"""

import re
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from icgraph.model.iris import slugify

_ABBREVIATION: Final = r"[A-Z][A-Za-z0-9&/]*[A-Z][A-Za-z0-9&/]*(?: SA)?"
_IN_BRACKETS: Final = re.compile(rf"(?P<name>.+\S)\s*\((?P<short>{_ABBREVIATION})\)")
_BEFORE_DASH: Final = re.compile(rf"(?P<short>{_ABBREVIATION}) [-–] (?P<name>.+)")
_AFTER_DASH: Final = re.compile(rf"(?P<name>.+) [-–] (?P<short>{_ABBREVIATION})")
_FORMS: Final = (_IN_BRACKETS, _BEFORE_DASH, _AFTER_DASH)
_VARIANTS: Final = {"center": "centre", "organization": "organisation"}
_LEGAL_FORM: Final = re.compile(r"\be\.\s?v\.", re.IGNORECASE)


def fold(name: str) -> str:
    """A name without marks, case, punctuation and spelling variants, as words."""
    plain = re.sub(r"['’·]", "", _LEGAL_FORM.sub(" ", name)).replace("&", " and ")
    words = (_fold_word(word) for word in re.findall(r"[^\W_]+", plain))
    return " ".join(_VARIANTS.get(word, word) for word in words)


def _fold_word(word: str) -> str:
    latin = all(letter.isascii() or "LATIN" in unicodedata.name(letter, "") for letter in word)
    return slugify(word) if latin else word.casefold()


def keys_of(name: str) -> set[str]:
    """The folded name and, where it carries an abbreviation, its two halves."""
    keys = {fold(name)}
    for pattern in _FORMS:
        match = pattern.fullmatch(name)
        if match is not None:
            keys |= {fold(match["name"]), fold(match["short"])}
    return keys


def without_abbreviation(name: str) -> tuple[str, str | None]:
    """A name and the abbreviation it carries, such as `Name (NM)` or `NM – Name`."""
    for pattern in _FORMS:
        match = pattern.fullmatch(name)
        if match is not None:
            return match["name"], match["short"]
    return name, None


@dataclass(frozen=True, slots=True)
class Languages:
    """What tells the language of a name: a ledger of names, and words of one language only."""

    ledger: Mapping[str, str]
    words: Mapping[str, str]

    def of(self, name: str) -> str:
        """The ledger's tag, else the language of the name's words if they agree, else `und`."""
        if name in self.ledger:
            return self.ledger[name]
        found = {
            self.words[word]
            for word in re.findall(r"[^\W\d_]+", name.casefold())
            if word in self.words
        }
        return found.pop() if len(found) == 1 else "und"
