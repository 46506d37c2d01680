"""Atom feeds (RFC 4287): values in, text out; whatever the texts hold, the XML is well-formed."""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final
from xml.etree import ElementTree as ET

_ATOM: Final = "http://www.w3.org/2005/Atom"
#: What XML 1.0 cannot hold in any form (section 2.2).
_UNWRITABLE: Final = re.compile("[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


@dataclass(frozen=True, slots=True)
class AtomLink:
    """A link of a feed: its relation, the full address, and the media type found there."""

    relation: str
    address: str
    media_type: str


@dataclass(frozen=True, slots=True)
class Entry:
    """An entry: `iri` names it for ever, `updated` is in the form of RFC 3339."""

    iri: str
    title: str
    updated: str
    author: str
    summary: str
    category: str
    link: str


def feed_text(
    *,
    iri: str,
    title: str,
    updated: str,
    language: str,
    links: Iterable[AtomLink],
    entries: Iterable[Entry],
) -> bytes:
    """The feed as XML in UTF-8."""
    feed = ET.Element("feed", {"xmlns": _ATOM, "xml:lang": language})
    _add(feed, "id", iri)
    _add(feed, "title", title)
    _add(feed, "updated", updated)
    for link in links:
        ET.SubElement(
            feed, "link", {"rel": link.relation, "href": link.address, "type": link.media_type}
        )
    for entry in entries:
        feed.append(_entry(entry))
    ET.indent(feed)
    return bytes(ET.tostring(feed, encoding="utf-8", xml_declaration=True)) + b"\n"


def _entry(entry: Entry) -> ET.Element:
    element = ET.Element("entry")
    _add(element, "id", entry.iri)
    _add(element, "title", entry.title)
    _add(element, "updated", entry.updated)
    _add(ET.SubElement(element, "author"), "name", entry.author)
    ET.SubElement(element, "category", {"term": entry.category})
    ET.SubElement(element, "link", {"rel": "alternate", "href": entry.link})
    _add(element, "summary", entry.summary)
    return element


def _add(parent: ET.Element, name: str, text: str) -> None:
    ET.SubElement(parent, name).text = _UNWRITABLE.sub("\ufffd", text)
