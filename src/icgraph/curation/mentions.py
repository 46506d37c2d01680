"""Organisations as the facts mention them, before it is known which of them are the same.

A mention keeps what one line says: the name, the kind in the line's own word, the place, the
sources. Nothing is compared here.
"""

from dataclasses import dataclass, field

from pyoxigraph import NamedNode

from icgraph.curation.facts import Fact
from icgraph.curation.places import Gazetteer

PART_OF = "part_of"


@dataclass(frozen=True, slots=True)
class Mention:
    """One line's word on one organisation.

    `city` is the slug of a place; `city_stated` is false where it was not seen on a page.
    `described` is the line of the file of organisations, if it is one; `key` is that of the name.
    """

    name: str
    word: str
    country: str | None
    city: str | None
    sources: frozenset[NamedNode]
    where: Fact = field(compare=False, repr=False)
    others: tuple[str, ...] = ()
    city_stated: bool = True
    described: Fact | None = field(default=None, compare=False, repr=False)
    key: str = "name"

    @property
    def spot(self) -> tuple[str, str, str, str]:
        """What tells this occurrence of a name from every other."""
        return (self.where.where, self.where.at, self.key, self.name)


def read_mention(fact: Fact, sources: set[NamedNode], places: Gazetteer) -> Mention:
    """The mention that an object within a line makes."""
    country = fact.optional_text("country_code")
    city_name = fact.optional_text("city")
    city = None
    if city_name is not None and country is not None:
        city = places.find(city_name, country, sources, fact)
    if country is not None:
        places.country(country, sources, fact)
    return Mention(
        name=fact.text("name"),
        word=fact.optional_text("type") or "",
        country=country,
        city=city,
        sources=frozenset(sources),
        where=fact,
        others=tuple(fact.texts("alt_names")),
    )


def read_description(fact: Fact, sources: set[NamedNode], places: Gazetteer) -> Mention:
    """The mention that a line of the file of organisations makes."""
    plain = read_mention(fact, sources, places)
    basis = fact.optional_text("city_basis")
    names = list(fact.by_language("names").values())
    abbreviation = fact.optional_text("abbreviation")
    if abbreviation is not None:
        names.append(abbreviation)
    return Mention(
        name=plain.name,
        word=plain.word,
        country=plain.country,
        city=plain.city,
        sources=plain.sources,
        where=fact,
        others=tuple(names),
        city_stated=basis is None,
        described=fact,
    )


def read_parent(fact: Fact, sources: set[NamedNode], places: Gazetteer) -> list[Mention]:
    """The mention, if there is one, of the body that a described one is part of."""
    name = fact.optional_text(PART_OF)
    if name is None:
        return []
    plain = read_mention(fact, sources, places)
    return [Mention(name, "", plain.country, plain.city, plain.sources, fact, key=PART_OF)]
