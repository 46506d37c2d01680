"""The stored queries of `queries/*.rq`: title and description in two languages, and the text.

A query that answers one of the 25 questions the graph was made for says which (`question`).
"""

import re
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Final

from icgraph.config import packaged
from icgraph.errors import FileUnusable

_HEADER: Final = re.compile(r"^# (title|description) \((en|fr)\): (.+)$\n?", re.MULTILINE)
_QUESTION: Final = re.compile(r"^# question: (.*)$\n?", re.MULTILINE)
_NUMBER: Final = re.compile(r"CQ\d\d")


@dataclass(frozen=True, slots=True)
class StoredQuery:
    """A query kept with the graph; `title` and `description` by language."""

    name: str
    title: dict[str, str]
    description: dict[str, str]
    text: str
    question: str | None = None


@cache
def stored_queries() -> tuple[StoredQuery, ...]:
    """All packaged queries, in the order of their names."""
    return tuple(read_query(path) for path in sorted(packaged("queries").glob("*.rq")))


def read_query(path: Path) -> StoredQuery:
    """The query in a file.

    Raises FileUnusable when its header lacks a title or a description, or names a question in
    another form than `CQ03`.
    """
    text = path.read_text(encoding="utf-8")
    header: dict[str, dict[str, str]] = {"title": {}, "description": {}}
    for what, language, words in _HEADER.findall(text):
        header[what][language] = words
    missing = [
        f"{what} ({lang})" for what in header for lang in ("en", "fr") if lang not in header[what]
    ]
    if missing:
        raise FileUnusable(
            f"{path}: the header lacks {', '.join(missing)}.",
            advice="Write it as comments: # title (en): …",
        )
    questions = _QUESTION.findall(text)
    if len(questions) > 1 or not all(map(_NUMBER.fullmatch, questions)):
        raise FileUnusable(
            f"{path}: the header names its question as {', '.join(questions)!r}.",
            advice="Name one question: # question: CQ03, or none.",
        )
    body = _QUESTION.sub("", _HEADER.sub("", text)).strip() + "\n"
    return StoredQuery(
        path.stem, header["title"], header["description"], body, next(iter(questions), None)
    )
