"""Typed links for machines: the `Link` header (RFC 8288) and link sets (RFC 9264).

Every document says the same: by which IRI to cite it, which data describes it, its licence, its
collection, what it is (FAIR Signposting Profile, levels 1 and 2). Pure functions: what there is
to say comes in as values, text goes out. Targets in a header may be addresses of this site;
link sets travel, so theirs are IRIs.
"""

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from werkzeug.urls import iri_to_uri

from icgraph.catalogue.about import LICENSE
from icgraph.web.media import HTML, Format

PAGE_TYPE: Final = "https://schema.org/AboutPage"
DATA_TYPE: Final = "https://schema.org/Dataset"

LINKSET_JSON: Final = Format(
    "linkset-json", "application/linkset+json", ".linkset.json", "Link set (JSON)", charset=""
)
LINKSET: Final = Format("linkset", "application/linkset", ".linkset", "Link set", charset="")
LINKSET_FORMATS: Final = (LINKSET_JSON, LINKSET)


@dataclass(frozen=True, slots=True)
class Link:
    """A link to `target` from the document it is said of; `media_type` is what to expect there."""

    relation: str
    target: str
    media_type: str = ""

    def text(self, anchor: str = "") -> str:
        """As a link value of RFC 8288, section 3; from `anchor` where that is another document."""
        said = [f"<{iri_to_uri(self.target)}>", f'rel="{self.relation}"']
        if self.media_type:
            said.append(f'type="{self.media_type}"')
        if anchor:
            said.append(f'anchor="{iri_to_uri(anchor)}"')
        return "; ".join(said)


@dataclass(frozen=True, slots=True)
class Variant:
    """A document in one format, at an address where it is to be had."""

    format: Format
    address: str


def signposts(
    shown: Format,
    *,
    cite_as: str,
    variants: Iterable[Variant] = (),
    collection: str = "",
    authors: Iterable[str] = (),
    linksets: Iterable[Variant] = (),
) -> list[Link]:
    """What a document says of itself, shown in a format; `cite_as` is the IRI that lasts.

    Pages are described by the data variants; each variant names the others as alternates.
    """
    others = [variant for variant in variants if variant.format is not shown]
    links = [
        Link("cite-as", cite_as),
        Link("type", PAGE_TYPE if shown is HTML else DATA_TYPE),
        Link("license", LICENSE),
    ]
    if collection:
        links.append(Link("collection", collection))
    links += [Link("author", author) for author in authors]
    links += [_to("alternate", variant) for variant in others]
    if shown is HTML:
        links += [_to("describedby", variant) for variant in others]
    links += [_to("linkset", variant) for variant in linksets]
    return links


def link_field(links: Iterable[Link]) -> str:
    """The value of a Link header."""
    return ", ".join(link.text() for link in links)


def linkset(said: Mapping[str, Sequence[Link]], format_: Format) -> bytes:
    """Links by the IRI of the document that says them, in one of `LINKSET_FORMATS`."""
    return (_in_json(said) if format_ is LINKSET_JSON else _as_links(said)).encode()


def _to(relation: str, variant: Variant) -> Link:
    return Link(relation, variant.address, variant.format.media_type)


def _as_links(said: Mapping[str, Sequence[Link]]) -> str:
    """RFC 9264, section 4.1: the header's syntax, with line breaks allowed."""
    texts = [link.text(anchor) for anchor, links in said.items() for link in links]
    return ",\n".join(texts) + "\n"


def _in_json(said: Mapping[str, Sequence[Link]]) -> str:
    """RFC 9264, section 4.2: one context object for each document."""
    contexts = []
    for anchor, links in said.items():
        context: dict[str, object] = {"anchor": iri_to_uri(anchor)}
        for relation in dict.fromkeys(link.relation for link in links):
            context[relation] = [_target(link) for link in links if link.relation == relation]
        contexts.append(context)
    return json.dumps({"linkset": contexts}, indent=2) + "\n"


def _target(link: Link) -> dict[str, str]:
    target = {"href": iri_to_uri(link.target)}
    return {**target, "type": link.media_type} if link.media_type else target
