"""The smallest pieces of pages: a text with its language, a link, a link to a thing by its name.

A page holds hundreds of them. They are functions, since Jinja's macros take ten times as long;
`macros.html` gives them their names. All that comes in is escaped.
"""

from collections.abc import Iterable
from typing import Final

from flask import Flask
from markupsafe import Markup, escape
from pyoxigraph import Literal, NamedNode

from icgraph.discovery.reading import Term
from icgraph.discovery.records import Record
from icgraph.web.leading import href
from icgraph.web.pages import foreign, short_name

_COMMA: Final = Markup(", ")
_FOREIGN: Final = Markup('<span lang="%s">%s</span>')
_INSIDE: Final = Markup('<a href="%s">%s</a>')
_OUTSIDE: Final = Markup('<a href="%s" rel="nofollow noopener">%s</a>')


def register(app: Flask) -> None:
    """Give the application's templates the pieces."""
    app.jinja_env.globals["pieces"] = {
        function.__name__: function for function in (text, anchor, link, links, words)
    }


def text(term: Literal | NamedNode | str) -> Markup:
    """What a term says, marked with its language where that is not the page's."""
    if isinstance(term, str):
        return escape(term)
    tag = foreign(term)
    return _FOREIGN % (tag, term.value) if tag else escape(term.value)


def anchor(address: str | None, words: str) -> Markup:
    """The words as a link, where there is an address; search engines follow it within the site."""
    if not address:
        return escape(words)
    return (_INSIDE if address.startswith("/") else _OUTSIDE) % (address, words)


def link(record: Record, iri: str) -> Markup:
    """A link to a thing by what it is called."""
    label = record.label(iri)
    return anchor(href(iri), text(label) if label else short_name(iri))


def links(record: Record, terms: Iterable[Term]) -> Markup:
    """Links to several things."""
    return _COMMA.join(link(record, term.value) for term in terms)


def words(record: Record, iris: Iterable[str]) -> Markup:
    """What several things are called."""
    return _COMMA.join(text(record.label(iri) or short_name(iri)) for iri in iris)
