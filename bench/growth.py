"""More records like those of the packaged graph: each harvest is a practice and what comes with it.

Shapes and proportions are those of `data/`: a practice brings its parts, new sources, sometimes a
new place, body, project or partnership, and what is known of its origin. What it refers to is
drawn by rank (Zipf's law), the records that are referred to most in the packaged graph first, so
that large graphs have large cities, popular topics and networks with many members, too.
"""

import datetime as dt
import random
from collections import Counter, defaultdict
from collections.abc import Iterable
from typing import Final

from pyoxigraph import Literal, NamedNode, Quad

from bench.words import ABSTRACTS, BODIES, DEEDS, FRENCH_DEEDS, GROUPS, UNITS

BASE: Final = "https://w3id.org/icgraph/"
ID: Final = f"<{BASE}id/"
NS: Final = f"<{BASE}ns/"
SCHEME: Final = f"<{BASE}scheme/"
DCTERMS: Final = "<http://purl.org/dc/terms/"
ORG: Final = "<http://www.w3.org/ns/org#"
GEO: Final = "<http://www.opengis.net/ont/geosparql#"
DCAT: Final = "<http://www.w3.org/ns/dcat#"
PROV: Final = "<http://www.w3.org/ns/prov#"
SCHEMA: Final = "<https://schema.org/"
XSD: Final = "<http://www.w3.org/2001/XMLSchema#"
EULANG: Final = "<http://publications.europa.eu/resource/authority/language/"
A: Final = "<http://www.w3.org/1999/02/22-rdf-syntax-ns#type>"
LABEL: Final = "<http://www.w3.org/2000/01/rdf-schema#label>"
ALTERNATIVE: Final = "<http://www.w3.org/2004/02/skos/core#altLabel>"
TOPIC_OF: Final = "<http://xmlns.com/foaf/0.1/primaryTopic>"
PROVENANCE: Final = f"<{BASE}graph/provenance>"

KINDS: Final = {
    "municipality": "<http://data.europa.eu/m8g/PublicOrganisation>",
    "ngo": f"{ORG}FormalOrganization>",
    "public-body": "<http://data.europa.eu/m8g/PublicOrganisation>",
    "community-group": f"{NS}StakeholderGroup>",
    "university": f"{ORG}FormalOrganization>",
    "foundation": f"{ORG}FormalOrganization>",
    "cultural-institution": f"{ORG}FormalOrganization>",
    "company": f"{ORG}FormalOrganization>",
    "school": f"{ORG}FormalOrganization>",
    "police": "<http://data.europa.eu/m8g/PublicOrganisation>",
}
OTHER_LANGUAGES: Final = ("es", "it", "pt", "de", "pl")
SOURCE_LANGUAGES: Final = ("ENG", "ENG", "ENG", "ENG", "FRA", "FRA", "ITA", "DEU", "SPA", "POL")
SOURCE_KINDS: Final = ("external", "icc-practice", "icc-listing", "reference-document")
ROLES: Final = ("partner", "lead", "participant", "funder", "host", "evaluator", "visitor")
STATUSES: Final = ("ongoing", "unknown", "ended", "permanent", "planned")
CHANGE_TYPES: Final = ("formalisation", "renaming", "succession")
ACTIVITY_TYPES: Final = ("study-visit", "event", "meeting-series", "service")
HARVESTS_A_CHANGE: Final = 40
FIRST_CHANGE: Final = dt.datetime(2019, 1, 1, 9, tzinfo=dt.UTC)
LAST_CHANGE: Final = dt.datetime(2026, 11, 20, 9, tzinfo=dt.UTC)


class Growth:
    """A graph that grows from the packaged one; the same seed grows the same graph."""

    def __init__(self, packaged: Iterable[Quad], *, seed: int, harvests: int) -> None:
        """Take what new records may refer to from the packaged quads.

        `harvests` is how many are likely to come: the times of the changes span them.
        """
        self._random = random.Random(seed)
        self._harvests = max(1, harvests)
        self._lines: list[str] = []
        self._number = 0
        self._read(packaged)
        self._change = ""
        self._moment = ""

    def _read(self, packaged: Iterable[Quad]) -> None:
        mentions: Counter[str] = Counter()
        members: dict[str, list[str]] = defaultdict(list)
        self._country: dict[str, str] = {}
        self._name: dict[str, str] = {}
        for quad in packaged:
            subject, thing = str(quad.subject), quad.object
            if isinstance(thing, NamedNode):
                mentions[str(thing)] += 1
                if str(quad.predicate) == A:
                    members[str(thing)].append(subject)
                elif str(quad.predicate) == f"{NS}country>":
                    self._country[subject] = str(thing)
            elif (
                isinstance(thing, Literal)
                and str(quad.predicate) == LABEL
                and (thing.language == "en" or subject not in self._name)
            ):
                self._name[subject] = thing.value

        def ranked(kind: str) -> list[str]:
            return sorted(set(members[kind]), key=lambda each: (-mentions[each], each))

        self._places = [place for place in ranked(f"{NS}City>") if place in self._country]
        self._countries = ranked(f"{NS}Country>")
        self._bodies = ranked(f"{ORG}Organization>")
        self._projects = ranked(f"{NS}Project>")
        self._partnerships = ranked(f"{NS}Partnership>")
        self._programmes = ranked(f"{NS}FundingProgramme>")
        self._sources = ranked(f"{NS}SourceDocument>")
        self._practices = ranked(f"{NS}Practice>")
        self._topics = sorted(
            (node for node in mentions if node.startswith(f"{SCHEME}topic/")),
            key=lambda each: (-mentions[each], each),
        )
        self._networks = [
            body for body in self._bodies if mentions[body] > 10 and "network" in body
        ]

    @property
    def records(self) -> list[str]:
        """The records that can be looked up: practices, bodies, places and projects."""
        return self._practices + self._bodies + self._places + self._projects

    def modified(self, document: str) -> list[str]:
        """When a document of the packaged graph was changed last; as lines of N-Quads."""
        if not self._number % HARVESTS_A_CHANGE:
            self._new_change()
        self._number += 1
        self._say_origin(document)
        return self._flush()

    def harvest(self) -> list[str]:
        """One more practice and what comes with it, as lines of N-Quads."""
        if not self._number % HARVESTS_A_CHANGE:
            self._new_change()
        self._number += 1
        chance = self._random.random
        if chance() < 10 / (self._number + 400) ** 0.5:
            self._new_place()
        if chance() < 0.12:
            self._new_project()
        if chance() < 0.08:
            self._new_partnership()
        if chance() < 0.08:
            self._new_activity()
        self._new_practice()
        return self._flush()

    def _flush(self) -> list[str]:
        lines, self._lines = self._lines, []
        return lines

    def _pick(self, ranked: list[str]) -> str:
        """One of them, the first most often: the probability of a rank is about 1 over it."""
        return ranked[int(len(ranked) ** self._random.random()) - 1]

    def _some(self, ranked: list[str], most: int) -> list[str]:
        wanted = self._random.randint(1, most)
        return list(dict.fromkeys(self._pick(ranked) for _ in range(wanted)))

    def _say(self, subject: str, predicate: str, value: object) -> None:
        self._lines.append(f"{subject} {predicate} {value} .\n")

    def _say_origin(self, document: str) -> None:
        say = self._lines.append
        say(f'{document} {DCTERMS}modified> "{self._moment}"^^{XSD}dateTime> {PROVENANCE} .\n')
        say(f"{document} {PROV}wasGeneratedBy> {self._change} {PROVENANCE} .\n")

    def _new_change(self) -> None:
        number = self._number // HARVESTS_A_CHANGE + 1
        self._change = f"<{BASE}changes/{number}>"
        share = min(1.0, self._number / self._harvests)
        moment = FIRST_CHANGE + (LAST_CHANGE - FIRST_CHANGE) * share
        self._moment = moment.replace(microsecond=0).isoformat()
        agent = f"<{BASE}agent/curator-{number % 17}>"
        say = self._lines.append
        say(f"{self._change} {A} {PROV}Activity> {PROVENANCE} .\n")
        say(f'{self._change} {LABEL} "Harvest {number}" {PROVENANCE} .\n')
        say(f'{self._change} {PROV}endedAtTime> "{self._moment}"^^{XSD}dateTime> {PROVENANCE} .\n')
        say(f"{self._change} {PROV}wasAssociatedWith> {agent} {PROVENANCE} .\n")
        if number <= 17:
            say(f"{agent} {A} {PROV}Agent> {PROVENANCE} .\n")
            say(f'{agent} {LABEL} "curator {number % 17}" {PROVENANCE} .\n')

    def _record(self, kind: str, slug: str, topics: bool = False) -> str:
        """A new record's IRI; says what is known of its document."""
        document = f"<{BASE}doc/{kind}/{slug}>"
        record = f"{ID}{kind}/{slug}>"
        self._lines.append(f"{document} {TOPIC_OF} {record} {PROVENANCE} .\n")
        if topics:
            basis = f"{SCHEME}basis/assigned>"
            self._lines.append(f"{document} {NS}topicsBasis> {basis} {PROVENANCE} .\n")
        self._say_origin(document)
        return record

    def _part(self, record: str, name: str, kind: str) -> str:
        part = f"{record[:-1]}#{name}>"
        self._say(part, A, kind)
        return part

    def _new_source(self) -> str:
        number = len(self._sources)
        source = self._record("source", f"page-{number}")
        say, chance = self._say, self._random.random
        say(source, A, f"{NS}SourceDocument>")
        say(source, LABEL, f'"example.org – page-{number}"@und')
        say(source, f"{SCHEMA}url>", f'"https://example.org/page/{number}"^^{XSD}anyURI>')
        say(source, f"{NS}retrievedAt>", f'"{self._moment[:10]}"^^{XSD}date>')
        say(source, f"{DCTERMS}type>", f"{SCHEME}source-kind/{self._pick([*SOURCE_KINDS])}>")
        language = self._random.choice(SOURCE_LANGUAGES) if chance() < 0.3 else None
        if language:
            say(source, f"{DCTERMS}language>", f"{EULANG}{language}>")
        if chance() < 0.03:
            say(source, f"{NS}draftedWithin>", self._pick(self._projects))
        if language == "ENG" and chance() < 0.15:
            original = self._record("source", f"page-{number}-original")
            say(original, A, f"{NS}SourceDocument>")
            say(original, LABEL, f'"example.org – page-{number}, original"@und')
            say(original, f"{DCTERMS}language>", f"{EULANG}FRA>")
            say(source, f"{NS}translationOf>", original)
        self._sources.append(source)
        return source

    def _cite(self, record: str, most: int) -> None:
        cited = [self._new_source()]
        if self._random.random() < 0.3:
            cited += self._some(self._sources, most)
        for source in dict.fromkeys(cited):
            self._say(record, f"{DCTERMS}source>", source)

    def _new_place(self) -> str:
        country = self._pick(self._countries)
        number = len(self._places)
        name = f"{self._random.choice(BODIES)[:4].title()}ville {number}"
        place = self._record("place", f"{country[:-1].rsplit('/', 1)[1]}-town-{number}")
        say, draw = self._say, self._random
        say(place, A, f"{NS}City>")
        say(place, A, f"{NS}Place>")
        say(place, LABEL, f'"{name}"@en')
        if draw.random() < 0.4:
            say(place, ALTERNATIVE, f'"{name} (autre nom)"@fr')
        say(place, f"{GEO}sfWithin>", country)
        say(place, f"{NS}country>", country)
        say(place, f"{NS}population>", f'"{int(5000 * 400 ** draw.random())}"^^{XSD}integer>')
        say(place, f"{SCHEMA}sameAs>", f"<https://sws.geonames.org/9{number:07}/>")
        centre = self._part(place, "centroid", f"{GEO}Geometry>")
        say(place, f"{GEO}hasCentroid>", centre)
        at = f"POINT({draw.uniform(-9, 40):.5f} {draw.uniform(36, 65):.5f})"
        say(centre, f"{GEO}asWKT>", f'"{at}"^^{GEO}wktLiteral>')
        self._cite(place, 2)
        if draw.random() < 0.5:
            for network in self._some(self._networks, 2):
                self._join(place, network)
            for year in sorted({draw.randint(2010, 2024) for _ in range(draw.randint(1, 4))}):
                self._rank(place, year)
        self._country[place] = country
        self._name[place] = name
        self._places.append(place)
        return place

    def _join(self, place: str, network: str) -> None:
        slug = network[:-1].rsplit("/", 1)[1]
        membership = self._part(place, f"member-{slug}", f"{ORG}Membership>")
        period = self._part(place, f"member-{slug}-period", f"{NS}Period>")
        self._say(place, f"{NS}memberOf>", network)
        self._say(place, f"{NS}membership>", membership)
        self._say(membership, f"{ORG}member>", place)
        self._say(membership, f"{ORG}organization>", network)
        self._say(membership, f"{ORG}role>", f"{SCHEME}role/member>")
        self._say(membership, f"{NS}period>", period)
        self._say(period, f"{NS}status>", f"{SCHEME}temporal-status/ongoing>")
        self._say(period, f"{NS}statedOn>", f'"{self._moment[:10]}"^^{XSD}date>')

    def _rank(self, place: str, year: int) -> None:
        result = self._part(place, f"index-{year}", f"{NS}IndexResult>")
        self._say(place, f"{NS}indexResult>", result)
        self._say(result, f"{NS}year>", f'"{year}"^^{XSD}integer>')
        score = self._random.uniform(20, 95)
        self._say(result, f"{NS}score>", f'"{score:.1f}"^^{XSD}decimal>')
        self._say(result, f"{NS}rank>", f'"{self._random.randint(1, 80)}"^^{XSD}integer>')
        self._say(result, f"{NS}outOf>", f'"90"^^{XSD}integer>')
        self._say(result, f"{DCTERMS}source>", self._pick(self._sources))

    def _new_body(self) -> str:
        number = len(self._bodies)
        kind = self._pick([*KINDS])
        place = self._pick(self._places)
        name = f"{self._random.choice(BODIES)} of {self._name[place]} {number}"
        body = self._record("organisation", f"body-{number}")
        say, chance = self._say, self._random.random
        say(body, A, KINDS[kind])
        say(body, A, f"{ORG}Organization>")
        say(body, LABEL, f'"{name}"@en')
        if chance() < 0.1:
            say(body, LABEL, f'"{name}, en français"@fr')
        if chance() < 0.4:
            say(body, ALTERNATIVE, f'"B{number}"@und')
        say(body, f"{DCTERMS}spatial>", place)
        say(body, f"{ORG}classification>", f"{SCHEME}organisation-type/{kind}>")
        self._cite(body, 2)
        if chance() < 0.01:
            event = self._part(body, "succession", f"{ORG}ChangeEvent>")
            say(body, f"{ORG}resultedFrom>", event)
            say(event, f"{ORG}originalOrganization>", self._pick(self._bodies))
            change = self._random.choice(CHANGE_TYPES)
            say(event, f"{DCTERMS}type>", f"{SCHEME}change-type/{change}>")
        self._bodies.append(body)
        return body

    def _involve(self, record: str, least: int, most: int) -> None:
        wanted = self._random.randint(least, most)
        chance, say = self._random.random, self._say
        bodies: dict[str, str] = {}
        while len(bodies) < wanted:
            body = self._new_body() if chance() < 0.3 else self._pick(self._bodies)
            bodies[body] = self._pick([*ROLES[2:], "partner"]) if bodies else "lead"
        for body, role in bodies.items():
            slug = body[:-1].rsplit("/", 1)[1]
            membership = self._part(record, f"m-{slug}", f"{ORG}Membership>")
            say(record, f"{NS}involves>", body)
            say(record, f"{NS}participation>", membership)
            say(membership, f"{ORG}member>", body)
            say(membership, f"{ORG}organization>", record)
            say(membership, f"{ORG}role>", f"{SCHEME}role/{role}>")

    def _date(self, record: str, known: float) -> None:
        """Say in which state it is, and with probability `known` its period."""
        draw, say = self._random, self._say
        status = self._pick([*STATUSES])
        say(record, f"{NS}status>", f"{SCHEME}temporal-status/{status}>")
        goes_on = status in {"ongoing", "permanent"}
        if draw.random() >= known and not goes_on:
            return
        start = 2024 - int(22 * draw.random() ** 1.5)
        period = self._part(record, "period", f"{NS}Period>")
        say(record, f"{NS}period>", period)
        say(record, f"{NS}startYear>", f'"{start}"^^{XSD}integer>')
        say(period, f"{DCAT}startDate>", f'"{start}"^^{XSD}gYear>')
        say(period, f"{NS}startEarliest>", f'"{start}-01-01"^^{XSD}date>')
        say(period, f"{NS}startLatest>", f'"{start}-12-31"^^{XSD}date>')
        if status == "ended":
            end = min(2025, start + draw.randint(0, 5))
            say(record, f"{NS}endYear>", f'"{end}"^^{XSD}integer>')
            say(period, f"{DCAT}endDate>", f'"{end}"^^{XSD}gYear>')
            say(period, f"{NS}endEarliest>", f'"{end}-01-01"^^{XSD}date>')
            say(period, f"{NS}endLatest>", f'"{end}-12-31"^^{XSD}date>')
        if goes_on:
            say(period, f"{NS}statedOn>", f'"{self._moment[:10]}"^^{XSD}date>')
        if draw.random() < 0.2:
            say(period, f"{NS}statedAs>", f'"since {start}"@en')
        if draw.random() < 0.05:
            self._dispute(record, period, start)

    def _dispute(self, record: str, period: str, start: int) -> None:
        """Let two sources disagree on when it began."""
        for shift in (0, self._random.randint(1, 3)):
            source = self._pick(self._sources)[:-1].rsplit("/", 1)[1]
            claim = f"<{BASE}graph/claims/{source}>"
            self._say(record, f"{NS}period>", f"{period} {claim}")
            self._say(period, f"{DCAT}startDate>", f'"{start + shift}"^^{XSD}gYear> {claim}')

    def _new_project(self) -> None:
        number = len(self._projects)
        project = self._record("project", f"project-{number}")
        say, chance = self._say, self._random.random
        say(project, A, f"{NS}Project>")
        say(project, LABEL, f'"{self._random.choice(DEEDS)}, project {number}"@en')
        say(project, ALTERNATIVE, f'"PROJ{number}"@und')
        for place in self._some(self._places, 4):
            say(project, f"{DCTERMS}spatial>", place)
        self._involve(project, 2, 5)
        self._date(project, 0.6)
        self._cite(project, 3)
        if chance() < 0.4:
            say(project, f"{NS}partOfProgramme>", self._pick(self._programmes))
        if chance() < 0.3:
            grant = self._part(project, "grant", f"{NS}Grant>")
            say(project, f"{NS}grant>", grant)
            say(grant, f"{DCTERMS}identifier>", f'"10{number:07}"')
            say(grant, f"{NS}underProgramme>", self._pick(self._programmes))
            say(grant, f"{SCHEMA}funder>", self._pick(self._bodies))
        self._projects.append(project)

    def _new_partnership(self) -> None:
        number = len(self._partnerships)
        partnership = self._record("partnership", f"partnership-{number}")
        self._say(partnership, A, f"{NS}Partnership>")
        self._say(partnership, LABEL, f'"{self._random.choice(DEEDS)} together, {number}"@en')
        self._involve(partnership, 2, 4)
        self._date(partnership, 0.6)
        self._cite(partnership, 2)
        if self._random.random() < 0.3:
            self._say(partnership, f"{NS}withinProject>", self._pick(self._projects))
        if self._random.random() < 0.1:
            self._say(partnership, f"{NS}grewOutOf>", self._pick(self._partnerships))
        self._partnerships.append(partnership)

    def _new_activity(self) -> None:
        activity = self._record("activity", f"activity-{self._number}")
        kind = self._random.choice(ACTIVITY_TYPES)
        self._say(activity, A, f"{NS}Activity>")
        self._say(activity, LABEL, f'"{kind} {self._number}"@en')
        self._say(activity, f"{DCTERMS}type>", f"{SCHEME}activity-type/{kind}>")
        self._say(activity, f"{DCTERMS}isPartOf>", self._pick(self._partnerships))
        self._say(activity, f"{DCTERMS}spatial>", self._pick(self._places))
        self._involve(activity, 1, 3)
        self._date(activity, 0.9)
        self._cite(activity, 1)

    def _new_practice(self) -> None:
        draw, say, chance = self._random, self._say, self._random.random
        places = [self._pick(self._places)]
        if chance() < 0.04:
            places = list(dict.fromkeys([*places, *self._some(self._places, 2)]))
        deed = draw.randrange(len(DEEDS))
        name = self._name[places[0]]
        practice = self._record("practice", f"practice-{self._number}", topics=True)
        say(practice, A, f"{NS}Practice>")
        language = "en" if chance() < 0.85 else draw.choice(OTHER_LANGUAGES)
        say(practice, LABEL, f'"{DEEDS[deed]} in {name} ({self._number})"@{language}')
        if chance() < 0.2:
            say(practice, LABEL, f'"{FRENCH_DEEDS[deed]} à {name} ({self._number})"@fr')
        if chance() < 0.1:
            say(practice, ALTERNATIVE, f'"{DEEDS[deed]} {self._number}"@en')
        summary = draw.choice(ABSTRACTS).format(place=name, deed=DEEDS[deed].lower())
        say(practice, f"{DCTERMS}abstract>", f'"{summary}"@en')
        for place in places:
            say(practice, f"{DCTERMS}spatial>", place)
        for country in dict.fromkeys(self._country[place] for place in places):
            say(practice, f"{NS}country>", country)
        for topic in self._some(self._topics, 4):
            say(practice, f"{DCTERMS}subject>", topic)
        for group in self._some([*GROUPS], 3):
            say(practice, f"{NS}targetGroup>", f'"{group}"@en')
        self._involve(practice, 1, 3)
        self._date(practice, 0.6)
        self._cite(practice, 4)
        self._tell_more(practice, places[0], name)
        self._practices.append(practice)

    def _tell_more(self, practice: str, place: str, name: str) -> None:
        draw, say, chance = self._random, self._say, self._random.random
        for year in draw.sample(range(2008, 2025), draw.choice((0, 0, 1, 1, 2, 3))):
            unit = draw.choice(UNITS)
            figure = self._part(practice, f"figure-{unit}-{year}", f"{NS}Figure>")
            say(practice, f"{NS}figure>", figure)
            say(figure, f"{NS}figureAbout>", practice)
            say(figure, f"{NS}unit>", f'"{unit}"@en')
            say(figure, f"{NS}value>", f'"{int(10 * 1000 ** chance())}"^^{XSD}integer>')
            say(figure, f"{NS}year>", f'"{year}"^^{XSD}integer>')
            say(figure, LABEL, f'"{unit} reached in {name}"@en')
        if chance() < 0.3:
            partner = self._pick(self._places)
            if partner != place:
                link = self._part(practice, "city-link", f"{NS}CityLink>")
                say(practice, f"{NS}cityLink>", link)
                say(practice, f"{NS}partnerPlace>", partner)
                say(link, f"{NS}partnerPlace>", partner)
                say(link, LABEL, '"exchange of experience"@en')
        for predicate, probability in (("purpose", 0.2), ("process", 0.25), ("impact", 0.1)):
            if chance() < probability:
                words = draw.choice(ABSTRACTS).format(place=name, deed=predicate)
                say(practice, f"{NS}{predicate}>", f'"{words}"@en')
        if chance() < 0.2:
            say(practice, f"{NS}withinProject>", self._pick(self._projects))
        if chance() < 0.2:
            say(practice, f"{DCTERMS}references>", self._pick(self._sources))
        if chance() < 0.02:
            say(practice, f"{NS}centresOn>", self._pick(self._partnerships))
        if chance() < 0.02:
            say(practice, f"{NS}grewOutOf>", self._pick(self._practices))
        if chance() < 0.01:
            say(practice, f"{NS}grewOutOf>", self._pick(self._partnerships))
        if chance() < 0.01:
            say(practice, f"{NS}adaptedFrom>", self._pick(self._practices))
