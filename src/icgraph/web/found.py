"""What was found, as pages show it: names and pieces of texts with the words sought marked."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Final

from flask import url_for
from pyoxigraph import Literal

from icgraph.discovery.entries import CONCEPT, Entry, Text
from icgraph.discovery.folding import marked
from icgraph.discovery.search import Found
from icgraph.model.iris import RecordName
from icgraph.model.labels import choose
from icgraph.web.languages import page_language

_SNIPPET: Final = 180
_BEFORE: Final = 60
_MOST_IN_LINE: Final = 4


@dataclass(frozen=True, slots=True)
class Marked:
    """A text in pieces, each with whether it is a word that was sought, and its language."""

    pieces: list[tuple[str, bool]]
    language: str

    @property
    def text(self) -> str:
        """The text as it is."""
        return "".join(piece for piece, _ in self.pieces)


@dataclass(frozen=True, slots=True)
class Hit:
    """A record or concept as the list of results shows it.

    `other_name` and `linked` are names of it, and of what it links to, that have the words where
    what is shown besides does not.
    """

    name: RecordName
    address: str
    title: Marked
    line: list[Literal]
    other_name: Marked | None
    linked: Marked | None
    snippet: Marked | None


def hit(entry: Entry, found: Found) -> Hit:
    """A record as a list shows it."""
    title = _chosen(entry.names) or (entry.name.slug, "")
    shown = line(entry)
    other = None if found.has(title) else next(_with_words(_all_names(entry), found), None)
    text = next(_with_words(entry.texts, found), None)
    in_line = any(found.has((each.value, "")) for each in shown)
    linked = [name for link in entry.links for name in (*link.names, *link.other_names)]
    seen = text or other or found.has(title) or in_line
    link = None if seen else next(_with_words(linked, found), None)
    return Hit(
        entry.name,
        address_of(entry.name),
        _marked(title, found),
        shown,
        _marked(other, found) if other else None,
        _marked(link, found) if link else None,
        _snippet(text or _chosen(entry.texts[:1]), found),
    )


def address_of(name: RecordName) -> str:
    """Where the page of a record, or of a concept, is."""
    if name.kind == CONCEPT:
        return url_for("vocabulary.show", folder="scheme", name=name.slug)
    return url_for("records.document", kind=name.kind, slug=name.slug)


def line(entry: Entry) -> list[Literal]:
    """What and where it is, in the reader's language."""
    chosen = (_chosen(link.names) for link in entry.links if link.in_line)
    return [_literal(text) for text in dict.fromkeys(text for text in chosen if text)][
        :_MOST_IN_LINE
    ]


def suggested(entry: Entry, found: Found) -> Text | None:
    """The name that has the words: the one shown everywhere, else another."""
    shown = _chosen(entry.names)
    if shown and found.has(shown):
        return shown
    return next(_with_words(_all_names(entry), found), shown)


def _all_names(entry: Entry) -> list[Text]:
    return [*entry.names, *entry.other_names]


def _with_words(texts: Sequence[Text], found: Found) -> Iterator[Text]:
    """The texts that have a word sought, those in the reader's language first."""
    language = page_language()
    ordered = sorted(texts, key=lambda text: text[1].partition("-")[0] != language)
    return (text for text in ordered if found.has(text))


def _snippet(text: Text | None, found: Found) -> Marked | None:
    """The piece of a text around the first word sought."""
    if text is None:
        return None
    whole = _marked(text, found)
    return Marked(_cut(whole.pieces), whole.language)


def _marked(text: Text, found: Found) -> Marked:
    return Marked(list(marked(text[0], found.fits)), text[1])


def _cut(pieces: Sequence[tuple[str, bool]]) -> list[tuple[str, bool]]:
    """The pieces around the first marked one, at most about `_SNIPPET` characters."""
    first = next((place for place, (_, sought) in enumerate(pieces) if sought), None)
    cut: list[tuple[str, bool]] = []
    if first:
        before = pieces[0][0] if first == 1 else "".join(text for text, _ in pieces[:first])
        kept = before[-_BEFORE:].partition(" ")[2] if len(before) > _BEFORE else before
        cut.append((kept if kept == before else f"… {kept}", False))
    room = _SNIPPET - sum(len(text) for text, _ in cut)
    for text, sought in pieces[first or 0 :]:
        if len(text) > room:
            shortened = text if sought else text[:room].rpartition(" ")[0]
            cut.append((f"{shortened} …", sought))
            break
        cut.append((text, sought))
        room -= len(text)
    return cut


def _chosen(texts: Sequence[Text]) -> Text | None:
    """The text for the reader's language."""
    literal = choose(map(_literal, texts), page_language())
    return (literal.value, literal.language or "") if literal else None


def _literal(text: Text) -> Literal:
    value, language = text
    return Literal(value, language=language) if language else Literal(value)
