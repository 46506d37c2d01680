"""Which mentions are of the same organisation, and what its slug is.

In this order: a row of the table of special cases decides; a municipality is that of its city
by rule; else names that share a key in the same country, and the same city where cities are
told, are one body. What stays ambiguous stays apart. A body of the seeds keeps its slug.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Final

from icgraph.curation.mappings import Row
from icgraph.curation.mentions import Mention
from icgraph.curation.names import fold, keys_of, without_abbreviation
from icgraph.curation.places import Gazetteer
from icgraph.model.iris import slugify

#: How municipalities are named; the braces stand for a name of the city.
MUNICIPALITY_FORMS: Final = (
    "municipality of {}", "city of {}", "{} city council", "{} municipality", "{} council", "{}",
    "{} city", "{} city hall", "city hall of {}", "{} municipal council", "{} town council",
    "{} city administration", "london borough of {}", "borough of {}", "district of {}",
    "ville de {}", "commune de {}", "comune di {}", "ayuntamiento de {}", "ajuntament de {}",
    "camara municipal de {}", "camara municipal da {}", "stadt {}", "bezirksamt {}",
    "{} kommun", "{} kommune", "urzad miasta {}", "dimos {}",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class KnownBody:
    """An organisation of the seeds: its slug, names and country."""

    slug: str
    names: tuple[str, ...]
    country: str | None


@dataclass(slots=True)
class Body:
    """One organisation: its slug, the mentions of it, and the municipality it is a unit of."""

    slug: str
    mentions: list[Mention] = field(default_factory=list)
    unit_of: str | None = None
    label: str | None = None


@dataclass(frozen=True, slots=True)
class Resolution:
    """The bodies by slug, and the slug of a mention's body by (name, country, city)."""

    bodies: Mapping[str, Body]
    slugs: Mapping[tuple[str, str | None, str | None], str]

    def slug_of(self, mention: Mention) -> str | None:
        """The slug of the body mentioned; None where the mention names no single body."""
        return self.slugs.get((mention.name, mention.country, mention.city))


def municipality_slug(place: str) -> str:
    """The slug of the municipality of a place."""
    return f"{place}-municipality"


def resolve(
    mentions: Sequence[Mention],
    known: Sequence[KnownBody],
    special: Mapping[tuple[str, str], Row],
    places: Gazetteer,
) -> Resolution:
    """Tell which mentions are of the same body."""
    bodies: dict[str, Body] = {}
    open_mentions: list[Mention] = []
    slugs: dict[tuple[str, str | None, str | None], str] = {}
    for mention in mentions:
        row = special.get((fold(mention.name), mention.country or "")) or special.get(
            (fold(mention.name), "")
        )
        if row is not None:
            if row["slug"]:
                body = bodies.setdefault(row["slug"], Body(row["slug"]))
                body.mentions.append(mention)
                body.label = row["label"] or body.label
        elif (place := _whose_municipality(mention, places)) is not None:
            slug = municipality_slug(place)
            bodies.setdefault(slug, Body(slug)).mentions.append(mention)
        else:
            open_mentions.append(mention)
    for slug, cluster in _clusters(open_mentions, known):
        bodies.setdefault(slug, Body(slug)).mentions += cluster
    for body in list(bodies.values()):
        _find_municipality(body, bodies, places)
    for body in bodies.values():
        for mention in body.mentions:
            slugs[mention.name, mention.country, mention.city] = body.slug
    return Resolution(bodies, slugs)


def _whose_municipality(mention: Mention, places: Gazetteer) -> str | None:
    if mention.word != "municipality" or mention.city is None:
        return None
    folded = fold(without_abbreviation(mention.name)[0])
    names = [fold(name) for name in places.names_of(mention.city)]
    forms = {form.format(name) for form in MUNICIPALITY_FORMS for name in names}
    return mention.city if folded in forms else None


def _find_municipality(body: Body, bodies: dict[str, Body], places: Gazetteer) -> None:
    """Make a body whose name is a municipality's, followed by more, a unit of that municipality."""
    for mention in body.mentions:
        if mention.city is None or not _is_of_municipality(mention, places):
            continue
        slug = municipality_slug(mention.city)
        if slug == body.slug:
            return
        body.unit_of = slug
        if slug not in bodies:
            name = f"Municipality of {places.name_of(mention.city)}"
            bodies[slug] = Body(slug, [replace(mention, name=name, others=())])


def _is_of_municipality(mention: Mention, places: Gazetteer) -> bool:
    if mention.word != "municipality" or mention.city is None:
        return False
    folded = fold(mention.name)
    names = [fold(name) for name in places.names_of(mention.city)]
    forms = [form for form in MUNICIPALITY_FORMS if form != "{}"]
    return any(folded.startswith(form.format(name) + " ") for form in forms for name in names)


def _clusters(
    mentions: Sequence[Mention], known: Sequence[KnownBody]
) -> list[tuple[str, list[Mention]]]:
    nodes = sorted(
        {(each.name, each.country, each.city): each for each in mentions}.values(),
        key=lambda each: (each.name, each.country or "", each.city or ""),
    )
    keys = [_keys(node) for node in nodes]
    keys += [frozenset(key for name in body.names for key in keys_of(name)) for body in known]
    countries = [node.country for node in nodes] + [body.country for body in known]
    cities = [node.city for node in nodes] + [None for _ in known]
    groups = _Groups(len(keys))
    by_key: dict[str, list[int]] = defaultdict(list)
    for number, found in enumerate(keys):
        for key in found:
            by_key[key].append(number)
    for key in sorted(by_key):
        _join(by_key[key], countries, cities, groups)
    members: dict[int, list[int]] = defaultdict(list)
    for number in range(len(keys)):
        members[groups.root(number)].append(number)
    return _named(members.values(), nodes, known, mentions)


def _keys(mention: Mention) -> frozenset[str]:
    names = [mention.name]
    if mention.word != "municipality":
        names += mention.others
    return frozenset(key for name in names for key in keys_of(name))


def _join(
    numbers: Sequence[int],
    countries: Sequence[str | None],
    cities: Sequence[str | None],
    groups: "_Groups",
) -> None:
    """Join those that share a key: same country, and same city where cities are told."""
    by_country: dict[str | None, list[int]] = defaultdict(list)
    for number in numbers:
        by_country[countries[number]].append(number)
    for here in by_country.values():
        told = {cities[number] for number in here} - {None}
        for number in here:
            for other in here:
                alike = cities[number] == cities[other]
                if alike or (len(told) == 1 and None in {cities[number], cities[other]}):
                    groups.join(number, other)
    told_countries = [country for country in by_country if country is not None]
    if None in by_country and len(told_countries) == 1:
        only = by_country[told_countries[0]]
        if len({groups.root(number) for number in only}) == 1:
            groups.join(by_country[None][0], only[0])


def _named(
    groups: Iterable[Sequence[int]],
    nodes: Sequence[Mention],
    known: Sequence[KnownBody],
    mentions: Sequence[Mention],
) -> list[tuple[str, list[Mention]]]:
    found: list[tuple[str, list[Mention]]] = []
    proposed: dict[str, list[list[Mention]]] = defaultdict(list)
    for group in groups:
        here = {(n.name, n.country, n.city) for n in (nodes[i] for i in group if i < len(nodes))}
        cluster = [each for each in mentions if (each.name, each.country, each.city) in here]
        fixed = sorted(known[i - len(nodes)].slug for i in group if i >= len(nodes))
        if not cluster:
            continue
        if fixed:
            found.append((fixed[0], cluster))
        else:
            proposed[slugify(without_abbreviation(best_name(cluster))[0])].append(cluster)
    for slug, clusters in proposed.items():
        for cluster in clusters:
            where = "-".join(sorted({each.city or each.country or "" for each in cluster}))
            found.append((slug if len(clusters) == 1 else slugify(f"{slug} {where}"), cluster))
    return found


def best_name(mentions: Sequence[Mention]) -> str:
    """The name a body is shown by: the described one, else the most frequent, else the first."""
    described = sorted(each.name for each in mentions if each.described is not None)
    if described:
        return described[0]
    names = [each.name for each in mentions]
    return min(names, key=lambda name: (-names.count(name), len(name), name))


class _Groups:
    """Disjoint groups of numbers."""

    def __init__(self, size: int) -> None:
        self._parents = list(range(size))

    def root(self, number: int) -> int:
        while self._parents[number] != number:
            number = self._parents[number]
        return number

    def join(self, one: int, other: int) -> None:
        low, high = sorted((self.root(one), self.root(other)))
        self._parents[high] = low
