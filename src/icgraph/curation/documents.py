"""The documents a practice leads to: its pages in other languages, and what it refers to.

A further address becomes a source of the practice. It is a translation only where the line
gives the practice's title in the language of that address: the locale of an address alone
says nothing of the text. A document without an address has its title and place as its name.
"""

import re
from typing import Final
from urllib.parse import urlsplit

from icgraph.curation.facts import Fact
from icgraph.curation.names import Languages
from icgraph.curation.pagekinds import page_name
from icgraph.curation.sources import Library
from icgraph.curation.statements import Subject
from icgraph.model.iris import slugify

_LOCALE: Final = re.compile(r"/([a-z]{2})/web/")
_BARE_YEAR: Final = re.compile(r"[12][0-9]{3}")


def cite_further_pages(record: Subject, fact: Fact, library: Library) -> None:
    """Make further addresses of the practice's page its sources, translations where told."""
    titles, own = fact.by_language("title"), fact.text("url")
    for place in fact.texts("other_urls"):
        record.state("dcterms:source", library.cite(place, fact))
        tag = _locale(place)
        told = tag in titles and tag != fact.language("language") and tag != _locale(own)
        if told and page_name(place) == page_name(own) != "":
            page = library.page(place, fact)
            page.languages.add(tag)
            page.labels.setdefault(tag, set()).add(titles[tag])
            page.translation_of.add(library.cite(own, fact))


def cite_reference_documents(
    record: Subject, fact: Fact, library: Library, languages: Languages, place: str
) -> None:
    """State what the practice refers to; `place` is the slug of where it is carried out."""
    for document in fact.within("reference_documents"):
        title, address = document.text("title"), document.optional_text("url")
        if address is None:
            slug = slugify(f"{place}-{title}")
            source = library.cite_document(slug, title, languages.of(title))
        else:
            page = library.page(address, document)
            page.kinds.add("reference-document")
            page.labels.setdefault(languages.of(title), set()).add(title)
            source = library.cite(address, document)
        library.enter_title(document, title, source, languages.of(title))
        record.state("dcterms:references", source)


def entry_year(fact: Fact) -> int | None:
    """The year printed at the entry: given as such, or as a label that is a bare year."""
    label = fact.optional_text("year_label")
    if label is not None and not _BARE_YEAR.fullmatch(label):
        label = None
    return fact.year("entry_year") or (None if label is None else int(label))


def _locale(place: str) -> str:
    match = _LOCALE.search(urlsplit(place).path)
    return "" if match is None else match[1]
