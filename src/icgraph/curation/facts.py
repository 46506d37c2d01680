"""Facts as they were gathered: JSON objects, one a line, read with their file and line.

Every value is asked for by key and type, so that a broken line is named once and clearly, and
so that the keys nobody asked for are known: they are what the graph does not carry. The order
of the lines means nothing.
"""

import json
import re
import unicodedata
from collections import defaultdict
from collections.abc import Container, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from types import MappingProxyType
from typing import Any, Final, TypeGuard

from icgraph.curation.census import KeyCensus
from icgraph.errors import FileUnusable, InputError
from icgraph.store.parsing import read_text

#: Kinds of facts file, each with keys that only its lines have together.
KINDS: Final = MappingProxyType(
    {
        "practices": frozenset({"id", "title", "topics"}),
        "cities": frozenset({"name", "country", "sources"}),
        "partnerships": frozenset({"kind", "parties"}),
        "networks": frozenset({"name", "scope", "members"}),
        "projects": frozenset({"name", "summary", "source"}),
        "organisations": frozenset({"name", "type", "source"}),
    }
)

LANGUAGE: Final = re.compile(r"[A-Za-z]{2,3}(?:-[A-Za-z0-9]{2,8})*")
_YEAR: Final = re.compile(r"[12][0-9]{3}")
_REASONS: Final = {ValueError: "a number is too long", RecursionError: "nested too deeply"}


@dataclass(frozen=True, slots=True)
class Fact:
    """One line of a facts file, or an object within it.

    `where` is its file and line, `at` where in the line it stands, such as `organisations[2]`.
    """

    kind: str
    where: str
    values: Mapping[str, Any]
    census: KeyCensus
    path: str = ""
    at: str = ""

    def text(self, key: str) -> str:
        """A text that must be there; in Unicode's form C, trimmed, with single spaces."""
        found = self.optional_text(key)
        if found is None:
            raise self.broken(key, "is missing", "Add it as a text.")
        return found

    def optional_text(self, key: str) -> str | None:
        """A text, or None where the key is missing or null."""
        value = self._get(key)
        if value is None:
            return None
        if not _is_text(value):
            raise self.broken(key, f"is {_shown(value)}", "It must be a text that is not empty.")
        return tidy(value)

    def texts(self, key: str) -> list[str]:
        """A list of texts; empty where the key is missing."""
        values = self._list(key)
        if not all(map(_is_text, values)):
            raise self.broken(key, "holds something else than texts", "List texts only.")
        return [tidy(value) for value in values]

    def by_language(self, key: str) -> dict[str, str]:
        """Texts by language tag; empty where the key is missing."""
        value = self._get(key)
        if value is None:
            return {}
        if not isinstance(value, dict) or not all(
            LANGUAGE.fullmatch(tag) and _is_text(text) for tag, text in value.items()
        ):
            raise self.broken(
                key,
                "is no object of texts by language",
                'Write it as {"en": "text", "fr": "texte"}.',
            )
        self.census.read |= {f"{self._path(key)}.{tag}" for tag in value}
        return {tag.lower(): tidy(text) for tag, text in sorted(value.items())}

    def truth(self, key: str) -> bool:
        """True or false; false where the key is missing."""
        value = self._get(key)
        if value is not None and not isinstance(value, bool):
            raise self.broken(key, f"is {_shown(value)}", "It must be true or false.")
        return value is True

    def language(self, key: str) -> str:
        """A language tag that must be there, in lower case."""
        tag = self.text(key)
        if not LANGUAGE.fullmatch(tag):
            raise self.broken(key, f"is {_shown(tag)}", "Give a language tag, such as fr.")
        return tag.lower()

    def choice(self, key: str, offered: Container[str], advice: str) -> str:
        """A text that must be one of those offered."""
        value = self.text(key)
        if value not in offered:
            raise self.broken(key, f"is {_shown(value)}", advice)
        return value

    def number(self, key: str) -> float | None:
        """A number, or None where the key is missing."""
        value = self._get(key)
        if value is None:
            return None
        if isinstance(value, bool) or not isinstance(value, int | float) or abs(value) > 1e12:
            raise self.broken(key, f"is {_shown(value)}", "It must be a number.")
        return value

    def whole(self, key: str) -> int | None:
        """A whole number, or None where the key is missing."""
        value = self.number(key)
        if value is None:
            return None
        if not float(value).is_integer():
            raise self.broken(key, f"is {_shown(value)}", "It must be a whole number.")
        return int(value)

    def year(self, key: str) -> int | None:
        """A year written as a text of four digits, or None where the key is missing."""
        value = self.optional_text(key)
        if value is None:
            return None
        if not _YEAR.fullmatch(value):
            raise self.broken(key, f"is {_shown(value)}", "Write a year, such as 2019.")
        return int(value)

    def truth_or_word(self, key: str) -> bool | str:
        """True, false or a word; false where the key is missing."""
        value = self._get(key)
        if value is None or isinstance(value, bool):
            return value is True
        return self.text(key)

    def within(self, key: str) -> Iterator["Fact"]:
        """The objects in a list; none where the key is missing."""
        for number, value in enumerate(self._list(key)):
            if not isinstance(value, dict):
                raise self.broken(key, "holds something else than objects", "List objects only.")
            at = f"{self._at(key)}[{number}]"
            yield Fact(self.kind, self.where, value, self.census, self._path(key), at)

    def part(self, key: str) -> "Fact":
        """The object at a key; an empty one where the key is missing."""
        value = self._get(key)
        if value is not None and not isinstance(value, dict):
            raise self.broken(key, f"is {_shown(value)}", "It must be an object.")
        return Fact(self.kind, self.where, value or {}, self.census, self._path(key), self._at(key))

    def spots(self, key: str, name: str) -> list[str]:
        """Where in the line the text stands under the key, itself or in a list or object."""
        value, here = self.values.get(key), self._at(key)
        if isinstance(value, list):
            inner = [(f"{here}[{number}]", each) for number, each in enumerate(value)]
        elif isinstance(value, dict):
            inner = [(f"{here}.{tag}", each) for tag, each in value.items()]
        else:
            inner = []
        found = [at for at, each in inner if isinstance(each, str) and tidy(each) == name]
        return found or [here]

    def broken(self, key: str, what: str, advice: str) -> InputError:
        """The error for a value that cannot be used."""
        return InputError(f"{self.where}: `{self._path(key)}` {what}.", advice=advice)

    def _path(self, key: str) -> str:
        return f"{self.path}.{key}" if self.path else key

    def _at(self, key: str) -> str:
        return f"{self.at}.{key}" if self.at else key

    def _get(self, key: str) -> object:
        self.census.read.add(self._path(key))
        return self.values.get(key)

    def _list(self, key: str) -> list[Any]:
        value = self._get(key)
        if value is None:
            return []
        if not isinstance(value, list):
            raise self.broken(key, f"is {_shown(value)}", "It must be a list.")
        return value


@dataclass(frozen=True, slots=True)
class Facts:
    """All facts that were given, by kind, in an order of their own, and the census of keys."""

    lines: Mapping[str, Sequence[Fact]]
    censuses: Mapping[str, KeyCensus]

    def of(self, kind: str) -> Sequence[Fact]:
        """The facts of a kind; none where no such file was given."""
        return self.lines.get(kind, ())


def _is_text(value: object) -> TypeGuard[str]:
    return (
        isinstance(value, str)
        and tidy(value) != ""
        and not any(unicodedata.category(letter) in {"Cc", "Cs"} for letter in tidy(value))
    )


def _shown(value: object) -> str:
    shown = json.dumps(value)
    return shown if len(shown) <= 60 else shown[:57] + "…"


def tidy(text: str) -> str:
    """The text in Unicode's form C, trimmed, with single spaces."""
    return " ".join(unicodedata.normalize("NFC", text).split())


def read_facts(files: Sequence[Path]) -> Facts:
    """Read facts files; the kind of each is told by its name, else by the keys of its lines.

    Raises FileUnusable for a file that cannot be read or told, InputError for a broken line.
    """
    censuses: dict[str, KeyCensus] = defaultdict(KeyCensus)
    lines: dict[str, list[tuple[str, Fact]]] = defaultdict(list)
    for path in files:
        for where, values in _objects(path):
            kind = path.stem if path.stem in KINDS else _kind_of(values, where)
            census = censuses[kind]
            census.count(values)
            order = json.dumps(values, sort_keys=True, ensure_ascii=False)
            lines[kind].append((order, Fact(kind, where, values, census)))
    ordered = {
        kind: [fact for _, fact in sorted(found, key=lambda pair: pair[0])]
        for kind, found in lines.items()
    }
    return Facts(ordered, dict(censuses))


def _objects(path: Path) -> Iterator[tuple[str, dict[str, Any]]]:
    if path.suffix.lower() != ".jsonl":
        raise FileUnusable(
            f"{path}: facts are read from files of JSON lines.",
            advice="Give files that end in .jsonl.",
        )
    for number, line in enumerate(read_text(path).split("\n"), start=1):
        if not line.strip():
            continue
        where = f"{path}:{number}"
        try:
            value = json.loads(line, parse_constant=_refuse)
        except (ValueError, RecursionError) as error:
            column = f":{error.colno}" if isinstance(error, json.JSONDecodeError) else ""
            reason = error.msg if isinstance(error, json.JSONDecodeError) else _REASONS[type(error)]
            raise InputError(
                f"{where}{column}: this is no JSON: {reason}.",
                advice="Write one JSON object a line; look for a missing quotation mark or comma.",
            ) from None
        if not isinstance(value, dict):
            raise InputError(
                f"{where}: the line is no JSON object.", advice="Begin it with a brace."
            )
        yield where, value


def _refuse(constant: str) -> object:
    raise json.JSONDecodeError(f"{constant} is no number", constant, 0)


def _kind_of(values: Mapping[str, Any], where: str) -> str:
    for kind, keys in KINDS.items():
        if keys <= values.keys():
            return kind
    raise FileUnusable(
        f"{where}: nothing tells what this line is about.",
        advice=f"Name the file after its kind ({', '.join(KINDS)}), such as practices.jsonl.",
    )
