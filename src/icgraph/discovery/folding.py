"""Words as they are compared: without case, marks and ways of writing. One function for all.

`fold` is used before indexing and before asking, so that both sides agree: lodz finds Łódź,
strasse Straße, acteurs acteur·rice·s. Letters of other scripts stay letters of their script.
"""

import re
import unicodedata
from collections.abc import Callable, Iterator
from functools import lru_cache
from typing import Final

#: `fold` makes a text at most so many times longer (U+FDFA, one character, stands for 18).
MOST_LONGER: Final = 18

# Latin letters that Unicode does not decompose into a base letter and a mark.
_LETTERS: Final = str.maketrans(
    {
        "ł": "l", "ø": "o", "đ": "d", "ð": "d", "þ": "th", "æ": "ae", "œ": "oe", "ı": "i",
        "ħ": "h", "ŧ": "t", "ŋ": "n", "ĸ": "k", "ə": "e",
    }
)  # fmt: skip

_MARK: Final = (
    "\u0300-\u036f\u0591-\u05bd\u05bf-\u05c7\u0640\u064b-\u065f\u0670"
    "\u1ab0-\u1aff\u1dc0-\u1dff\u20d0-\u20ff\ufe20-\ufe2f"
)
# Of Latin, Greek, Cyrillic, Hebrew and Arabic, marks are dropped. Й, ў, ї, ѓ and ќ are letters
# of their own and stay; ё is commonly written е, and is folded.
_MARKS: Final = re.compile(
    f"(и\u0306|у\u0306|і\u0308|г\u0301|к\u0301)|[{_MARK}]"  # composed again by NFC
)

# Inclusive writing of French: acteur·rice·s, citoyen.ne.s and habitant(e)s are acteurs, citoyens
# and habitants. Dots and brackets do not count before anything but such an ending.
_ENDING: Final = (
    "(?:e|es|ne|nes|le|les|te|tes|ve|ves|se|ses|fe|fes|re|res|ère|ères|ière|ières|rice|rices|"
    "trice|trices|euse|euses|esse|esses)"
)
_POINT: Final = "[·•‧⋅∙]"
_INCLUSIVE: Final = re.compile(
    rf"(?<=\w\w)(?:{_POINT}{_ENDING}(?:{_POINT}([sx]))?|\.{_ENDING}\.([sx])"
    rf"|\({_ENDING}\)([sx]?))(?!\w)",
    re.IGNORECASE,
)
# Letters, digits and their marks; in the scripts of South Asia vowels are marks, and stay.
_LETTER: Final = (
    r"(?:[^\W_]|[\u0900-\u0963\u0966-\u0df3\u0e31-\u0e4e\u0eb1-\u0ece\u1000-\u109f\u1780-\u17d3])"
)
_PLAIN_WORD: Final = re.compile(f"{_LETTER}+")
# In Catalan, the point stands within a word: col·legi.
_WORD: Final = re.compile(
    rf"{_LETTER}(?:{_LETTER}|[{_MARK}]|{_INCLUSIVE.pattern}|{_POINT}(?=\w))*", re.IGNORECASE
)


@lru_cache(16_384)
def fold(text: str) -> str:
    """The words of a text in the form in which they are compared, one space between them.

    Folding what was folded changes nothing.
    """
    return " ".join(word for match in _WORD.finditer(text) for word in _folded(match.group()))


def marked(text: str, is_sought: Callable[[str], bool]) -> Iterator[tuple[str, bool]]:
    """The text in pieces, each with whether it is a word that is sought; together the text.

    `is_sought` is told words as `fold` makes them.
    """
    start = 0
    for match in _WORD.finditer(text):
        if any(map(is_sought, _folded(match.group()))):
            if match.start() > start:
                yield text[start : match.start()], False
            yield match.group(), True
            start = match.end()
    if start < len(text):
        yield text[start:], False


@lru_cache(65_536)
def _folded(word: str) -> tuple[str, ...]:
    """What one word of a text is compared as; a character may stand for several words."""
    plain = _INCLUSIVE.sub(lambda match: next(filter(None, match.groups()), ""), word)
    folded = re.sub(_POINT, "", plain)
    plain = ""
    while folded != plain:  # a few characters fold in more than one step
        plain = folded
        decomposed = unicodedata.normalize("NFKD", plain.casefold())
        kept = _MARKS.sub(r"\1", decomposed).translate(_LETTERS)
        folded = " ".join(_PLAIN_WORD.findall(unicodedata.normalize("NFC", kept)))
    return tuple(folded.split())
