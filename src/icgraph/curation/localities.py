"""What a line of the file of cities says of a locality: position, identifier, inhabitants, names.

An identifier and a number of inhabitants are those of a GeoNames record; where the line says
that the record is of another locality, neither is stated.
"""

from dataclasses import dataclass, field
from typing import Final

from pyoxigraph import Literal, NamedNode

from icgraph.curation.facts import Fact
from icgraph.curation.statements import Subject, integer, term, text
from icgraph.curation.tally import Tally
from icgraph.model.iris import SLUG_LENGTH, slugify

FROM_MEMORY: Final = "memory"
_KIND_UNSAID: Final = "city"


@dataclass(slots=True)
class Place:
    """A place that is not a country; `within` is the slug of the next larger place."""

    slug: str
    name: str
    country: str
    kind: str = _KIND_UNSAID
    within: str | None = None
    fact: Fact | None = None
    sources: set[NamedNode] = field(default_factory=set)


def describe_locality(record: Subject, fact: Fact, tally: Tally) -> list[Literal]:
    """State position, identifier and population; the place's names in other languages."""
    names = fact.by_language("names")
    _state_position(record, fact)
    identifier = fact.number("geonames_id")
    if identifier is not None and fact.optional_text("geo_note") is None:
        record.state("schema:sameAs", NamedNode(f"https://sws.geonames.org/{int(identifier)}/"))
    elif identifier is not None:
        tally.leave_out("cities", "geonames_id", "a `geo_note` says it is of another locality")
    population = fact.whole("population")
    if population is not None and fact.optional_text("geo_note") is None:
        record.state("ic:population", integer(population))
    elif population is not None:
        tally.leave_out("cities", "population", "a `geo_note` says it is of another locality")
    seen = {name.casefold() for name in (fact.text("name"), *fact.texts("alt_names"))}
    ours = {tag: name for tag, name in names.items() if name.casefold() not in seen}
    if fact.optional_text("names_basis") is not None and ours:
        tally.names_are_ours(record.node)
    return [text(name, tag) for tag, name in names.items()]


def _state_position(record: Subject, fact: Fact) -> None:
    latitude, longitude = fact.number("lat"), fact.number("lon")
    if latitude is None or longitude is None:
        return
    if not (-90 <= latitude <= 90 and -180 <= longitude <= 180):
        raise fact.broken("lat", f"and `lon` are {latitude}, {longitude}", "Give degrees.")
    part = record.part("centroid", "geo:hasCentroid", "geo:Geometry")
    part.state(
        "geo:asWKT",
        Literal(f"POINT({longitude} {latitude})", datatype=term("geo:wktLiteral")),
    )
    proxy, note = fact.optional_text("geo_proxy"), fact.optional_text("geo_note")
    if proxy is not None:
        part.state("skos:editorialNote", text(f"These are the coordinates of {proxy}.", "en"))
    if note is not None:
        part.state("skos:editorialNote", text(note, "en"))


def place_slug(code: str, name: str) -> str:
    """The slug of a place by its country and name."""
    return f"{code.lower()}-{slugify(name)}"[:SLUG_LENGTH].rstrip("-")
