"""Whether the engine reads a word of a text as a keyword, whatever it looks like to us.

Tokens alone cannot tell: whether `<` begins an IRI or compares two values depends on all that
comes before it, and an engine may read escapes in its own way. So the engine's own parser is
asked, with another word put in the place of each, one that is no keyword and stands nowhere
else in the text. A text that still parses never needed the keyword.
"""

import re
from collections.abc import Sequence
from itertools import product
from typing import Final

from icgraph.errors import SyntaxInvalid
from icgraph.store.grammar import check_syntax

#: No keyword of SPARQL begins with one of these.
_LETTERS: Final = "QJXZ"


def check_disguises(text: str, words: Sequence[str]) -> None:
    """Raise SyntaxInvalid when the engine reads one of these words, in upper case, as a keyword.

    Also where a text that holds them does not parse in any case; the error tells its place.
    """
    held = [word for word in words if _occurrence(word).search(text)]
    if not held:
        return
    swaps = {word: _unused(text, len(word)) for word in held}
    disarmed = text
    for word, swap in swaps.items():
        disarmed = _replaced(disarmed, word, swap)
    try:
        check_syntax(disarmed)
    except SyntaxInvalid as error:
        for word, swap in swaps.items():
            error.detail = _replaced(error.detail, swap, word)
        error.advice = (
            f"Look at the place named. The service never reads {' or '.join(held)} as a keyword."
        )
        raise


def _unused(text: str, length: int) -> str:
    upper = text.upper()
    words = ("".join(letters) for letters in product(_LETTERS, repeat=length))
    unused = next((word for word in words if word not in upper), None)
    if unused is None:
        raise SyntaxInvalid("The text holds too many strange words to be read safely.")
    return unused


def _occurrence(word: str) -> re.Pattern[str]:
    return re.compile(word, re.IGNORECASE | re.ASCII)


def _replaced(text: str, word: str, swap: str) -> str:
    """The text with `swap` for `word`, which is as long, letter by letter in the same case.

    Names that differ by case only, such as variables, must go on to differ.
    """

    def same_case(match: re.Match[str]) -> str:
        return "".join(
            new.lower() if old.islower() else new for old, new in zip(match[0], swap, strict=True)
        )

    return _occurrence(word).sub(same_case, text)
