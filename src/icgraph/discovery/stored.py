"""The stored queries of `queries/*.rq`: title and description in two languages, and the text."""

import re
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Final

from icgraph.config import packaged
from icgraph.errors import FileUnusable

_HEADER: Final = re.compile(r"^# (title|description) \((en|fr)\): (.+)$", re.MULTILINE)


@dataclass(frozen=True, slots=True)
class StoredQuery:
    """A query kept with the graph; `title` and `description` by language."""

    name: str
    title: dict[str, str]
    description: dict[str, str]
    text: str


@cache
def stored_queries() -> tuple[StoredQuery, ...]:
    """All packaged queries, in the order of their names."""
    return tuple(read_query(path) for path in sorted(packaged("queries").glob("*.rq")))


def read_query(path: Path) -> StoredQuery:
    """The query in a file; raises FileUnusable when its header lacks a title or a description."""
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
    return StoredQuery(
        path.stem, header["title"], header["description"], _HEADER.sub("", text).strip() + "\n"
    )
