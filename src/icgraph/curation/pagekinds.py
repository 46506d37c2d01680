"""What kind of page an address is of, where the address alone makes it certain.

The facts give a kind only to the page that a practice was taken from. Of other pages nothing is
guessed: a page of the Council of Europe that fits no rule here has no kind.
"""

from collections.abc import Container
from typing import Final
from urllib.parse import urlsplit

_LISTINGS: Final = frozenset({"good-practice", "good-pratice"})


def page_name(place: str) -> str:
    """The last segment of a page's path, by which its language versions agree."""
    path = urlsplit(place).path
    return path.rstrip("/").rpartition("/")[2].strip("-") if "/-/" in path else ""


def kind_by_address(place: str, practices: Container[str]) -> str | None:
    """The kind of page, or None; `practices` are the names of pages known to be of practices."""
    parts = urlsplit(place)
    host, path = parts.netloc.lower(), parts.path.lower()
    if _within(host, "congress-intercultural.eu"):
        return "congress-toolkit"
    if not _within(host, "coe.int"):
        return "external"
    if "/newsletter" in path:
        return "icc-newsletter"
    if "/web/interculturalcities/" not in path:
        return None
    if path.rstrip("/").rpartition("/")[2] in _LISTINGS:
        return "icc-listing"
    name = page_name(place)
    return "icc-practice" if name and name in practices else None


def _within(host: str, domain: str) -> bool:
    return host == domain or host.endswith(f".{domain}")
