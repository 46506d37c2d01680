"""Asking the search index: words in any language, with errors of typing forgiven, ranked.

A record is found when it has every word, as written or as a word's beginning, in its names, its
texts, or the names of what it links to. A word that nothing has is read as the nearest ones
there are. When no record has all the words, those that have some are shown, and that is said.
"""

import sqlite3
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Final

from icgraph.discovery.entries import Entry, Text
from icgraph.discovery.folding import fold, marked
from icgraph.discovery.index import Index
from icgraph.discovery.index_content import IndexHead, read_entries, read_head
from icgraph.discovery.nearness import Remembered
from icgraph.errors import TimeLimitExceeded

PAGE_LENGTH: Final = 20
MOST_PAGES: Final = 50
#: Of longer texts the beginning is used, of more words the first.
TEXT_LENGTH: Final = 200
MOST_WORDS: Final = 12
MOST_SUGGESTED: Final = 8
_LEAST_SUGGESTED: Final = 2
SECONDS: Final = 5.0
_STEPS: Final = 20_000

#: Words that say nothing alone, in the languages of the pages.
_SMALL: Final = frozenset(
    (
        "a", "an", "and", "at", "by", "for", "from", "in", "of", "on", "or", "the", "to", "with",
        "au", "aux", "avec", "d", "dans", "de", "des", "du", "en", "et", "l", "la", "le", "les",
        "ou", "par", "pour", "sur", "un", "une",
    )
)  # fmt: skip
#: Words of this length are read as others with so many errors.
_FORGIVEN: Final = ((8, 2), (4, 1))
_Values = dict[str, str | int]
_BEYOND: Final = "\U0010ffff"

_RANKED: Final = """
SELECT record.id,
  EXISTS (SELECT 1 FROM name WHERE record = record.id AND folded = :asked) AS exact,
  bm25(word, 10.0, 6.0, 2.0, 1.0) * weight AS score
FROM word JOIN record ON record.id = word.rowid
WHERE word MATCH :match AND (:kind = '' OR kind = :kind)
ORDER BY exact DESC, score, kind, slug LIMIT :limit OFFSET :offset
"""
_BEGINNING: Final = """
SELECT record.id,
  EXISTS (SELECT 1 FROM name WHERE record = record.id AND folded = :asked) AS exact,
  EXISTS (SELECT 1 FROM name WHERE record = record.id AND folded >= :asked
    AND folded < :beyond) AS begins,
  bm25(word, 10.0, 6.0, 0.0, 0.0) * weight AS score
FROM word JOIN record ON record.id = word.rowid
WHERE word MATCH :match AND (:kind = '' OR kind = :kind)
ORDER BY exact DESC, begins DESC, score, kind, slug LIMIT :limit
"""
_COUNTS: Final = """
SELECT kind, COUNT(*) FROM word JOIN record ON record.id = word.rowid
WHERE word MATCH ? GROUP BY kind
"""
_KNOWN: Final = "SELECT 1 FROM vocabulary WHERE term >= ? AND term < ? LIMIT 1"


@dataclass(frozen=True, slots=True)
class Word:
    """A word that is sought: as it was typed, folded, and the words it is read as instead."""

    typed: str
    read_as: tuple[str, ...] = ()

    @property
    def match(self) -> str:
        """The word for FTS5: written so, in the singular, or as a beginning; or its readings."""
        if self.read_as:
            return f"({' OR '.join(map(_quoted, self.read_as))})"
        exact = map(_quoted, (self.typed, *_singulars(self.typed)))
        return f"({' OR '.join(exact)} OR {_quoted(self.typed)}*)"

    def fits(self, folded: str) -> bool:
        """Whether a word of a text is what is sought."""
        if self.read_as:
            return folded in self.read_as
        return folded.startswith(self.typed) or folded in _singulars(self.typed)


@dataclass(frozen=True, slots=True)
class Question:
    """What was asked, as the index understands it.

    `words` are sought; `unknown` are those that no record has, nor any near to them. `meant` is
    the text with what may be meant in the place of words that no record has; empty where every
    word is had, or nothing is near. `asked` is all of it, folded.
    """

    words: tuple[Word, ...]
    unknown: tuple[str, ...]
    meant: str
    asked: str

    @property
    def length(self) -> int:
        """How many words were asked for."""
        return len(self.words) + len(self.unknown)

    def match(self, joint: str) -> str:
        """The words for FTS5, between them AND or OR."""
        return joint.join(word.match for word in self.words)


@dataclass(frozen=True, slots=True)
class Found:
    """A page of what was found, best first, of the revision `head`.

    `counts` are by kind, without the choice of one. Not `whole`: no record has all the words,
    these have some.
    """

    head: IndexHead
    question: Question
    entries: tuple[Entry, ...]
    counts: dict[str, int]
    whole: bool

    def fits(self, folded: str) -> bool:
        """Whether a word of a text is one that was sought."""
        return any(word.fits(folded) for word in self.question.words)

    def has(self, text: Text) -> bool:
        """Whether a text has a word that was sought."""
        return any(sought for _, sought in marked(text[0], self.fits))


class Search:
    """Questions to an index; safe in several threads."""

    def __init__(self, index: Index) -> None:
        self._index = index
        self._vocabulary = Remembered()

    def head(self) -> IndexHead:
        """The revision that is asked; raises ServiceNotReady while there is no index."""
        with self._index.reading() as connection:
            return read_head(connection)

    def find(self, text: str, *, kind: str = "", page: int = 1) -> Found:
        """A page of the records that have the words, of one kind or of all.

        Raises ServiceNotReady, and TimeLimitExceeded when the words are had by too much.
        """
        with self._asking() as connection:
            head = read_head(connection)
            question = self._read(connection, head, text)
            joint = " AND "
            counts = {} if question.unknown else _counts(connection, question.match(joint))
            if not counts and question.words and question.length > 1:
                joint = " OR "
                counts = _counts(connection, question.match(joint))
            values: _Values = {
                "match": question.match(joint),
                "asked": question.asked,
                "kind": kind,
                "limit": PAGE_LENGTH,
                "offset": (page - 1) * PAGE_LENGTH,
            }
            entries = _entries(connection, _RANKED, values) if counts else ()
        return Found(head, question, entries, counts, whole=joint == " AND ")

    def suggest(self, text: str, *, kind: str = "") -> Found:
        """The records whose names have the words, the last of them perhaps only begun."""
        with self._asking() as connection:
            head = read_head(connection)
            question = self._read(connection, head, text)
            entries: tuple[Entry, ...] = ()
            if not question.unknown and len(question.asked) >= _LEAST_SUGGESTED:
                values: _Values = {
                    "match": f"{{name other_name}} : ({question.match(' AND ')})",
                    "asked": question.asked,
                    "beyond": question.asked + _BEYOND,
                    "kind": kind,
                    "limit": MOST_SUGGESTED,
                }
                entries = _entries(connection, _BEGINNING, values)
        return Found(head, question, entries, {}, whole=True)

    def _read(self, connection: sqlite3.Connection, head: IndexHead, text: str) -> Question:
        words: list[Word] = []
        unknown: list[str] = []
        instead: dict[str, str] = {}
        for typed in sought_words(text):
            if _is_known(connection, typed):
                words.append(Word(typed))
                continue
            vocabulary = self._vocabulary.of(connection, head.hash)
            forgiven = next((errors for length, errors in _FORGIVEN if len(typed) >= length), 0)
            nearest = vocabulary.nearest(typed, forgiven)
            if nearest:
                words.append(Word(typed, nearest))
            else:
                unknown.append(typed)
                nearest = vocabulary.nearest(typed, len(typed) // 2)
            instead[typed] = next(iter(nearest), "")
        meant = _replaced(text[:TEXT_LENGTH], instead) if any(instead.values()) or words else ""
        return Question(tuple(words), tuple(unknown), meant if instead else "", fold(meant or text))

    @contextmanager
    def _asking(self) -> Iterator[sqlite3.Connection]:
        """A connection that is interrupted after `SECONDS`."""
        end = time.monotonic() + SECONDS
        with self._index.reading() as connection:
            connection.set_progress_handler(lambda: time.monotonic() > end, _STEPS)
            try:
                yield connection
            except sqlite3.OperationalError as error:
                if "interrupted" not in str(error):
                    raise
                raise TimeLimitExceeded(
                    f"The search took longer than the {SECONDS:g} seconds it may take.",
                    advice="Seek longer words, or fewer.",
                    limit="search",
                    value=SECONDS,
                ) from None
            finally:
                connection.set_progress_handler(None, 0)


def sought_words(text: str) -> tuple[str, ...]:
    """The words of a question, each once; small ones only when there are no others."""
    words = tuple(dict.fromkeys(fold(text[:TEXT_LENGTH]).split()))
    telling = tuple(word for word in words if word not in _SMALL)
    return (telling or words)[:MOST_WORDS]


def _counts(connection: sqlite3.Connection, match: str) -> dict[str, int]:
    return dict(connection.execute(_COUNTS, (match,)).fetchall()) if match else {}


def _entries(connection: sqlite3.Connection, query: str, values: _Values) -> tuple[Entry, ...]:
    ids = [row[0] for row in connection.execute(query, values)]
    return tuple(read_entries(connection, ids))


def _replaced(text: str, instead: dict[str, str]) -> str:
    """The text with other words in the place of some, as it was written for the rest."""
    pieces = (
        " ".join(instead.get(word, word) for word in fold(piece).split()) if sought else piece
        for piece, sought in marked(text, instead.__contains__)
    )
    return " ".join("".join(pieces).split())


def _is_known(connection: sqlite3.Connection, word: str) -> bool:
    """Whether a word of the index is this one, its singular, or begins with it."""
    ranges = [(word, word + _BEYOND), *((each, each + "\0") for each in _singulars(word))]
    return any(connection.execute(_KNOWN, each).fetchone() for each in ranges)


def _singulars(word: str) -> tuple[str, ...]:
    """What the word may be the plural of, in English and French; words too short are none."""
    if len(word) < 4:
        return ()
    endings = (("ies", "y"), ("aux", "al"), ("s", ""), ("x", ""))
    return tuple(
        word.removesuffix(ending) + singular
        for ending, singular in endings
        if word.endswith(ending)
    )


def _quoted(word: str) -> str:
    # Folded words have letters and digits only; quotation marks keep OR and NEAR from being meant.
    return '"' + word.replace('"', '""') + '"'
