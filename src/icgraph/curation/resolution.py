"""Which mentions are of the same organisation, and what its slug is.

In this order: a row of the table of special cases decides; a municipality is that of its city
by rule; else names that share a key in the same country, and the same city where cities are
told, are one body. What stays ambiguous stays apart. A body of the seeds keeps its slug. Every
mention gets a verdict of its own, with its reason: one name may mean two bodies.
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Final

from icgraph.curation.clusters import KnownBody, best_name, clusters, keys_of_mention
from icgraph.curation.mappings import Row, keyed
from icgraph.curation.mentions import PART_OF, Mention
from icgraph.curation.names import fold, keys_of, without_abbreviation
from icgraph.curation.places import Gazetteer

#: How municipalities are named; the braces stand for a name of the city.
MUNICIPALITY_FORMS: Final = (
    "municipality of {}", "city of {}", "{} city council", "{} municipality", "{} council", "{}",
    "{} city", "{} city hall", "city hall of {}", "{} municipal council", "{} town council",
    "{} city administration", "london borough of {}", "borough of {}", "district of {}",
    "ville de {}", "commune de {}", "comune di {}", "ayuntamiento de {}", "ajuntament de {}",
    "camara municipal de {}", "camara municipal da {}", "stadt {}", "bezirksamt {}",
    "{} kommun", "{} kommune", "urzad miasta {}", "dimos {}",
)  # fmt: skip

_OF_MUNICIPALITY: Final = "a form of the name of the municipality of its place"


@dataclass(slots=True)
class Body:
    """One organisation: its slug, the mentions of it, and the municipality it is a unit of.

    `names` are those by which departments name it as the municipality they are of.
    """

    slug: str
    mentions: list[Mention] = field(default_factory=list)
    unit_of: str | None = None
    label: str | None = None
    names: set[str] = field(default_factory=set)


@dataclass(frozen=True, slots=True)
class Verdict:
    """What one mention became: the slug of a body or None, a decision of the ledger, the reason."""

    slug: str | None
    decision: str
    reason: str = ""


@dataclass(frozen=True, slots=True)
class Resolution:
    """The bodies by slug, and the verdict on each mention by its spot."""

    bodies: Mapping[str, Body]
    verdicts: Mapping[tuple[str, str, str, str], Verdict]

    def slug_of(self, mention: Mention) -> str | None:
        """The slug of the body mentioned; None where the mention names no single body."""
        verdict = self.verdicts.get(mention.spot)
        return None if verdict is None else verdict.slug


def municipality_slug(place: str) -> str:
    """The slug of the municipality of a place."""
    return f"{place}-municipality"


@dataclass(frozen=True, slots=True)
class SpecialCases:
    """The table of organisations: what a name means in a country and place, or in any."""

    rows: Mapping[tuple[str, str, str], Row]

    def of(self, name: str, country: str | None, place: str | None) -> Row | None:
        """The row of the name that says most of the place; None when the table is silent."""
        for where in ((country or "", place or ""), (country or "", ""), ("", "")):
            row = self.rows.get((fold(name), *where))
            if row is not None:
                return row
        return None


def special_cases(rows: Sequence[Row]) -> SpecialCases:
    """The table; raises InputError when two rows are of one name in one place."""
    by_key = keyed(rows, lambda row: f"{fold(row['name'])}|{row['country']}|{row['place']}")
    return SpecialCases(
        {(fold(row["name"]), row["country"], row["place"]): row for row in by_key.values()}
    )


def resolve(
    mentions: Sequence[Mention],
    known: Sequence[KnownBody],
    special: SpecialCases,
    places: Gazetteer,
) -> Resolution:
    """Tell which mentions are of the same body."""
    bodies: dict[str, Body] = {}
    open_mentions: list[Mention] = []
    parents: list[Mention] = []
    verdicts: dict[tuple[str, str, str, str], Verdict] = {}
    for mention in mentions:
        row = special.of(mention.name, mention.country, mention.city)
        if row is not None:
            verdicts[mention.spot] = _by_table(row)
            if row["slug"]:
                body = bodies.setdefault(row["slug"], Body(row["slug"]))
                body.mentions.append(_completed(mention, row))
                body.label = row["label"] or body.label
                body.unit_of = row["unit_of"] or body.unit_of
        elif (place := _whose_municipality(mention, places)) is not None:
            slug = municipality_slug(place)
            bodies.setdefault(slug, Body(slug)).mentions.append(mention)
            verdicts[mention.spot] = Verdict(slug, "same-by-rule", _OF_MUNICIPALITY)
        elif mention.key == PART_OF:
            parents.append(mention)
        else:
            open_mentions.append(mention)
    for slug, cluster in clusters(open_mentions, known):
        body = bodies.setdefault(slug, Body(slug))
        body.mentions += cluster
        for mention in cluster:
            verdicts[mention.spot] = _by_names(mention, slug, cluster, known)
    for body in list(bodies.values()):
        _find_municipality(body, bodies, places)
    for mention in parents:
        verdicts[mention.spot] = _parent(mention, bodies)
    return Resolution(bodies, verdicts)


def _parent(mention: Mention, bodies: Mapping[str, Body]) -> Verdict:
    """A parent stands without a place of its own: it is the one body of its name, if any is."""
    name = fold(mention.name)
    found = {
        slug
        for slug, body in bodies.items()
        if any(fold(other.name) == name for other in body.mentions)
    }
    if len(found) == 1:
        return Verdict(found.pop(), "same-by-rule", "the one body that the facts name so")
    return Verdict(None, "not-a-record", "the facts say nothing else of it")


def _completed(mention: Mention, row: Row) -> Mention:
    """The mention with the kind the table gives; where a part lies tells nothing of the whole."""
    completed = replace(mention, word=mention.word or row["type"])
    if mention.key == PART_OF:
        completed = replace(completed, country=row["country"] or None, city=None)
    return completed


def _by_table(row: Row) -> Verdict:
    if row["slug"]:
        own = {fold(row["label"]), fold(row["slug"].replace("-", " "))}
        plain = row["treat"] == "" and fold(without_abbreviation(row["name"])[0]) in own
        return Verdict(row["slug"], "same-name" if plain else "same-by-table", row["note"])
    return Verdict(None, "part" if row["treat"] == "cohort" else "not-a-record", row["note"])


def _by_names(
    mention: Mention, slug: str, cluster: Sequence[Mention], known: Sequence[KnownBody]
) -> Verdict:
    """A described line is new; a name is the body's own, or shares a key with others of it."""
    if mention.described is not None:
        return Verdict(slug, "new")
    best = best_name(cluster)
    if fold(mention.name) == fold(best):
        return Verdict(slug, "same-name")
    if fold(without_abbreviation(mention.name)[0]) == fold(without_abbreviation(best)[0]):
        return Verdict(slug, "same-by-rule", "the same name, once with its abbreviation")
    name = fold(mention.name)
    if any(name in map(fold, body.names) for body in known if body.slug == slug):
        return Verdict(slug, "same-by-rule", "a name that the hand-made record gives")
    if any(name in map(fold, each.others) for each in cluster if each.described is not None):
        return Verdict(slug, "same-as-line", "another name that its own line gives")
    shared = sorted(
        other
        for each in cluster
        for other in (each.name, *each.others)
        if fold(other) != name and keys_of(other) & keys_of_mention(mention)
    )
    with_what = f"“{shared[0]}”" if shared else "the hand-made record"
    return Verdict(slug, "same-by-rule", f"shares a name with {with_what}")


def _whose_municipality(mention: Mention, places: Gazetteer) -> str | None:
    if mention.city is None or (mention.word != "municipality" and mention.key != PART_OF):
        return None
    bare = mention.word == "municipality"
    named = names_municipality(mention.name, mention.city, places, bare=bare)
    return mention.city if named else None


def names_municipality(name: str, city: str, places: Gazetteer, *, bare: bool) -> bool:
    """Whether a name is a form of the municipality's name; `bare`: the city's name is one, too."""
    folded = fold(without_abbreviation(name)[0])
    forms = [form for form in MUNICIPALITY_FORMS if bare or form != "{}"]
    names = [fold(each) for each in places.names_of(city)]
    return folded in {form.format(each) for form in forms for each in names}


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
        whole = municipality_within(mention, places)
        bodies[slug].names |= {whole} if whole is not None else set()


def _is_of_municipality(mention: Mention, places: Gazetteer) -> bool:
    return municipality_within(mention, places) is not None


def municipality_within(mention: Mention, places: Gazetteer) -> str | None:
    """The beginning of a department's name that names the municipality of its city."""
    if mention.word != "municipality" or mention.city is None:
        return None
    words = [match.end() for match in re.finditer(r"\w+", mention.name)]
    beginnings = [mention.name[:end] for end in words[:-1]]
    found = [
        each
        for each in beginnings
        if without_abbreviation(each)[1] is None
        and names_municipality(each, mention.city, places, bare=False)
    ]
    return found[-1] if found else None
