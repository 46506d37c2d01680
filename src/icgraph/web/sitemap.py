"""For search engines: `/sitemap.xml` with its pages, and `/robots.txt`.

The map lists the documents of all records, with the time of their last change, in pages of
bounded size; addresses are those of the host that was asked (sitemaps.org, protocol 0.9).
"""

from collections.abc import Iterable
from typing import Final
from xml.etree import ElementTree as ET

from flask import Blueprint, Response, request

from icgraph.discovery.addresses import count_pages, list_records
from icgraph.errors import NotFound
from icgraph.model.kinds import KINDS
from icgraph.web.dataset import served_at
from icgraph.web.headers import conditional
from icgraph.web.languages import gettext
from icgraph.web.reading import current_reading

blueprint: Final = Blueprint("sitemap", __name__)

_NAMESPACE: Final = "http://www.sitemaps.org/schemas/sitemap/0.9"
#: As many as an index may list.
_MOST_PAGES: Final = 50_000
#: Pages that are no record, as paths below the site.
_SITE: Final = (
    "", *(kind.path for kind in KINDS.values()), "topics", "ns/", "scheme/", "shapes/", "dataset",
    "changes",
)  # fmt: skip
#: What costs much, or is there for programs that know what they want.
_CLOSED: Final = ("sparql", "data", "graph/", "dumps/", "metrics", "health", "*?q=", "*&q=")


@blueprint.get("/sitemap.xml")
def index() -> Response:
    """The pages of the map."""
    return conditional(f"index {served_at()}", _index)


@blueprint.get("/sitemaps/site.xml")
def site() -> Response:
    """The pages that are no record."""
    return conditional(f"site {served_at()}", lambda: _urls((path, "") for path in _SITE))


@blueprint.get("/sitemaps/records-<int:number>.xml")
def records(number: int) -> Response:
    """A page of records, counted from 1."""
    return conditional(f"records {served_at()}", lambda: _records(number))


@blueprint.get("/robots.txt")
def robots() -> Response:
    """What robots are asked to leave alone, and where the map is (RFC 9309)."""
    prefix = request.root_path.rstrip("/")
    lines = ["User-agent: *", *(f"Disallow: {prefix}/{path}" for path in _CLOSED)]
    text = "\n".join([*lines, "", f"Sitemap: {served_at()}sitemap.xml"]) + "\n"
    return Response(text, content_type="text/plain; charset=utf-8")


def _index() -> Response:
    root = ET.Element("sitemapindex", xmlns=_NAMESPACE)
    names = [f"records-{number}" for number in range(1, count_pages(current_reading()) + 1)]
    for name in ("site", *names):
        ET.SubElement(
            ET.SubElement(root, "sitemap"), "loc"
        ).text = f"{served_at()}sitemaps/{name}.xml"
    return _xml(root)


def _records(number: int) -> Response:
    listed = list_records(current_reading(), number) if 0 < number <= _MOST_PAGES else []
    if not listed:
        raise NotFound(
            gettext("The site map has no page %(number)s.", number=number),
            advice=gettext("Its pages are listed at %(address)s.", address="/sitemap.xml"),
        )
    return _urls((f"doc/{one.name.kind}/{one.name.slug}", one.modified) for one in listed)


def _urls(pages: Iterable[tuple[str, str]]) -> Response:
    """Paths below the site, each with the time of its last change or nothing."""
    root = ET.Element("urlset", xmlns=_NAMESPACE)
    for path, modified in pages:
        url = ET.SubElement(root, "url")
        ET.SubElement(url, "loc").text = served_at() + path
        if modified:
            ET.SubElement(url, "lastmod").text = modified
    return _xml(root)


def _xml(root: ET.Element) -> Response:
    body = ET.tostring(root, encoding="utf-8", xml_declaration=True)
    return Response(body, content_type="application/xml; charset=utf-8")
