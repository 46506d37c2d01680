"""The pages that facts were seen on, as source records.

A page is known by its address; a page of the seeds by the name of its file. What is not known
of a page stays unsaid: the language of an address's locale is only that of the site's shell.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Final
from urllib.parse import unquote, urlsplit

from pyoxigraph import NamedNode

from icgraph.curation.facts import Fact
from icgraph.curation.ledger import Ledger
from icgraph.curation.pagekinds import kind_by_address, page_name
from icgraph.curation.statements import (
    Subject,
    address,
    day,
    integer,
    new_record,
    record_iri,
    term,
    text,
)
from icgraph.errors import InputError
from icgraph.model.iris import source_slug

HARVEST: Final = date(2026, 11, 21)
SOURCE_KINDS: Final = (
    "icc-practice", "icc-listing", "icc-newsletter", "congress-toolkit", "external",
)  # fmt: skip
#: Language tag -> code of the EU's table of languages; a language not here stays unsaid.
_LANGUAGES: Final = {
    "ar": "ARA", "be": "BEL", "bg": "BUL", "ca": "CAT", "cs": "CES", "da": "DAN", "de": "DEU",
    "el": "ELL", "en": "ENG", "es": "SPA", "et": "EST", "eu": "EUS", "fi": "FIN", "fr": "FRA",
    "he": "HEB", "hr": "HRV", "hu": "HUN", "is": "ISL", "it": "ITA", "ja": "JPN", "ko": "KOR",
    "lt": "LIT", "lv": "LAV", "nl": "NLD", "no": "NOR", "pl": "POL", "pt": "POR", "ro": "RON",
    "ru": "RUS", "sk": "SLK", "sl": "SLV", "sq": "SQI", "sr": "SRP", "sv": "SWE", "tr": "TUR",
    "uk": "UKR",
}  # fmt: skip


@dataclass(slots=True)
class Page:
    """What the facts say of one page; several values mean that they disagree."""

    labels: dict[str, set[str]] = field(default_factory=dict)
    acronyms: set[str] = field(default_factory=set)
    languages: set[str] = field(default_factory=set)
    kinds: set[str] = field(default_factory=set)
    drafted_within: set[NamedNode] = field(default_factory=set)
    translation_of: set[NamedNode] = field(default_factory=set)
    entry_years: set[int] = field(default_factory=set)
    was_read: bool = True
    address: str | None = None


class Library:
    """All pages that were cited."""

    def __init__(self, seed_pages: Mapping[str, str], ledger: Ledger) -> None:
        self._seed_pages = seed_pages
        self._ledger = ledger
        self._pages: dict[str, Page] = {}
        self._documents: dict[str, Page] = {}

    def has(self, place: str) -> bool:
        """Whether an address, or the slug of a source without one, was cited."""
        return place in self._pages or place in self._documents

    def document(self, slug: str) -> Page:
        """What is known of a source without an address."""
        return self._documents.setdefault(slug, Page(was_read=False))

    def cite_document(self, slug: str, title: str, language: str) -> NamedNode:
        """The source record of a reference document that has a title and no address."""
        page = self.document(slug)
        page.kinds.add("reference-document")
        page.labels.setdefault(language, set()).add(title)
        return record_iri("source", slug)

    def cite(self, place: str, where: Fact) -> NamedNode:
        """The source record of an address, or of a file of the seeds."""
        record = self._record_of(place, where)
        by_table = "the page in that file, by seed-pages.csv" if place.startswith("seeds/") else ""
        self._ledger.enter_address(where, place, record, reason=by_table)
        return record

    def enter_title(self, document: Fact, title: str, record: NamedNode, language: str) -> None:
        """Enter the title that a line gives of a source."""
        self._ledger.enter(
            document, "title", title, record, "same-by-rule",
            reason="the title of a reference document", language=language,
        )  # fmt: skip

    def _record_of(self, place: str, where: Fact) -> NamedNode:
        if place.startswith("seeds/"):
            if place not in self._seed_pages:
                raise where.broken(
                    "source",
                    f"names {place}, which is no page known here",
                    "Add it to seed-pages.csv.",
                )
            place = self._seed_pages[place]
            if not place.startswith("http"):
                return record_iri("source", place)
        self.page(place, where)
        return record_iri("source", source_slug(place))

    def cite_all(self, places: Iterable[str], where: Fact) -> list[NamedNode]:
        """The source records of several addresses."""
        return [self.cite(place, where) for place in places]

    def page(self, place: str, where: Fact) -> Page:
        """What is known of the page at an address; raises InputError when it is no address."""
        if not _is_address(place):
            raise InputError(
                f"{where.where}: {place!r} is no address of a page.",
                advice="Write it in full, beginning with https://.",
            )
        return self._pages.setdefault(place, Page())

    def records(self) -> list[Subject]:
        """One record for each page, and one for each source without an address."""
        practices = {
            name
            for place, page in self._pages.items()
            if page.kinds == {"icc-practice"} and (name := page_name(place))
        }
        for place, page in self._pages.items():
            kind = None if page.kinds else kind_by_address(place, practices)
            page.kinds |= {kind} if kind is not None else set()
        made = [_record(place, page) for place, page in sorted(self._pages.items())]
        for slug, page in sorted(self._documents.items()):
            record = new_record("source", slug)
            if page.address is not None:
                record.state("schema:url", address(page.address))
            _describe(record, page, slug)
            made.append(record)
        return made


def _is_address(place: str) -> bool:
    try:
        parts = urlsplit(place)
    except ValueError:
        return False
    return (
        parts.scheme in {"http", "https"}
        and bool(parts.netloc)
        and not any(letter in place for letter in ' <>"{}|\\^`')
    )


def _record(place: str, page: Page) -> Subject:
    record = new_record("source", source_slug(place))
    record.state("schema:url", address(place))
    _describe(record, page, _name(place))
    return record


def _describe(record: Subject, page: Page, otherwise: str) -> None:
    """State what is known; of several names in a language one is the label, in their order."""
    if page.labels:
        for tag, names in page.labels.items():
            label, *others = sorted(names)
            record.state("rdfs:label", text(label, tag))
            record.state("skos:altLabel", *(text(each, tag) for each in others))
    else:
        record.state("rdfs:label", text(otherwise))
    record.state("skos:altLabel", *map(text, page.acronyms))
    if page.was_read:
        record.state("ic:retrievedAt", day(HARVEST))
    if len(page.languages) == 1 and (code := _LANGUAGES.get(min(page.languages))) is not None:
        record.state("dcterms:language", term(f"eulang:{code}"))
    kinds = page.kinds - {"reference-document"} or page.kinds
    if len(kinds) == 1:
        record.state("dcterms:type", term(f"source-kind:{min(kinds)}"))
    record.state("ic:draftedWithin", *page.drafted_within)
    record.state("ic:translationOf", *sorted(page.translation_of, key=str)[:1])
    record.state("ic:entryYear", *map(integer, sorted(page.entry_years)[:1]))


def _name(place: str) -> str:
    parts = urlsplit(place)
    segment = unquote(parts.path.rstrip("/").rpartition("/")[2])
    return f"{parts.netloc} – {segment}"[:300] if segment else parts.netloc
