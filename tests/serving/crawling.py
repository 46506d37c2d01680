"""Following the links of a site: every address of its host that a page leads to, each once.

Addresses that choose something (`?topic=…`) combine without end. One choice is followed; of the
addresses of one sort with more, and of a sort with very many, a fixed sample is looked at. Each
record is asked for as a page and in one of its forms of each family (RDF, link sets, citations),
in turn: `test_crawl` asks for all.
"""

import http.client
import random
import re
import threading
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from dataclasses import dataclass, field
from html.parser import HTMLParser
from urllib.parse import parse_qsl, urldefrag, urljoin, urlsplit
from xml.etree import ElementTree as ET
from zlib import crc32

BROWSER = "text/html,application/xhtml+xml,*/*;q=0.8"
THREADS = 8
SEED = 20_261_122
#: Of addresses alike but for a record's name and the value that is chosen, so many are asked for.
MOST_ALIKE = 200
#: The same, of addresses with two choices or more.
MOST_COMBINED = 25
#: So many are asked for between two words about how far it is.
ROUND = 1000
_SECONDS = 60
_REDIRECTS = frozenset({301, 302, 303, 307, 308})
#: Addresses that end so, or ask for a format, lead to data: their headers tell all.
_DATA = re.compile(r"\.(ttl|nt|jsonld|rdf|linkset|json|bib|ris|gz|zip|sha256|svg|js)$")
#: Forms of which one is asked for, and what an address without its form is.
_FAMILIES = ((".ttl", ".jsonld", ".nt", ".rdf"), (".linkset", ".linkset.json"), (".bib", ".ris"))
_STEM = re.compile(r"^(.*?/doc/[^.]*)(\..+)$")
_IN_STYLES = re.compile(r"url\(['\"]?([^'\")]+)")
_IN_HEADER = re.compile(r"<([^>]*)>\s*;")
#: What chooses nothing: it turns the page, or has it in another language or form.
_NO_CHOICE = frozenset({"page", "lang", "format", "v", "all", "sort"})


@dataclass(frozen=True, slots=True)
class Seen:
    """What an address answered, and where that leads."""

    status: int
    links: frozenset[str]


@dataclass(slots=True)
class Crawl:
    """What was asked for, what was left out, and what is broken, with who led there."""

    asked: int = 0
    left_out: int = 0
    broken: list[str] = field(default_factory=list)


class _Links(HTMLParser):
    """Whatever a page leads to or loads."""

    def __init__(self) -> None:
        super().__init__()
        self.found: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        names = {"href", "src"} if tag != "form" else set()
        self.found += [value for name, value in attrs if name in names and value]


class Client:
    """Asks one host, over one connection a thread."""

    def __init__(self, root: str) -> None:
        self._host = urlsplit(root).netloc
        self._own = threading.local()
        self._opened: list[http.client.HTTPConnection] = []

    def close(self) -> None:
        """End all connections."""
        for connection in self._opened:
            connection.close()

    def see(self, address: str) -> Seen:
        """Ask for an address; only its headers where it leads to data."""
        parts = urlsplit(address)
        method = "HEAD" if _DATA.search(parts.path) or "format=" in parts.query else "GET"
        path = parts.path + (f"?{parts.query}" if parts.query else "")
        reply, body = self._ask(method, path)
        found = _IN_HEADER.findall(", ".join(reply.headers.get_all("Link", [])))
        if reply.status in _REDIRECTS:
            return Seen(200, frozenset({_whole(address, reply.headers["Location"])}))
        kind = reply.headers.get_content_type()
        return Seen(
            reply.status,
            frozenset(_whole(address, link) for link in (*found, *_links(kind, body))),
        )

    def _ask(self, method: str, path: str) -> tuple[http.client.HTTPResponse, bytes]:
        for last in (False, True):
            connection = getattr(self._own, "connection", None)
            if connection is None:
                connection = http.client.HTTPConnection(self._host, timeout=_SECONDS)
                self._own.connection = connection
                self._opened.append(connection)
            try:
                connection.request(method, path, headers={"Accept": BROWSER})
                reply = connection.getresponse()
                return reply, reply.read()
            except (http.client.HTTPException, ConnectionError):
                connection.close()  # the server may end a connection between two requests
                self._own.connection = None
                if last:
                    raise
        raise AssertionError


def crawl(
    root: str,
    *,
    starts: Iterable[str] = (),
    most: int | None = None,
    tell: Callable[[str], object] = lambda _: None,
) -> Crawl:
    """Follow all links from the root and from other addresses, until `most` were asked for.

    `tell` hears how far it is. An address is broken when it is answered with no 200; a redirect
    leads to another address, which is looked at, too.
    """
    done, result = set[str](), Crawl()
    referrers = dict.fromkeys((root, *starts), "")
    waiting = list(referrers)
    with closing(Client(root)) as client, ThreadPoolExecutor(THREADS) as threads:
        while waiting:
            for address, seen in zip(waiting, threads.map(client.see, waiting), strict=True):
                result.asked += 1
                if seen.status != 200:
                    result.broken.append(f"{seen.status} {address}, from {referrers[address]}")
                for link in seen.links if _choices(address) < 2 else ():
                    if link.startswith(root):
                        referrers.setdefault(link, address)
            done |= set(waiting)
            tell(f"{result.asked} addresses were asked for, {len(referrers)} are known")
            room = ROUND if most is None else min(ROUND, most - result.asked)
            known = list(_next(referrers.keys() - done, done))
            waiting = random.Random(SEED).sample(known, min(room, len(known)))
    result.left_out = len(referrers) - result.asked
    tell(
        f"{result.left_out} were left out, of sorts with many choices, many members, or other forms"
    )
    return result


def _next(known: set[str], done: set[str]) -> Iterator[str]:
    """What to ask for now: all that chooses nothing, and some of each sort that does."""
    asked: dict[tuple[str, ...], int] = defaultdict(int)
    for address in done:
        asked[_sort(address)] += 1
    by_sort: dict[tuple[str, ...], list[str]] = defaultdict(list)
    for address in sorted(known):
        by_sort[_sort(address)].append(address)
    for sort, addresses in by_sort.items():
        if len(sort) == 1 or sort[1:] == ("page",):
            yield from filter(_in_turn, addresses)
            continue
        room = max(0, (MOST_ALIKE if _choices(addresses[0]) < 2 else MOST_COMBINED) - asked[sort])
        yield from random.Random(SEED).sample(addresses, min(room, len(addresses)))


def _in_turn(address: str) -> bool:
    """Whether it is this form's turn to be asked for; always where there is one form."""
    match = _STEM.match(address.partition("//")[2])
    if match is None:
        return True
    stem, form = match.groups()
    turn = crc32(stem.encode())
    return all(form not in forms or forms[turn % len(forms)] == form for forms in _FAMILIES)


def _sort(address: str) -> tuple[str, ...]:
    """What addresses have in common that differ in a record's name and in values only."""
    parts = urlsplit(address)
    names = sorted(name for name, _ in parse_qsl(parts.query, keep_blank_values=True))
    if not names:
        return (address,)
    folder = re.sub(r"^(/(?:doc|id|scheme|ns|shapes|changes|agent)/).*", r"\1", parts.path)
    return (folder, *names)


def _choices(address: str) -> int:
    """How many values an address chooses."""
    query = parse_qsl(urlsplit(address).query, keep_blank_values=True)
    return sum(name not in _NO_CHOICE for name, _ in query)


def _whole(address: str, link: str) -> str:
    return urldefrag(urljoin(address, link)).url


def _links(kind: str, body: bytes) -> list[str]:
    """The links in a body of a media type; of data there are none to follow."""
    if not body:
        return []
    if kind == "text/html":
        reader = _Links()
        reader.feed(body.decode())
        return reader.found
    if kind == "text/css":
        return _IN_STYLES.findall(body.decode())
    if kind in {"application/xml", "application/atom+xml"}:
        whole = ET.fromstring(body)
        own = [each.get("href", "") for each in whole.iter()]
        return [*filter(None, own), *(each.text or "" for each in whole.iter("{*}loc"))]
    return []
