"""The number of a page in an address (`?page=N`), and the links to the pages beside it."""

from collections.abc import Callable
from typing import Final

from flask import request

from icgraph.errors import InputError, NotFound
from icgraph.web.languages import gettext
from icgraph.web.signposting import Link

PARAMETER: Final = "page"
_DIGITS: Final = 7


def page_number() -> int:
    """The page that is asked for, counted from 1; raises InputError for what is no number."""
    text = request.args.get(PARAMETER, "1")
    if text.isascii() and text.isdigit() and len(text) <= _DIGITS and int(text) > 0:
        return int(text)
    raise InputError(
        gettext("The parameter %(name)s cannot be “%(value)s”.", name=PARAMETER, value=text),
        advice=gettext("Pages are counted from 1."),
    )


def no_page(number: int) -> NotFound:
    """The error for a page beyond the last one."""
    return NotFound(
        gettext("There is no page %(number)s.", number=number),
        advice=gettext("Go back to the first page."),
    )


def page_links(page: int, pages: int, address: Callable[[int], str]) -> list[Link]:
    """Links to the first, previous, next and last page; none where there is but one."""
    if pages == 1:
        return []
    links = [Link("first", address(1))]
    if page > 1:
        links.append(Link("prev", address(page - 1)))
    if page < pages:
        links.append(Link("next", address(page + 1)))
    links.append(Link("last", address(pages)))
    return links
