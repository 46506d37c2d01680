"""Where a text stops to make sense to the engine's parser, and what could have stood there.

The parser tries a keyword by reading as many characters as it has, so that the place it names
lies up to a keyword's length too far, and the terminals it names are those that happened to
end there. Blank space between the words of that stretch keeps these places apart. What is
given to the parser ends in a character that stands nowhere, so that none of it is evaluated.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from difflib import get_close_matches
from typing import Final

from pyoxigraph import Store

PLACE: Final = re.compile(r"error at (\d+):(\d+): (.*)", re.DOTALL)
#: What is no place for blanks, though it holds some. A string that is left open ends where it
#: must; were it no match, each quote in it would be tried again up to the end.
WHOLE: Final = (
    r"""<[^<>"{}|^`\\\s]*>|\"\"\".*?(?:\"\"\"|\Z)|'''.*?(?:'''|\Z)"""
    r"""|"(?:[^"\\\n]|\\.)*"?|'(?:[^'\\\n]|\\.)*'?|\#[^\r\n]*"""
)
_BETWEEN: Final = re.compile(
    rf"(?:{WHOLE}|\\.)|(?P<blank>\s+)|(?P<mark>(?<!<)\(|\)(?!>)|\{{(?!\|)|(?<!\|)\}}|[\[\];,])",
    re.DOTALL,
)
_WORD: Final = re.compile(r"[^\s(){}\[\];,]+|\S")
_BLANKS: Final = " " * 32  # longer than any keyword
_NEVER: Final = "\n\0"  # on a line of its own, after any comment
_LONGEST_PROBED: Final = 20_000
_MOST_NAMED: Final = 5
_MARKS: Final = (".", ";", ",", ")", "{", "}", "]", "AS", "BY")
_KEYWORDS: Final = tuple(
    re.findall(
        r"\w+",
        """
        ADD ALL AS ASC ASK BASE BIND BOUND BY CLEAR CONSTRUCT COPY COUNT CREATE DATA DATATYPE
        DEFAULT DELETE DESC DESCRIBE DISTINCT DROP EXISTS FILTER FROM GRAPH GROUP HAVING IN
        INSERT INTO LANG LIMIT MINUS MOVE NAMED NOT OFFSET OPTIONAL ORDER PREFIX REDUCED REGEX
        SELECT SEPARATOR SILENT STR STRLEN TO UNDEF UNION USING VALUES WHERE WITH
        """,
    )
)


@dataclass(frozen=True, slots=True)
class Misfit:
    """The `word` at an offset of the text that cannot stand there, "" for the end of the text.

    `meant` is the keyword it was meant to be, it seems; `instead` is some of what could stand
    there, where nothing was.
    """

    offset: int
    word: str
    meant: str = ""
    instead: tuple[str, ...] = ()


def misfit(message: str, text: str, kind: str, base_iri: str | None) -> Misfit | None:
    """What does not fit in a text of a `kind` (query, update) that was refused with a message.

    None when the message names no place.
    """
    far = _offset(message, text)
    if far is None:
        return None
    starts = [start for start in _starts(text) if far - len(_BLANKS) <= start <= far + 1]
    starts.append(len(text))
    spaced = "".join(
        text[start:end] + _BLANKS for start, end in zip([0, *starts], starts, strict=False)
    )
    reached = _reached(spaced, kind, base_iri)
    passed = [
        start
        for number, start in enumerate(starts, start=1)
        if reached is not None and start + number * len(_BLANKS) <= reached
    ]
    if not passed:
        return Misfit(min(far, len(text)), _word(text, far))
    offset = passed[-1]
    word = _word(text, offset)
    if offset > _LONGEST_PROBED:
        return Misfit(offset, word)

    def fits(candidate: str) -> bool:
        probe = f"{text[:offset]} {candidate}{_BLANKS}"
        reached = _reached(probe, kind, base_iri)
        return reached is not None and reached >= len(probe)

    alike = get_close_matches(word.upper(), _KEYWORDS, n=3, cutoff=0.7)
    meant = next(filter(fits, alike), "")
    return Misfit(offset, word, meant, () if meant else tuple(filter(fits, _MARKS))[:_MOST_NAMED])


def _starts(text: str) -> Iterator[int]:
    """Where blanks change nothing: before words, and round marks."""
    yield 0
    last = 0
    for found in _BETWEEN.finditer(text):
        if found["blank"] is None and found["mark"] is None:
            continue
        for start in (found.start(), found.end())[found["blank"] is not None :]:
            if start > last:
                last = start
                yield start


def _word(text: str, offset: int) -> str:
    found = _WORD.match(text, offset)
    return found[0] if found else ""


def _reached(text: str, kind: str, base_iri: str | None) -> int | None:
    """The offset that the parser names when something impossible follows; None for none."""
    store = Store()
    try:
        if kind == "update":
            store.update(text + _NEVER, base_iri=base_iri)
        else:
            store.query(text + _NEVER, base_iri=base_iri)
    except SyntaxError as error:
        return _offset(str(error), text + _NEVER)
    return None


def _offset(message: str, text: str) -> int | None:
    place = PLACE.match(message)
    if place is None:
        return None
    lines = text.split("\n")[: int(place[1]) - 1]
    return sum(len(line) + 1 for line in lines) + int(place[2]) - 1
