"""Search over all records and concepts: the page, the same as JSON, and suggestions while typing.

Every answer names the revision it is of, which may be behind that of the graph for a moment.
"""

import json
from dataclasses import dataclass
from typing import Any, Final

from flask import Blueprint, Response, make_response, render_template, request, url_for

from icgraph.discovery.entries import CONCEPT, Entry, Texts, iri_of
from icgraph.discovery.search import MOST_PAGES, PAGE_LENGTH, TEXT_LENGTH, Found, Search
from icgraph.errors import InputError, NotFound
from icgraph.model.kinds import KINDS
from icgraph.web.exchange import current_exchange
from icgraph.web.found import address_of, hit, line, suggested
from icgraph.web.headers import conditional
from icgraph.web.kind_names import kind_name
from icgraph.web.languages import gettext
from icgraph.web.media import HTML, Format, by_name, negotiate
from icgraph.web.site import current_site

blueprint: Final = Blueprint("search", __name__)

JSON: Final = Format("json", "application/json", ".json", "JSON", ("text/json",), "")
_FORMATS: Final = (HTML, JSON)
_FIRST: Final = ("page", 1)
#: The kinds that can be chosen, in the order in which they are offered.
SEARCHED: Final = (*KINDS, CONCEPT)


@dataclass(frozen=True, slots=True)
class Asked:
    """What was asked for."""

    q: str
    kind: str
    page: int

    def address(self, **changed: Any) -> str:
        """The address of this question with some of it changed; an empty value leaves it out."""
        values = {"q": self.q, "kind": self.kind, "page": self.page, **changed}
        said = {name: value for name, value in values.items() if value and (name, value) != _FIRST}
        return url_for("search.search", **said)


@blueprint.get("/search")
def search() -> Response:
    """What was found for `q`, of one `kind` or of all."""
    index = _index()
    asked = _asked()
    format_ = _format()
    head = index.head() if asked.q else None

    def make() -> Response:
        found = index.find(asked.q, kind=asked.kind, page=asked.page) if asked.q else None
        if found is not None and asked.page > _pages(_total(found, asked)):
            raise NotFound(
                gettext("There is no page %(number)s of these results.", number=asked.page),
                advice=gettext("Go back to the first page, or seek more words."),
            )
        return _page(asked, found) if format_ is HTML else _json(asked, found)

    response = conditional(f"search-{format_.name}-{head.hash if head else ''}", make)
    if head:
        _not_lasting_unless(response, head.hash)
    response.vary.update(("Accept", "Accept-Language"))
    return response


@blueprint.get("/search/suggest")
def suggest() -> Response:
    """Names that have the words of `q`, the last perhaps only begun, of one `kind` or of all."""
    index = _index()
    kind = _kind()
    text = request.args.get("q", "")[:TEXT_LENGTH]
    head = index.head()

    def make() -> Response:
        found = index.suggest(text, kind=kind)
        suggestions = [
            {
                "name": name[0],
                "language": name[1] or None,
                "kind": entry.name.kind,
                "kindName": kind_name(entry.name),
                "where": ", ".join(text.value for text in line(entry)[-2:]),
                "iri": iri_of(current_site().base, entry.name),
                "address": address_of(entry.name),
            }
            for entry in found.entries
            if (name := suggested(entry, found))
        ]
        answer = {"query": text, "revision": found.head.number, "suggestions": suggestions}
        return _written(answer, found)

    response = conditional(f"suggest-{head.hash}", make)
    _not_lasting_unless(response, head.hash)
    response.vary.add("Accept-Language")
    return response


def _index() -> Search:
    index = current_site().search
    if index is None:
        raise NotFound(
            gettext("There is no search over a plain store."),
            advice=gettext("Ask it in SPARQL."),
        )
    return index


def _asked() -> Asked:
    kind = _kind()
    number = request.args.get("page", "1")
    if not (number.isascii() and number.isdigit() and 0 < int(number[:9]) <= MOST_PAGES):
        raise InputError(
            gettext("The parameter %(name)s cannot be “%(value)s”.", name="page", value=number),
            advice=gettext(
                "Pages are counted from 1 to %(most)s; more words find less.", most=MOST_PAGES
            ),
        )
    return Asked(request.args.get("q", "").strip()[:TEXT_LENGTH], kind, int(number))


def _kind() -> str:
    kind = request.args.get("kind", "")
    if kind and kind not in SEARCHED:
        raise InputError(
            gettext("The parameter %(name)s cannot be “%(value)s”.", name="kind", value=kind),
            advice=gettext("The kinds are: %(kinds)s.", kinds=", ".join(SEARCHED)),
        )
    return kind


def _format() -> Format:
    asked = request.args.get("format")
    if asked is None:
        return negotiate(request.headers.get("Accept"), _FORMATS)
    found = by_name(asked, _FORMATS)
    if found is None:
        raise InputError(
            gettext("The parameter %(name)s cannot be “%(value)s”.", name="format", value=asked),
            advice=gettext("The formats are: %(formats)s.", formats="html, json"),
        )
    return found


def _not_lasting_unless(response: Response, fingerprint: str) -> None:
    """Let the gateway repeat the answer only where the index is of the graph's own revision.

    The index may be behind; it catches up without the graph becoming another.
    """
    exchange = current_exchange()
    if exchange and exchange.lasts and exchange.lasts.fingerprint != fingerprint:
        exchange.lasts = None
    response.cache_control.no_cache = True


def _total(found: Found, asked: Asked) -> int:
    return found.counts.get(asked.kind, 0) if asked.kind else sum(found.counts.values())


def _pages(total: int) -> int:
    return min(MOST_PAGES, max(1, -(-total // PAGE_LENGTH)))


def _page(asked: Asked, found: Found | None) -> Response:
    total = _total(found, asked) if found else 0
    html = render_template(
        "search.html",
        asked=asked,
        found=found,
        hits=[hit(entry, found) for entry in found.entries] if found else [],
        total=total,
        pages=_pages(total),
        first=(asked.page - 1) * PAGE_LENGTH + 1,
        searched=SEARCHED,
        behind=found is not None and found.head.hash != current_site().execution.fingerprint(),
    )
    return _of_revision(make_response(html), found)


def _json(asked: Asked, found: Found | None) -> Response:
    answer: dict[str, Any] = {"query": asked.q, "kind": asked.kind or None, "page": asked.page}
    if found is not None:
        total = _total(found, asked)
        answer |= {
            "revision": found.head.number,
            "total": total,
            "pages": _pages(total),
            "counts": found.counts,
            "allWords": found.whole,
            "readAs": {word.typed: word.read_as for word in found.question.words if word.read_as},
            "unknown": found.question.unknown,
            "didYouMean": found.question.meant or None,
            "results": [_result(entry, found) for entry in found.entries],
        }
    return _written(answer, found)


def _result(entry: Entry, found: Found) -> dict[str, Any]:
    snippet = hit(entry, found).snippet
    return {
        "iri": iri_of(current_site().base, entry.name),
        "kind": entry.name.kind,
        "names": _by_language(entry.names),
        "otherNames": _by_language(entry.other_names),
        "where": [text.value for text in line(entry)],
        "snippet": snippet.text if snippet else None,
        "address": address_of(entry.name),
    }


def _written(answer: dict[str, Any], found: Found | None) -> Response:
    body = json.dumps(answer, ensure_ascii=False, indent=2)
    return _of_revision(Response(body + "\n", content_type=JSON.content_type), found)


def _of_revision(response: Response, found: Found | None) -> Response:
    if found is not None:
        response.headers["ICGraph-Revision"] = str(found.head.number)
    return response


def _by_language(texts: Texts) -> dict[str, list[str]]:
    found: dict[str, list[str]] = {}
    for value, language in texts:
        found.setdefault(language or "und", []).append(value)
    return found
