"""Answers to the stored questions computed from the facts files in plain Python, without RDF.

Which record a name means is read from `data/ledger.csv`; what a word for a kind of
organisation means, from its table. All else is computed here anew, and nothing of the
program is used.
"""

import csv
import json
import re
import unicodedata
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

ROOT = Path(__file__).parents[2]
SHARED = ROOT / "../shared/data"
HARVEST = "2026-11-21"

#: What the hand-made records say, from pages that the facts do not quote, or more exactly.
HAND_MADE_PLACES = {
    "organisation/cosm": {"place/ch-neuchatel-canton"},
    "organisation/canton-of-neuchatel": {"place/ch-neuchatel-canton"},
    "organisation/neuchatel-police": {"place/ch-neuchatel-canton"},
    "organisation/lublin-provincial-police": {"place/pl-lublin-province"},
}
#: The canton took part in the project, its service is the party of the partnership.
HAND_MADE_PARTIES = {
    "partnership/lublin-neuchatel": {"organisation/pl-lublin-municipality", "organisation/cosm"}
}
Line = dict[str, Any]


@dataclass(frozen=True)
class Mention:
    """A name at its spot in a facts file, with the object that holds it."""

    file: str
    line: int
    path: str
    values: Line


@cache
def lines(file: str) -> tuple[Line, ...]:
    text = (SHARED / f"{file}.jsonl").read_text(encoding="utf-8")
    return tuple(json.loads(line) for line in text.splitlines())


@cache
def ledger() -> dict[tuple[str, int, str], list[tuple[str, str]]]:
    """The names at each spot, and the record that each is of."""
    found: dict[tuple[str, int, str], list[tuple[str, str]]] = defaultdict(list)
    with (ROOT / "data/ledger.csv").open(encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file):
            spot = row["file"].removesuffix(".jsonl"), int(row["line"]), row["path"]
            found[spot].append((row["name"], row["record"].replace(":", "/", 1)))
    return found


def tidy(name: str) -> str:
    return " ".join(unicodedata.normalize("NFC", name).split())


def records(file: str, line: int, path: str, name: str) -> set[str]:
    """The records that a name at a spot is of, as `kind/slug`; none where it is of no record."""
    named = [record for each, record in ledger()[file, line, path] if each == tidy(name)]
    assert named, f"the ledger lacks {name!r} at {file}:{line} {path}"
    return {record for record in named if record}


def record(file: str, line: int, path: str, name: str) -> str | None:
    found = records(file, line, path, name)
    assert len(found) < 2, f"{name!r} at {file}:{line} {path} is of {sorted(found)}"
    return next(iter(found), None)


def within(file: str, line: int, values: Line, key: str) -> Iterator[Mention]:
    for number, inner in enumerate(values.get(key, [])):
        yield Mention(file, line, f"{key}[{number}]", inner)


def organisation(mention: Mention) -> set[str]:
    found = records(mention.file, mention.line, f"{mention.path}.name", mention.values["name"])
    return {each for each in found if each.startswith("organisation/")}


# Practices


@dataclass(frozen=True)
class Practice:
    """What one line says of a practice; dates are the first and last day they may mean."""

    line: int
    values: Line

    @property
    def iri(self) -> str:
        return f"practice/{self.values['id']}"

    @property
    def topics(self) -> set[str]:
        return {topic_slugs()[label] for label in self.values["topics"]}

    @property
    def country(self) -> str:
        return self.values["country_code"].lower()

    @property
    def places(self) -> set[str]:
        spots = {"city": self.values["city"]}
        spots |= {f"cities[{n}]": name for n, name in enumerate(self.values.get("cities", []))}
        found = [record("practices", self.line, path, name) for path, name in spots.items()]
        return {each for each in found if each is not None}

    @property
    def start(self) -> tuple[str, str] | None:
        return bounds(self.values.get("start"))

    @property
    def end(self) -> tuple[str, str] | None:
        return bounds(self.values.get("end"))

    @property
    def status(self) -> str:
        if self.values.get("ongoing"):
            permanent = "permanent" in self.values.get("year_label", "").lower()
            return "permanent" if permanent else "ongoing"
        if self.start and self.start[0] > HARVEST:
            return "planned"
        if self.end is None:
            return "unknown"
        return "ended" if self.end[1] < HARVEST else "ongoing"

    @property
    def goes_on(self) -> bool:
        return self.status in {"ongoing", "permanent"}

    @property
    def bodies(self) -> set[str]:
        found = [
            organisation(each)
            for each in within("practices", self.line, self.values, "organisations")
        ]
        return set().union(*found)

    @property
    def projects(self) -> set[str]:
        """Those it was part of; not those that only wrote it up."""
        return {
            found
            for each in within("practices", self.line, self.values, "projects")
            if "relation" not in each.values
            for found in records("practices", self.line, f"{each.path}.name", each.values["name"])
            if found.startswith("project/")
        }


def practices() -> list[Practice]:
    return [Practice(number, values) for number, values in numbered("practices")]


@cache
def topic_slugs() -> dict[str, str]:
    """Labels of the 22 topics to their slugs."""
    table = (ROOT / "data/mappings/topics.csv").read_text(encoding="utf-8").splitlines()
    return {row["label"]: row["topic"] for row in csv.DictReader(table)}


def bounds(date: str | None) -> tuple[str, str] | None:
    """The first and the last day that a stated date may mean."""
    if date is None:
        return None
    days = {"02": "29" if int(date[:4]) % 4 == 0 else "28"}
    days |= dict.fromkeys(("04", "06", "09", "11"), "30")
    last = date if len(date) > 4 else f"{date}-12"
    return f"{date}-01-01"[:10], last if len(last) > 7 else f"{last}-{days.get(last[5:], '31')}"


def active(practice: Practice, year: int) -> str | None:
    """Whether a practice was active in a year: `certain`, `possible`, or None."""
    first, last = f"{year}-01-01", f"{year}-12-31"
    end = None if practice.goes_on else practice.end
    if practice.start is None or practice.start[0] > last or (end is not None and end[1] < first):
        return None
    until = end[0] if end else HARVEST if practice.goes_on else ""
    return "certain" if practice.start[1] <= last and until >= first else "possible"


def translations() -> Iterator[tuple[str, str, str]]:
    """Practice, page and version: the same page at a locale in whose language a title is told."""
    for practice in practices():
        values, own = practice.values, practice.values["url"]
        for number, address in enumerate(values.get("other_urls", [])):
            told = set(values["title"]) - {values["language"], page(own)[0]}
            if page(address)[0] in told and page(address)[1] == page(own)[1] != "":
                version = record("practices", practice.line, f"other_urls[{number}]", address)
                original = record("practices", practice.line, "url", own)
                assert version is not None
                assert original is not None
                yield practice.iri, original, version


def page(address: str) -> tuple[str, str]:
    """The locale and the name of a page in the collection, each empty where there is none."""
    path = address.partition("?")[0]
    locale, name = re.search(r"/([a-z]{2})/web/", path), re.search(r"/-/([^/]+?)-*/?$", path)
    return locale[1] if locale else "", name[1] if name else ""


# Organisations and what they do together


def mentions() -> Iterator[Mention]:
    """Every spot where a facts file names an organisation with its kind and place."""
    for number, values in numbered("organisations"):
        yield Mention("organisations", number, "", values)
    for file, keys in (
        ("practices", ["organisations"]),
        ("partnerships", ["parties"]),
        ("projects", ["partners", "associates"]),
    ):
        for number, values in enumerate(lines(file), start=1):
            for key in keys:
                yield from within(file, number, values, key)


def named(mention: Mention) -> set[str]:
    path = f"{mention.path}.name".lstrip(".")
    found = records(mention.file, mention.line, path, mention.values["name"])
    return {each for each in found if each.startswith("organisation/")}


@cache
def kinds() -> dict[str, str]:
    """The type of each organisation: what its own line says, else what most lines say."""
    table = (ROOT / "data/mappings/organisation-types.csv").read_text(encoding="utf-8")
    types = {row["word"]: row["type"] for row in csv.DictReader(table.splitlines())}
    own: dict[str, str] = {}
    counts: dict[str, Counter[str]] = defaultdict(Counter)
    for mention in mentions():
        word = mention.values.get("type")
        for body in named(mention) if word else ():
            counts[body][types[word]] += 1
            if mention.file == "organisations":
                own[body] = types[word]
    most = {body: min(found, key=lambda t: (-found[t], t)) for body, found in counts.items()}
    return most | own


@cache
def seats() -> dict[str, set[str]]:
    """The places of each organisation that a source states; an authority's is its own place."""
    found: dict[str, set[str]] = defaultdict(set)
    for mention in mentions():
        city = mention.values.get("city")
        if city is None or "city_basis" in mention.values:
            continue
        place = record(mention.file, mention.line, f"{mention.path}.city".lstrip("."), city)
        for body in named(mention) if place else ():
            found[body].add(str(place))
    places = made("place") | hand_made("place")
    for body in found:
        own = f"place/{body.partition('/')[2].removesuffix('-municipality')}"
        if body.endswith("-municipality") and own in places:
            found[body] = {own}
    return found | HAND_MADE_PLACES


@cache
def partnerships() -> dict[str, set[str]]:
    """The parties of each partnership, by the ledger's word on which lines are partnerships."""
    found: dict[str, set[str]] = defaultdict(set)
    for number, values in numbered("partnerships"):
        made = record("partnerships", number, "about", values["about"])
        if made is not None and made.startswith("partnership/"):
            for party in within("partnerships", number, values, "parties"):
                found[made] |= organisation(party)
    return found | HAND_MADE_PARTIES


def partner_places(place: str) -> dict[str, int]:
    """Places whose organisations share a partnership with one of this place, and how many."""
    counts: Counter[str] = Counter()
    for parties in partnerships().values():
        places = set().union(*(seats().get(body, set()) for body in parties))
        if place in places:
            counts.update(places - {place})
    return dict(counts)


def collaborations() -> dict[str, int]:
    """In how many partnerships and projects each organisation takes part."""
    found: dict[str, set[str]] = defaultdict(set)
    for made, parties in (partnerships() | consortia()).items():
        for body in parties:
            found[body].add(made)
    return {body: len(made) for body, made in found.items()}


@cache
def consortia() -> dict[str, set[str]]:
    """Who takes part in each project, by its own line and by the lines of partnerships."""
    found: dict[str, set[str]] = defaultdict(set)
    for number, values in numbered("partnerships"):
        made = record("partnerships", number, "about", values["about"])
        if made is not None and made.startswith("project/"):
            for party in within("partnerships", number, values, "parties"):
                found[made] |= organisation(party)
    for number, values in numbered("projects"):
        made = record("projects", number, "name", values["name"])
        if made is not None and made.startswith("project/"):
            for key in ("partners", "associates"):
                for party in within("projects", number, values, key):
                    found[made] |= organisation(party)
            found[made] |= leaders(number, values) | funders(number, values)
    for practice in practices():
        for each in within("practices", practice.line, practice.values, "projects"):
            path = f"{each.path}.name"
            for made in records("practices", practice.line, path, each.values["name"]):
                if made.startswith("project/") and made not in described():
                    for number, body in enumerate(each.values.get("organisations", [])):
                        path = f"{each.path}.organisations[{number}].name"
                        found[made] |= records("practices", practice.line, path, body["name"])
    return found


@cache
def described() -> frozenset[str]:
    """The projects that have a line of their own, which states their partners."""
    found = (record("projects", n, "name", each["name"]) for n, each in numbered("projects"))
    return frozenset(each for each in found if each is not None)


def numbered(file: str) -> Iterator[tuple[int, Line]]:
    return enumerate(lines(file), start=1)


def leaders(number: int, values: Line) -> set[str]:
    return {
        made
        for name, made in ledger().get(("projects", number, "coordinator"), [])
        if made.startswith("organisation/")
    }


def funders(number: int, values: Line) -> set[str]:
    """Who paid without the number of a grant, which is told of the grant else."""
    grant = values.get("grant")
    if grant is not None and not grant.endswith("(call)"):
        return set()
    return {
        made
        for n, name in enumerate(values.get("funders", []))
        for made in records("projects", number, f"funders[{n}]", name)
        if made.startswith("organisation/")
    }


# Places


@cache
def places() -> dict[str, Line]:
    """The lines of the file of cities, by record."""
    found = {}
    for number, values in numbered("cities"):
        made = record("cities", number, "name", values["name"])
        assert made is not None
        assert made not in found
        found[made] = values
    return found


def index_results() -> Iterator[tuple[str, Line]]:
    for place, values in places().items():
        for result in values.get("index", []):
            yield place, result


def topic_counts(found: Iterable[Practice]) -> Counter[str]:
    return Counter(topic for practice in found for topic in practice.topics)


# Claims


def disagreements() -> set[tuple[str, str, frozenset[str]]]:
    """Record, property and the two values of each two sources that differ, by the claims' table."""
    said: dict[tuple[str, str, str], list[tuple[str, str]]] = defaultdict(list)
    table = (ROOT / "data/mappings/claims.csv").read_text(encoding="utf-8")
    for row in csv.DictReader(table.splitlines()):
        what = row["record"].replace(":", "/", 1), row["part"], row["predicate"].partition(":")[2]
        said[what].append((row["source"], value_of(row["value"])))
    return {
        (made, predicate, frozenset({value, other}))
        for (made, _, predicate), values in said.items()
        for source, value in values
        for another, other in values
        if source != another and value != other
    }


def claimed() -> set[str]:
    """The records that claims name."""
    table = (ROOT / "data/mappings/claims.csv").read_text(encoding="utf-8")
    values = {value_of(row["value"]) for row in csv.DictReader(table.splitlines())}
    return {value for value in values if re.fullmatch(r"[a-z]+/[a-z0-9-]+", value)}


def value_of(written: str) -> str:
    """A text without its language, a record as `kind/slug`."""
    kind, colon, slug = written.partition(":")
    if colon and re.fullmatch(r"[a-z]+", kind) and re.fullmatch(r"[a-z0-9-]+", slug):
        return f"{kind}/{slug}"
    return re.sub(r"@[a-z]{2}$", "", written)


# Everything


def made(kind: str) -> set[str]:
    """The records of a kind that any name of the facts is of."""
    return {
        found
        for names in ledger().values()
        for _, found in names
        if found.startswith(f"{kind}/") and "#" not in found
    }


def hand_made(kind: str) -> set[str]:
    """The records of a kind whose descriptions begin a line of the seeds."""
    texts = [path.read_text(encoding="utf-8") for path in (ROOT / "data/seeds").glob("*.ttl")]
    subjects = re.compile(rf"^{kind}:([a-z0-9-]+)$", re.MULTILINE)
    return {f"{kind}/{slug}" for text in texts for slug in subjects.findall(text)}


def named_sources() -> set[str]:
    """The pages that remarks of the facts tell of without an address, by their table."""
    table = (ROOT / "data/mappings/named-sources.csv").read_text(encoding="utf-8")
    return {f"source/{row['slug']}" for row in csv.DictReader(table.splitlines())}


def countries() -> set[str]:
    """Every country of a place, or named with a code anywhere in the facts."""
    codes = {place.partition("/")[2][:2] for place in made("place") | hand_made("place")}
    for file in ("practices", "cities", "organisations", "projects", "partnerships", "networks"):
        text = (SHARED / f"{file}.jsonl").read_text(encoding="utf-8")
        codes |= {code.lower() for code in re.findall(r'"country_code": "([A-Z]{2})"', text)}
    return {f"place/{code}" for code in codes}
