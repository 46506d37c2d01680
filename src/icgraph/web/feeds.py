"""The change feed at `/changes`: a page, Atom, and RDF, newest first, paged both ways.

Atom links its pages as RFC 5005 has it. RDF is Activity Streams 2.0: a collection page whose
items create, update or delete a record. The bare address shows the newest happenings; `?page=N`
counts from the oldest, and says the same for ever once it is full.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from itertools import groupby
from typing import Final
from urllib.parse import urlencode

from flask import Blueprint, Response, make_response, render_template, request
from pyoxigraph import Literal, NamedNode, Triple

from icgraph.catalogue.feeds import Effect, FeedPage, Happening, read_page
from icgraph.discovery.titles import read_titles
from icgraph.errors import InputError, NotFound
from icgraph.model.iris import slugify
from icgraph.model.terms import FOREIGN_PREFIXES, prefixes
from icgraph.web.atom import AtomLink, Entry, feed_text
from icgraph.web.dataset import current_home, served_at
from icgraph.web.headers import conditional
from icgraph.web.languages import gettext, page_language
from icgraph.web.media import GRAPH_FORMATS, HTML, Format, negotiate
from icgraph.web.reading import current_reading
from icgraph.web.signposting import Link, Variant, link_field, signposts
from icgraph.web.site import current_site
from icgraph.web.statements import statements_response
from icgraph.web.wanted import suffixed_format

blueprint: Final = Blueprint("feeds", __name__)

ATOM: Final = Format("atom", "application/atom+xml", ".atom", "Atom", (), "")
FORMATS: Final = (HTML, ATOM, *GRAPH_FORMATS)
_AS: Final = "https://www.w3.org/ns/activitystreams#"
_ACTIVITIES: Final[Mapping[Effect, str]] = {
    Effect.ADDED: "Create",
    Effect.CHANGED: "Update",
    Effect.WITHDRAWN: "Delete",
    Effect.OTHER: "Update",
}
_DIGITS: Final = 12


@dataclass(frozen=True, slots=True)
class Seen:
    """A happening as a reader sees it: the record's name, and where its document is."""

    happening: Happening
    label: Literal | str
    address: str

    @property
    def part(self) -> str:
        """What names it within its change."""
        name = self.happening.name
        return f"{name.kind}-{name.slug}" if name else "graph"


@blueprint.get("/changes", defaults={"suffix": ""})
@blueprint.get("/changes.<suffix>")
def changes(suffix: str) -> Response:
    """A page of the feed, in the format of the suffix or of `Accept`."""
    chosen = suffixed_format(f".{suffix}", FORMATS) if suffix else None
    number = _number(request.args.get("page", ""))
    format_ = chosen or negotiate(request.headers.get("Accept"), FORMATS)
    state = f"{format_.name} {served_at()}"
    response = conditional(state, lambda: _whole(number, format_))
    if chosen is None:
        response.vary.add("Accept")
        response.headers["Content-Location"] = _address(format_.suffix, number)
    response.vary.add("Accept-Language")
    return response


def _whole(number: int | None, format_: Format) -> Response:
    site = current_site()
    page = read_page(current_home().feed, number, revision=site.execution.head())
    if page is None:
        raise NotFound(
            gettext("The changes have no page %(number)s.", number=number),
            advice=gettext("Pages are numbered from 1, the oldest."),
        )
    response = _body(page, _seen(page), format_)
    variants = [Variant(each, _address(each.suffix, number)) for each in FORMATS]
    links = signposts(
        format_,
        cite_as=_iri(number) if number else f"{site.base.iri}changes",
        variants=variants,
        collection=f"{site.base.iri}dataset",
    )
    # The first page is the newest: "next" leads to what is older (RFC 5005, section 3).
    if page.older is not None:
        links.append(Link("next", _address("", page.older)))
    if page.newer is not None:
        links.append(Link("prev", _address("", page.newer or None)))
    response.headers["Link"] = link_field(links)
    return response


def _body(page: FeedPage, seen: list[Seen], format_: Format) -> Response:
    if format_ is ATOM:
        return Response(_atom(page, seen), content_type=ATOM.content_type)
    if format_ is not HTML:
        names = {**prefixes(current_site().base.iri), "as": _AS}
        return statements_response(_activities(page, seen), format_, names)
    by_change = [
        (revision, list(group))
        for revision, group in groupby(seen, key=lambda one: one.happening.revision)
    ]
    return make_response(
        render_template("changes.html", page=page, changes=by_change, address=_address)
    )


def _seen(page: FeedPage) -> list[Seen]:
    reading = current_reading()
    titles = read_titles(reading, [one.name for one in page.happenings if one.name])
    found = []
    for one in page.happenings:
        if one.name is None:
            found.append(Seen(one, one.message, f"{served_at()}changes/{one.revision}"))
            continue
        address = f"{served_at()}doc/{one.name.kind}/{one.name.slug}"
        found.append(Seen(one, titles.get(one.name, one.name.slug), address))
    return found


def _atom(page: FeedPage, seen: list[Seen]) -> bytes:
    site = current_site()
    links = [
        AtomLink("self", _full(ATOM.suffix, page.number), ATOM.media_type),
        AtomLink("alternate", _full("", page.number), HTML.media_type),
        AtomLink("first", _full(ATOM.suffix, None), ATOM.media_type),
        AtomLink("last", _full(ATOM.suffix, 1), ATOM.media_type),
    ]
    if page.older is not None:
        links.append(AtomLink("next", _full(ATOM.suffix, page.older), ATOM.media_type))
    if page.newer is not None:
        links.append(AtomLink("previous", _full(ATOM.suffix, page.newer or None), ATOM.media_type))
    return feed_text(
        iri=f"{site.base.iri}changes",
        title=gettext("Changes of the intercultural cities graph"),
        updated=seen[0].happening.time if seen else "1970-01-01T00:00:00+00:00",
        language=page_language(),
        links=links,
        entries=[_entry(one) for one in seen],
    )


def _entry(one: Seen) -> Entry:
    happening = one.happening
    name = one.label if isinstance(one.label, str) else one.label.value
    return Entry(
        iri=f"{current_site().base.iri}changes/{happening.revision}#{one.part}",
        title=gettext("%(what)s: %(name)s", what=effect_word(happening.effect), name=name),
        updated=happening.time,
        author=happening.agent,
        summary=happening.message,
        category=happening.effect.value,
        link=one.address,
    )


def _activities(page: FeedPage, seen: list[Seen]) -> Iterator[Triple]:
    base = current_site().base
    whole, this = NamedNode(f"{base.iri}changes"), NamedNode(_iri(page.number))
    yield Triple(whole, _rdf("type"), _as("OrderedCollection"))
    yield Triple(whole, _as("totalItems"), _count(page.total))
    yield Triple(whole, _as("first"), NamedNode(_iri(None)))
    yield Triple(whole, _as("last"), NamedNode(_iri(1)))
    yield Triple(this, _rdf("type"), _as("OrderedCollectionPage"))
    yield Triple(this, _as("partOf"), whole)
    if page.older is not None:
        yield Triple(this, _as("next"), NamedNode(_iri(page.older)))
    if page.newer is not None:
        yield Triple(this, _as("prev"), NamedNode(_iri(page.newer or None)))
    for one in seen:
        yield from _activity(this, one)


def _activity(page: NamedNode, one: Seen) -> Iterator[Triple]:
    base, happening = current_site().base, one.happening
    change = NamedNode(f"{base.iri}changes/{happening.revision}")
    activity = NamedNode(f"{change.value}#{one.part}")
    kind = FOREIGN_PREFIXES["xsd"]
    yield Triple(page, _as("items"), activity)
    yield Triple(activity, _rdf("type"), _as(_ACTIVITIES[happening.effect]))
    thing = base.record(happening.name) if happening.name else f"{base.iri}dataset"
    yield Triple(activity, _as("object"), NamedNode(thing))
    agent = NamedNode(f"{base.iri}agent/{slugify(happening.agent)}")
    yield Triple(activity, _as("actor"), agent)
    yield Triple(activity, _as("context"), change)
    yield Triple(activity, _as("summary"), Literal(happening.message))
    yield Triple(
        activity, _as("published"), Literal(happening.time, datatype=NamedNode(f"{kind}dateTime"))
    )


def effect_word(effect: Effect) -> str:
    """The word for what happened to a record."""
    return {
        Effect.ADDED: gettext("New"),
        Effect.CHANGED: gettext("Revised"),
        Effect.WITHDRAWN: gettext("Withdrawn"),
        Effect.OTHER: gettext("No record"),
    }[effect]


@blueprint.app_template_filter("effect_word")
def _effect_word(effect: Effect) -> str:
    return effect_word(effect)


def _number(text: str) -> int | None:
    if not text:
        return None
    if not (text.isascii() and text.isdecimal()) or len(text) > _DIGITS:
        raise InputError(
            gettext("The page must be a number."),
            advice=gettext("Pages are numbered from 1, the oldest."),
        )
    return int(text)


def _address(suffix: str, number: int | None) -> str:
    """The path of a page of the feed, below the site's prefix, in a chosen language if any."""
    asked = {"page": str(number)} if number else {}
    if language := request.args.get("lang"):
        asked["lang"] = language if language in {"en", "fr"} else "en"
    query = f"?{urlencode(asked)}" if asked else ""
    return f"{request.root_path.rstrip('/')}/changes{suffix}{query}"


def _full(suffix: str, number: int | None) -> str:
    return served_at() + _address(suffix, number).removeprefix(request.root_path.rstrip("/"))[1:]


def _iri(number: int | None) -> str:
    """The IRI of a page; the newest happenings have one, too."""
    return f"{current_site().base.iri}changes?page={number or 'newest'}"


def _as(name: str) -> NamedNode:
    return NamedNode(_AS + name)


def _rdf(name: str) -> NamedNode:
    return NamedNode(FOREIGN_PREFIXES["rdf"] + name)


def _count(value: int) -> Literal:
    kind = NamedNode(f"{FOREIGN_PREFIXES['xsd']}nonNegativeInteger")
    return Literal(str(value), datatype=kind)
