"""The format a reader wants: named by `format` or a suffix in the address, else by `Accept`."""

from collections.abc import Sequence

from flask import request

from icgraph.errors import FormatNotOffered, NotFound
from icgraph.web.languages import gettext
from icgraph.web.media import Format, by_name, by_suffix, negotiate


def wanted_format(offered: Sequence[Format]) -> Format:
    """One of the offered formats; raises FormatNotOffered, which lists them."""
    wanted = request.args.get("format", "")
    if not wanted:
        return negotiate(request.headers.get("Accept"), offered)
    chosen = by_name(wanted, offered)
    if chosen is None:
        names = ", ".join(format_.name for format_ in offered)
        raise FormatNotOffered(
            gettext("This format is not offered: %(name)s.", name=wanted),
            advice=gettext("Choose one of: %(words)s.", words=names),
            offered=[format_.media_type for format_ in offered],
        )
    return chosen


def suffixed_format(suffix: str, offered: Sequence[Format]) -> Format:
    """The offered format with this suffix (`.ttl`); raises NotFound, which lists them."""
    found = by_suffix(suffix, offered)
    if found is None:
        raise NotFound(
            gettext("This page has no format %(suffix)s.", suffix=suffix),
            advice=gettext(
                "There are: %(suffixes)s.", suffixes=" ".join(each.suffix for each in offered)
            ),
        )
    return found
