"""The formats the service speaks, in one table, and the choice among them by `Accept`.

Pure functions: a header's text goes in, a `Format` comes out. The rules are those of RFC 9110,
section 12.5.1: the most specific range that matches a type decides its weight, and weight 0
means "never". werkzeug splits the header; the choice is ours, since its own `best_match`
compares parameters by equality, so that `text/turtle;charset=utf-8` would not find Turtle.
"""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Final

from werkzeug.datastructures import MIMEAccept
from werkzeug.http import parse_accept_header, parse_options_header

from icgraph.errors import FormatNotOffered


@dataclass(frozen=True, slots=True)
class Format:
    """A format: what it is called in addresses and headers.

    `aliases` are other media types by which clients ask for it, `nicknames` other values of
    `format=`. They choose the format; the answer always names `media_type`.
    """

    name: str
    media_type: str
    suffix: str
    label: str
    aliases: tuple[str, ...] = ()
    charset: str = "utf-8"
    nicknames: tuple[str, ...] = ()

    @property
    def content_type(self) -> str:
        """The value of Content-Type, with the charset where the type leaves it open."""
        return f"{self.media_type}; charset={self.charset}" if self.charset else self.media_type

    @property
    def media_types(self) -> tuple[str, ...]:
        """Every media type by which the format can be asked for."""
        return (self.media_type, *self.aliases)


HTML: Final = Format("html", "text/html", ".html", "HTML", ("application/xhtml+xml",))
TURTLE: Final = Format(
    "turtle",
    "text/turtle",
    ".ttl",
    "Turtle",
    ("application/x-turtle", "application/turtle", "text/n3", "text/rdf+n3"),
    nicknames=("n3",),
)
NTRIPLES: Final = Format(
    "ntriples",
    "application/n-triples",
    ".nt",
    "N-Triples",
    ("text/plain",),
    nicknames=("n-triples",),
)
JSONLD: Final = Format(
    "jsonld",
    "application/ld+json",
    ".jsonld",
    "JSON-LD",
    ("application/json",),
    "",
    nicknames=("json-ld", "json"),
)
RDFXML: Final = Format(
    "rdfxml",
    "application/rdf+xml",
    ".rdf",
    "RDF/XML",
    ("application/xml", "text/xml"),
    nicknames=("rdf/xml", "rdf+xml", "xml"),
)
TRIG: Final = Format("trig", "application/trig", ".trig", "TriG", ("application/x-trig",))
NQUADS: Final = Format(
    "nquads",
    "application/n-quads",
    ".nq",
    "N-Quads",
    ("text/x-nquads",),
    nicknames=("n-quads",),
)
RESULTS_JSON: Final = Format(
    "json",
    "application/sparql-results+json",
    ".srj",
    "JSON",
    ("application/json", "text/json"),
    "",
)
RESULTS_XML: Final = Format(
    "xml", "application/sparql-results+xml", ".srx", "XML", ("application/xml", "text/xml")
)
RESULTS_CSV: Final = Format("csv", "text/csv", ".csv", "CSV")
RESULTS_TSV: Final = Format("tsv", "text/tab-separated-values", ".tsv", "TSV")
PROBLEM: Final = Format(
    "problem", "application/problem+json", ".json", "Problem", ("application/json",), ""
)

#: In the order of our own preference: the first is what `*/*` gets.
GRAPH_FORMATS: Final = (TURTLE, JSONLD, NTRIPLES, RDFXML)
DATASET_FORMATS: Final = (TRIG, NQUADS)
RESULT_FORMATS: Final = (RESULTS_JSON, RESULTS_XML, RESULTS_CSV, RESULTS_TSV)
RECORD_FORMATS: Final = (HTML, *GRAPH_FORMATS)


def by_suffix(suffix: str, offered: Iterable[Format]) -> Format | None:
    """The offered format with this suffix (`.ttl`), or None."""
    return next((format_ for format_ in offered if format_.suffix == suffix), None)


def by_name(name: str, offered: Iterable[Format]) -> Format | None:
    """The offered format that a `format=` parameter names: its name, suffix or media type.

    A space stands for the plus sign that somebody forgot to encode (`application/rdf+xml`).
    """
    wanted = name.strip().casefold().replace(" ", "+")
    return next(
        (
            format_
            for format_ in offered
            if wanted
            in (format_.name, format_.suffix[1:], *format_.nicknames, *format_.media_types)
        ),
        None,
    )


def negotiate(accept: str | None, offered: Sequence[Format]) -> Format:
    """The offered format the client likes best.

    Equal weights are decided by the more specific range (who writes `text/turtle, */*` wants
    Turtle), then by our order. No header accepts everything; an empty one too.

    Raises FormatNotOffered, with the member `offered`, when no format has a weight above 0.
    """
    ranges = _ranges(accept)
    weighed = [(_weight(format_, ranges), format_) for format_ in offered]
    (weight, _specificity), best = max(weighed, key=lambda pair: pair[0])
    if weight <= 0:
        types = [format_.media_type for format_ in offered]
        raise FormatNotOffered(
            f"None of the accepted formats exists here: {accept}.",
            advice=f"Ask for one of {', '.join(types)}.",
            offered=types,
        )
    return best


def prefers_html(accept: str | None) -> bool:
    """Whether a person reads the answer: HTML is named, and liked better than JSON."""
    ranges = _ranges(accept)
    html, problem = _weight(HTML, ranges), _weight(PROBLEM, ranges)
    return html[0] > 0 and html > problem


#: Java's clients write a weight so, which RFC 9110 does not know (section 12.4.2).
_SHORT_WEIGHT: Final = re.compile(r"(;\s*q=)\.", re.IGNORECASE)
#: From this specificity on, a range names the type itself.
_EXACT: Final = 2


@dataclass(frozen=True, slots=True)
class _Range:
    """A media range of the header; parameters other than the charset make it `narrow`."""

    type: str
    subtype: str
    narrow: bool
    weight: float

    def specificity(self, media_type: str) -> int | None:
        """0 for `*/*`, 1 for `type/*`, 2 for the type itself, 3 with parameters; else None."""
        type_, _, subtype = media_type.partition("/")
        if (self.type, self.subtype) == (type_, subtype):
            return _EXACT + self.narrow
        if (self.type, self.subtype) == (type_, "*"):
            return 1
        return 0 if (self.type, self.subtype) == ("*", "*") else None


def _ranges(accept: str | None) -> list[_Range]:
    if accept is None or not accept.strip():
        return [_Range("*", "*", narrow=False, weight=1.0)]
    ranges = []
    for value, weight in parse_accept_header(_SHORT_WEIGHT.sub(r"\g<1>0.", accept), MIMEAccept):
        media_type, parameters = parse_options_header(value)
        type_, _, subtype = media_type.casefold().partition("/")
        narrow = bool(set(parameters) - {"charset"})
        # A narrow "never" (`text/html;level=3;q=0`) forbids a variant we do not have.
        if not (narrow and weight == 0):
            ranges.append(_Range(type_, subtype, narrow, weight))
    return ranges


def _weight(format_: Format, ranges: Sequence[_Range]) -> tuple[float, int]:
    """The best (weight, specificity) that any name of the format gets.

    An alias counts only where it is written out: `application/*` does not ask for HTML.
    """
    own = _weight_of_type(format_.media_type, ranges)
    if own[1] >= _EXACT and own[0] == 0:
        return own
    by_alias = (_weight_of_type(alias, ranges) for alias in format_.aliases)
    return max(own, *(found for found in by_alias if found[1] >= _EXACT), (0.0, -1))


def _weight_of_type(media_type: str, ranges: Sequence[_Range]) -> tuple[float, int]:
    matching = [
        (specificity, range_.weight)
        for range_ in ranges
        if (specificity := range_.specificity(media_type)) is not None
    ]
    specificity, weight = max(matching, default=(-1, 0.0))
    return (weight, specificity)
