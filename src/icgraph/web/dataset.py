"""The dataset as a whole: `/dataset`, its versions `/dataset/{n}`, and `/.well-known/void`.

A page for people, with schema.org for search engines in it, and DCAT-AP 3 with VoID for
programs. Figures are counted on the newest revision.
"""

from datetime import datetime
from pathlib import PurePosixPath
from typing import Final

from babel.dates import format_date
from babel.units import format_unit
from flask import Blueprint, Response, make_response, redirect, render_template, request, url_for
from werkzeug.wrappers import Response as WerkzeugResponse

from icgraph.catalogue.about import CREATOR, FORM
from icgraph.catalogue.dataset import (
    Dataset,
    describe,
    describe_version,
    schema_org,
)
from icgraph.catalogue.dumping import newest_dump
from icgraph.catalogue.stating import PREFIXES
from icgraph.catalogue.statistics import count_statistics
from icgraph.discovery.versions import read_versions
from icgraph.errors import NotFound
from icgraph.model.terms import prefixes
from icgraph.store.home import Home
from icgraph.web.embedded_json import embedded_json
from icgraph.web.exchange import current_exchange
from icgraph.web.headers import conditional
from icgraph.web.languages import gettext, page_language
from icgraph.web.media import HTML, RECORD_FORMATS, TURTLE, Format, negotiate
from icgraph.web.query_answer import endpoint
from icgraph.web.reading import current_reading
from icgraph.web.signposting import Variant, link_field, signposts
from icgraph.web.site import current_site
from icgraph.web.statements import statements_response
from icgraph.web.wanted import suffixed_format

blueprint: Final = Blueprint("dataset", __name__)

_VERSIONS_SHOWN: Final = 10
#: For `/.well-known/void`, which programs ask: data comes first.
_DATA_FIRST: Final = (TURTLE, *(format_ for format_ in RECORD_FORMATS if format_ is not TURTLE))


@blueprint.get("/dataset", defaults={"suffix": ""})
@blueprint.get("/dataset.<suffix>")
def dataset(suffix: str) -> Response:
    """The dataset, in the format of the suffix or of `Accept`."""
    chosen = suffixed_format(f".{suffix}", RECORD_FORMATS) if suffix else None
    format_ = chosen or negotiate(request.headers.get("Accept"), RECORD_FORMATS)
    dump = newest_dump(current_home())
    # Which files there are changes without the graph.
    state = f"{format_.name} {served_at()} {dump.hash if dump else ''}"
    response = conditional(state, lambda: _whole(format_))
    if exchange := current_exchange():
        exchange.lasts = None
    _choose(response, chosen)
    if chosen is None:
        response.headers["Content-Location"] = url_for("dataset.dataset", suffix=format_.suffix[1:])
    return response


@blueprint.get("/dataset/<name>")
def version(name: str) -> Response:
    """A version of the dataset: a revision of the graph."""
    suffix = PurePosixPath(name).suffix
    chosen = suffixed_format(suffix, RECORD_FORMATS) if suffix else None
    number = name.removesuffix(suffix)
    if not number.isdecimal() or not number.isascii() or len(number) > 18 or number[0] == "0":
        raise _missing(name)
    format_ = chosen or negotiate(request.headers.get("Accept"), RECORD_FORMATS)
    state = f"{format_.name} {served_at()}"
    response = conditional(state, lambda: _whole_version(int(number), format_))
    _choose(response, chosen)
    return response


@blueprint.get("/.well-known/void")
def well_known() -> WerkzeugResponse:
    """Where the description is (VoID, section 7.2; RFC 8615): in the format that is asked for."""
    format_ = negotiate(request.headers.get("Accept"), _DATA_FIRST)
    response = redirect(url_for("dataset.dataset", suffix=format_.suffix[1:]), 302)
    response.vary.add("Accept")
    return response


def served_at() -> str:
    """The address of the site as the client sees it, with a slash at its end."""
    return endpoint(request.environ, current_site()).removesuffix("sparql")


def current_home() -> Home:
    """The home of the site."""
    return Home(current_site().settings.home.absolute())


@blueprint.app_template_filter("day")
def day(time: str) -> str:
    """The day of a time (RFC 3339), as people write it."""
    language = page_language()
    locale = "en_GB" if language == "en" else language
    return format_date(datetime.fromisoformat(time), "long", locale=locale)


@blueprint.app_template_filter("filesize")
def filesize(size: int) -> str:
    """A number of bytes, as people write it."""
    megabytes = size / 1_000_000
    if megabytes >= 1:
        return format_unit(round(megabytes, 1), "digital-megabyte", "short", locale=page_language())
    kilobytes = max(1, round(size / 1000))
    return format_unit(kilobytes, "digital-kilobyte", "short", locale=page_language())


def _whole(format_: Format) -> Response:
    site = current_site()
    reading = current_reading()
    statistics = count_statistics(site.execution.rows, site.base.iri)
    revision = statistics.changes or site.execution.head()
    newest = range(revision, max(0, revision - _VERSIONS_SHOWN), -1)
    versions = read_versions(reading, newest)
    made = Dataset(
        base=site.base.iri,
        address=served_at(),
        statistics=statistics,
        revision=revision,
        newest=next((version for version in versions if version.number == revision), None),
        dump=newest_dump(current_home()),
    )
    variants = [
        Variant(each, url_for("dataset.dataset", suffix=each.suffix[1:])) for each in RECORD_FORMATS
    ]
    if format_ is not HTML:
        data = statements_response(describe(made), format_, _names())
        return _linked(data, format_, _iri(), variants)
    page = render_template(
        "dataset.html",
        dataset=made,
        versions=versions,
        forms=FORM,
        creator=CREATOR,
        markup=embedded_json(schema_org(made)),
    )
    return _linked(make_response(page), format_, _iri(), variants)


def _whole_version(number: int, format_: Format) -> Response:
    site = current_site()
    reading = current_reading()
    found = read_versions(reading, [number])
    if not found:
        raise _missing(str(number))
    iri = f"{_iri()}/{number}"
    variants = [
        Variant(each, url_for("dataset.version", name=f"{number}{each.suffix}"))
        for each in RECORD_FORMATS
    ]
    if format_ is not HTML:
        triples = describe_version(_iri(), served_at(), found[0])
        data = statements_response(triples, format_, _names())
        return _linked(data, format_, iri, variants)
    page = render_template("version.html", version=found[0], newest=site.execution.head())
    return _linked(make_response(page), format_, iri, variants)


def _choose(response: Response, chosen: Format | None) -> None:
    """Say what the answer depends on."""
    if chosen is None:
        response.vary.add("Accept")
    response.vary.add("Accept-Language")


def _linked(response: Response, format_: Format, iri: str, variants: list[Variant]) -> Response:
    """The answer with what it is and where else it is found."""
    collection = f"{current_site().base.iri}dataset" if iri != _iri() else ""
    links = signposts(format_, cite_as=iri, variants=variants, collection=collection)
    response.headers["Link"] = link_field(links)
    return response


def _iri() -> str:
    return f"{current_site().base.iri}dataset"


def _missing(name: str) -> NotFound:
    return NotFound(
        gettext("There is no version %(name)s of the dataset.", name=name),
        advice=gettext("Versions are revisions of the graph, numbered from 1 without gaps."),
    )


def _names() -> dict[str, str]:
    return {**prefixes(current_site().base.iri), **PREFIXES}
