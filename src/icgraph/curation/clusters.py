"""Which names, none of them told by a table or a rule, are of one body.

Names that share a key in the same country, and in the same city where cities are told, are
one. What stays ambiguous stays apart. A cluster that a body of the seeds belongs to keeps its
slug.
"""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from icgraph.curation.mentions import Mention
from icgraph.curation.names import keys_of, without_abbreviation
from icgraph.model.iris import slugify


@dataclass(frozen=True, slots=True)
class KnownBody:
    """An organisation of the seeds: its slug, names and country."""

    slug: str
    names: tuple[str, ...]
    country: str | None


def clusters(
    mentions: Sequence[Mention], known: Sequence[KnownBody]
) -> list[tuple[str, list[Mention]]]:
    """The mentions by the body they seem to be of, each with a slug."""
    nodes = sorted(
        {(each.name, each.country, each.city): each for each in mentions}.values(),
        key=lambda each: (each.name, each.country or "", each.city or ""),
    )
    keys = [keys_of_mention(node) for node in nodes]
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


def keys_of_mention(mention: Mention) -> frozenset[str]:
    """What a mention may share with others; the other names of a municipality tell nothing."""
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
