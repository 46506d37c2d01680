"""The home page, the list of each kind with its facets, and the list of topics.

Pages for people; they work without scripts. What was chosen stands in the address, so that a
list can be linked to and comes back as it was; the same selection is there as data.
"""

from collections.abc import Callable
from typing import Any, Final

from flask import Blueprint, Response, make_response, render_template, request

from icgraph.discovery.lists import (
    PAGE_LENGTH,
    Page,
    count_countries,
    count_topics,
    read_numbers,
    read_page,
)
from icgraph.discovery.selection import Narrowed
from icgraph.discovery.stored import stored_queries
from icgraph.errors import NotFound
from icgraph.model.kinds import KINDS
from icgraph.web.choices import chips, panels, ways_out
from icgraph.web.headers import conditional
from icgraph.web.languages import gettext
from icgraph.web.list_data import JSON, LENGTH, LIST_FORMATS, as_csv, as_graph, as_json
from icgraph.web.media import HTML, RESULTS_CSV, Format, negotiate, prefers_html
from icgraph.web.reading import current_reading
from icgraph.web.selection import Asked, read_asked
from icgraph.web.site import current_site
from icgraph.web.updates import NOTE_HEADER
from icgraph.web.wanted import wanted_format

blueprint: Final = Blueprint("browse", __name__)

_EXAMPLES: Final = (
    "practices-in-a-country",
    "collaborations-of-a-city",
    "partners-of-a-grant",
)


@blueprint.get("/")
def home() -> Response:
    """What this is, how much there is, and the ways in."""
    return _page("home", _home)


@blueprint.get("/topics")
def topics() -> Response:
    """All topics, with the practices about each."""
    return _page(
        "topics", lambda: render_template("topics.html", topics=count_topics(current_reading()))
    )


def records(path: str) -> Response:
    """The list of a kind, in the format of `format` or of `Accept`."""
    kind = next(kind for kind in KINDS.values() if kind.path == path)
    asked = read_asked(kind)
    format_ = wanted_format(LIST_FORMATS)
    marked = format_ is RESULTS_CSV and prefers_html(request.headers.get("Accept"))
    variant = f"list-{format_.name}{'-marked' if marked else ''}"
    response = conditional(variant, lambda: _list(asked, format_, marked=marked))
    response.vary.update(("Accept", "Accept-Language"))
    return response


for _kind in KINDS.values():
    blueprint.add_url_rule(f"/{_kind.path}", _kind.path, records, defaults={"path": _kind.path})


def _home() -> str:
    reading = current_reading()
    queries = {query.name: query for query in stored_queries()}
    examples = [queries[name] for name in _EXAMPLES if name in queries]
    return render_template(
        "home.html",
        numbers=read_numbers(reading),
        topics=count_topics(reading),
        countries=count_countries(reading),
        examples=examples or list(queries.values())[: len(_EXAMPLES)],
    )


def _list(asked: Asked, format_: Format, *, marked: bool) -> Response:
    reading = current_reading()
    narrowed = Narrowed(current_site().tables.get(reading, asked.kind), asked.selection)
    length = PAGE_LENGTH if format_ is HTML else LENGTH
    page = read_page(reading, narrowed, asked.page, length)
    if page.number > page.pages:
        raise NotFound(
            gettext("The list has %(pages)s pages; there is no page %(number)s.",
                    pages=page.pages, number=page.number),
            advice=gettext("Go back to its first page."),
        )  # fmt: skip
    if format_ is HTML:
        response = make_response(_html(asked, narrowed, page))
    elif format_ is JSON:
        response = as_json(asked, narrowed, page)
    elif format_ is RESULTS_CSV:
        response = as_csv(asked, narrowed, page, marked=marked)
    else:
        response = as_graph(reading, page, format_)
    _link(response, asked, page, format_)
    if unknown := [*(code for _, code in narrowed.unknown()), *asked.stray]:
        response.headers[NOTE_HEADER] = f"nothing is known of: {', '.join(unknown)}"[:500]
    return response


def _html(asked: Asked, narrowed: Narrowed, page: Page) -> str:
    return render_template(
        "list.html",
        asked=asked,
        kind=asked.kind,
        page=page,
        narrowed=narrowed,
        chips=chips(asked, narrowed),
        panels=panels(asked, narrowed),
        ways_out=ways_out(asked, narrowed) if not page.total else [],
        formats=[format_ for format_ in LIST_FORMATS if format_ is not HTML],
    )


def _link(response: Response, asked: Asked, page: Page, format_: Format) -> None:
    """The pages beside this one, and the same selection in other formats (RFC 8288)."""
    named: dict[str, Any] = {"format": format_.name} if request.args.get("format") else {}
    beside = {"first": 1, "prev": page.number - 1, "next": page.number + 1, "last": page.pages}
    for relation, number in beside.items():
        if 1 <= number <= page.pages and page.pages > 1:
            address = asked.address(page=number, **named)
            response.headers.add("Link", f'<{address}>; rel="{relation}"')
    for other in LIST_FORMATS:
        if other is not format_:
            address = asked.address(format=other.name)
            response.headers.add("Link", f'<{address}>; rel="alternate"; type="{other.media_type}"')


def _page(variant: str, make: Callable[[], str]) -> Response:
    negotiate(request.headers.get("Accept"), [HTML])
    response = conditional(variant, make)
    response.vary.update(("Accept", "Accept-Language"))
    return response
