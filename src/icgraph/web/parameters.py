"""The parameters of a request, decoded once and strictly (SPARQL 1.1 Protocol, section 2).

Flask decodes leniently: bytes that are not UTF-8 become question marks, and a query would mean
something else than was sent. Here they are an error. Of a form, the address may hold parameters
too; none of them is dropped.
"""

from typing import Final
from urllib.parse import parse_qsl

from flask import request
from werkzeug.datastructures import MultiDict
from werkzeug.exceptions import RequestEntityTooLarge

from icgraph.errors import BodyTooLarge, InputError, MediaTypeUnsupported, QueryRefused
from icgraph.web.authorisation import takes_writes
from icgraph.web.site import current_site

FORM_TYPE: Final = "application/x-www-form-urlencoded"
QUERY_TYPE: Final = "application/sparql-query"
UPDATE_TYPE: Final = "application/sparql-update"
_BARE_TYPES: Final = {QUERY_TYPE: "query", UPDATE_TYPE: "update"}
_ENCODINGS: Final = frozenset({"utf-8", "utf8", "us-ascii"})
_MOST_FIELDS: Final = 10_000


def protocol_parameters() -> MultiDict[str, str]:
    """The parameters of a GET, of a form, or of a bare query or update with those of its address.

    Raises InputError for text that is not UTF-8, MediaTypeUnsupported for another body, and
    QueryRefused for an update that is not sent by POST.
    """
    parameters = decoded(request.query_string, "address")
    if request.method != "POST":
        if "update" in parameters:
            raise QueryRefused(
                "An update cannot be sent by GET.", advice="Send it by POST: it changes the graph."
            )
        return parameters
    if request.mimetype == FORM_TYPE:
        parameters.update(decoded(_body(), "form"))
    elif name := _BARE_TYPES.get(request.mimetype):
        parameters.add(name, _text(_body(), name))
    else:
        supported = [FORM_TYPE, *_BARE_TYPES]
        raise MediaTypeUnsupported(
            f"A body of the type {request.mimetype or '(none)'} is not taken here.",
            advice=f"Send a form ({FORM_TYPE}), a bare query ({QUERY_TYPE}) or a bare update "
            f"({UPDATE_TYPE}).",
            supported=supported,
        )
    return parameters


def decoded(encoded: bytes, place: str) -> MultiDict[str, str]:
    """Names and values out of their form encoding; raises InputError where they are not UTF-8."""
    try:
        pairs = parse_qsl(
            encoded.decode(),
            keep_blank_values=True,
            errors="strict",
            max_num_fields=_MOST_FIELDS,
        )
    except UnicodeDecodeError:
        raise InputError(
            f"The {place} is not UTF-8.",
            advice="Encode the text as UTF-8 first, then its bytes with percent signs.",
        ) from None
    except ValueError:
        raise InputError(
            f"The {place} has more than {_MOST_FIELDS} parameters.",
            advice="Send fewer; graphs can be named in the query, too (FROM, FROM NAMED).",
        ) from None
    return MultiDict(pairs)


def _body() -> bytes:
    settings = current_site().settings
    encoding = request.mimetype_params.get("charset", "utf-8").strip("'\"").casefold()
    if encoding not in _ENCODINGS:
        raise InputError(
            f"The encoding {encoding} is not taken here.", advice="Send the text as UTF-8."
        )
    if takes_writes(current_site()):
        # What a form holds, a query or an update, is not known before it is read.
        request.max_content_length = max(settings.query_text * 4, settings.upload_bytes)
    try:
        return request.get_data(cache=False)
    except RequestEntityTooLarge:
        raise BodyTooLarge(
            f"The body of the request is larger than the {request.max_content_length} bytes taken.",
            advice="Shorten it; long VALUES lists can be sent in parts.",
            limit="query_text",
            value=settings.query_text,
        ) from None


def _text(body: bytes, name: str) -> str:
    try:
        return body.decode()
    except UnicodeDecodeError as error:
        raise InputError(
            f"The {name} is not UTF-8 (byte {error.start + 1}).",
            advice=f"Send the {name} in the encoding UTF-8.",
        ) from None
