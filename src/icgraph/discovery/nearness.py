"""The words of the search index, and which of them are near to a word that it does not have."""

import sqlite3
import threading
from collections.abc import Iterable
from typing import Final

from rapidfuzz.distance import OSA
from rapidfuzz.process import extract

#: So many words of an index are compared; those beyond are not found by nearness.
MOST_COMPARED: Final = 200_000
MOST_NEAREST: Final = 5

_ALL: Final = "SELECT term, doc FROM vocabulary LIMIT ?"


class Vocabulary:
    """Words, each with the number of records that have it."""

    def __init__(self, words: Iterable[tuple[str, int]]) -> None:
        self._records = {word: count for word, count in words if word.isalpha()}
        self._by_length: dict[int, list[str]] = {}
        for word in self._records:
            self._by_length.setdefault(len(word), []).append(word)

    def nearest(self, word: str, errors: int) -> tuple[str, ...]:
        """The words with the fewest errors, at most so many; the most common ones first.

        An error is a letter too many, too few or another, or two letters the wrong way round.
        """
        if not word.isalpha() or errors < 1:
            return ()
        found: list[tuple[int, int, str]] = []
        for length in range(len(word) - errors, len(word) + errors + 1):
            near = extract(
                word,
                self._by_length.get(length, ()),
                scorer=OSA.distance,
                score_cutoff=errors,
                limit=MOST_NEAREST,
            )
            found.extend((int(far), -self._records[each], each) for each, far, _ in near)
        found.sort()
        return tuple(each for far, _, each in found if far == found[0][0])[:MOST_NEAREST]


class Remembered:
    """The vocabulary of the revision that was last asked for; safe in several threads."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._known_as = ""
        self._vocabulary = Vocabulary(())

    def of(self, connection: sqlite3.Connection, known_as: str) -> Vocabulary:
        """The vocabulary of an index, read once for each revision (its hash)."""
        with self._lock:
            if self._known_as != known_as:
                rows = connection.execute(_ALL, (MOST_COMPARED,))
                self._vocabulary = Vocabulary(rows)
                self._known_as = known_as
            return self._vocabulary
