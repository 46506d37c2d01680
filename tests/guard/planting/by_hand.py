"""Faults that cannot be read off a shape: what a query demands, or a choice between shapes.

Each is a pattern that finds a node `?this` and its surroundings in the sound graph, what is then
removed, and what is added. What is bound to `?other` has to stay as it is.
"""

import random
from collections.abc import Callable, Iterator
from dataclasses import dataclass

from pyoxigraph import Quad

from icgraph.model.terms import DEFAULT_BASE, FOREIGN_PREFIXES
from tests.guard.planting.ground import Change, Constraint, Ground, Term

_PREFIXES = "".join(
    f"PREFIX {prefix}: <{iri}>\n"
    for prefix, iri in {
        **FOREIGN_PREFIXES,
        "ic": f"{DEFAULT_BASE}ns/",
        "role": f"{DEFAULT_BASE}scheme/role/",
        "status": f"{DEFAULT_BASE}scheme/temporal-status/",
    }.items()
)
_ANCIENT = '"1001-01-01"^^xsd:date'
_FUTURE = '"2199-01-01"^^xsd:date'


def _new(owner: str, mark: str = "#") -> str:
    return f'BIND(IRI(CONCAT(STR(?{owner}), "{mark}planted")) AS ?new)'


@dataclass(frozen=True, slots=True)
class Pattern:
    """Where a fault can be planted, and how, in the syntax of SPARQL."""

    where: str
    add: str = ""
    remove: str = ""

    def changes(
        self, ground: Ground, constraint: Constraint, dice: random.Random
    ) -> Iterator[Change]:
        """The faults of this pattern at all the nodes where it can be planted."""
        rows = ground.rows(f"{_PREFIXES} SELECT * {{ {self.where} }}")
        rows.sort(key=str)
        for row in dice.sample(rows, len(rows)):
            removed, added = (_filled(ground, text, row) for text in (self.remove, self.add))
            other = frozenset({row["other"]} if "other" in row else ())
            yield Change(row["this"], removed - added, added - removed, other)


def _filled(ground: Ground, template: str, row: dict[str, Term]) -> frozenset[Quad]:
    names = " ".join(f"?{name}" for name in row)
    terms = " ".join(str(term) for term in row.values())
    triples = ground.store.query(
        f"{_PREFIXES} CONSTRUCT {{ {template} }} WHERE {{ VALUES ({names}) {{ ({terms}) }} }}"
    )
    return frozenset(Quad(*triple) for triple in triples)


def ways_by_hand(
    constraint: Constraint,
) -> dict[str, Callable[[Ground, Constraint, random.Random], Iterator[Change]]]:
    """The ways to break a constraint, by their names."""
    return {name: pattern.changes for name, pattern in _WAYS.get(constraint.name, {}).items()}


_WAYS = {
    "ChangeEvent-order sparql": {
        "changed before it began": Pattern(
            "?this org:originalOrganization ?body ; ic:period/ic:startLatest ?day . "
            + _new("body"),
            add=f"?body ic:period ?new . ?new a ic:Period ; ic:startEarliest {_FUTURE}",
        )
    },
    "ChangeEvent-successor-order sparql": {
        "began before the change": Pattern(
            "?this ic:period/ic:startEarliest ?day . ?body org:resultedFrom ?this . "
            + _new("body"),
            add=f"?body ic:period ?new . ?new a ic:Period ; ic:startLatest {_ANCIENT}",
        )
    },
    "Cohort-count xone": {
        "two numbers": Pattern(
            "?this a ic:OrganisationCohort ; ic:exactCount|ic:minimumCount ?number",
            add="?this ic:exactCount ?number ; ic:minimumCount ?number",
        ),
        "no number": Pattern(
            "?this a ic:OrganisationCohort OPTIONAL { ?this ic:exactCount ?exact } "
            "OPTIONAL { ?this ic:minimumCount ?least }",
            remove="?this ic:exactCount ?exact ; ic:minimumCount ?least",
        ),
    },
    "Concept-notation-unique sparql": {
        "the code of another": Pattern(
            "?this skos:inScheme ?list ; skos:notation ?code . "
            "?other skos:inScheme ?list ; skos:notation ?taken FILTER (?other != ?this)",
            remove="?this skos:notation ?code",
            add="?this skos:notation ?taken",
        )
    },
    "Deprecated-class in": {
        "of a class that is replaced": Pattern(
            f"?this a ic:Practice . {_new('this')}",
            add="?this a ?new . ?new dcterms:isReplacedBy ic:Practice",
        )
    },
    "Deprecated-concept in": {
        "a topic that is replaced": Pattern(
            f"?this dcterms:subject ?topic . {_new('this')}",
            add="?this dcterms:subject ?new . ?new dcterms:isReplacedBy ?topic",
        )
    },
    "Deprecated-property sparql": {
        "a property that is deprecated": Pattern(
            "?this a owl:DatatypeProperty . ?user ?this ?any "
            "FILTER (?this IN (ic:contactRole, ic:countries, ic:currency, ic:isVoluntary))",
            add="?this owl:deprecated true",
        )
    },
    "Figure-about-its-practice sparql": {
        "about another practice": Pattern(
            "?practice ic:figure ?this . ?this ic:figureAbout ?what . ?another a ic:Practice "
            'FILTER (?another != ?practice && STRENDS(STR(?another), "s"))',
            remove="?this ic:figureAbout ?what",
            add="?this ic:figureAbout ?another",
        )
    },
    "Figure-value or": {
        "a number in words": Pattern(
            "?this a ic:Figure ; ic:value ?value",
            remove="?this ic:value ?value",
            add='?this ic:value "a dozen"',
        ),
        "ill-formed": Pattern(
            "?this a ic:Figure ; ic:value ?value",
            remove="?this ic:value ?value",
            add='?this ic:value "1,5"^^xsd:decimal',
        ),
    },
    "Grant-number-unique sparql": {
        "the number of another": Pattern(
            "?this a ic:Grant ; dcterms:identifier ?number . "
            "?other a ic:Grant ; dcterms:identifier ?taken FILTER (?other != ?this)",
            remove="?this dcterms:identifier ?number",
            add="?this dcterms:identifier ?taken",
        )
    },
    "Membership-within-body sparql": {
        "before the body was there": Pattern(
            "?this a org:Membership ; org:organization ?body . ?body ic:period ?life . "
            f"?life ic:startEarliest ?day . {_new('this', '-')}",
            add=f"?this ic:period ?new . ?new a ic:Period ; ic:startLatest {_ANCIENT}",
        )
    },
    "Organisation-acyclic sparql": {
        "a cycle of two": Pattern(
            "?this org:unitOf|org:subOrganizationOf ?whole",
            add="?whole org:subOrganizationOf ?this",
        ),
        "part of itself": Pattern(
            "?this org:unitOf|org:subOrganizationOf ?whole", add="?this org:unitOf ?this"
        ),
    },
    "Part-period-status node": {
        "a period without status": Pattern(
            "?this a org:Membership ; ic:period ?period . ?period ic:status ?status",
            remove="?period ic:status ?status",
        )
    },
    "Place-acyclic sparql": {
        "a cycle of two": Pattern("?this geo:sfWithin ?whole", add="?whole geo:sfWithin ?this")
    },
    "Place-index-year-once sparql": {
        "a year twice": Pattern(
            "?this ic:indexResult ?one . ?one ic:year ?year ; dcterms:source ?source . "
            + _new("this"),
            add="?this ic:indexResult ?new . "
            "?new a ic:IndexResult ; ic:year ?year ; dcterms:source ?source",
        )
    },
    "Place-within-country sparql": {
        "not within its country": Pattern(
            "?this a ic:City ; ic:country ?country ; geo:sfWithin ?whole",
            remove="?this geo:sfWithin ?whole",
        )
    },
    "Practice-place-in-country sparql": {
        "another country": Pattern(
            "?this a ic:Practice ; ic:country ?country . ?another a ic:Country "
            "FILTER (?another != ?country) "
            "FILTER NOT EXISTS { ?this dcterms:spatial/geo:sfWithin* ?another } "
            "FILTER NOT EXISTS { ?this ic:country ?third FILTER (?third != ?country) }",
            remove="?this ic:country ?country",
            add="?this ic:country ?another",
        )
    },
    "Practice-title-near-duplicate sparql": {
        "nearly the title of another": Pattern(
            "?this a ic:Practice ; dcterms:spatial ?place ; rdfs:label ?title . "
            "?other a ic:Practice ; dcterms:spatial ?place ; rdfs:label ?near "
            "FILTER (?other != ?this && LANG(?title) = LANG(?near)) "
            'BIND(STRLANG(CONCAT(STR(?near), "!"), LANG(?near)) AS ?same)',
            remove="?this rdfs:label ?title",
            add="?this rdfs:label ?same",
        )
    },
    "Project-grant-lead qualifiedMinCount": {
        "no lead": Pattern(
            "?this ic:grant ?grant ; ic:participation ?part . ?part org:role role:lead",
            remove="?part org:role role:lead",
            add="?part org:role role:partner",
        )
    },
    "Project-lead qualifiedMaxCount": {
        "two leads": Pattern(
            "?this a ic:Project ; ic:participation ?one , ?two FILTER (STR(?one) < STR(?two))",
            add="?one org:role role:lead . ?two org:role role:lead",
        )
    },
    "Record-grew-out-of-acyclic sparql": {
        "a cycle of two": Pattern("?this ic:grewOutOf ?older", add="?older ic:grewOutOf ?this")
    },
    "Record-ongoing-end or": {
        "ongoing and over": Pattern(
            "?this a ic:Practice ; ic:status ?status",
            remove="?this ic:status ?status",
            add="?this ic:status status:ongoing ; ic:endYear 2019",
        )
    },
    "Record-ongoing-stated-on or": {
        "ongoing since nobody knows when": Pattern(
            "?this a ic:Practice ; ic:status ?status OPTIONAL { ?this ic:statedOn ?day } "
            "FILTER NOT EXISTS { ?this ic:period/ic:statedOn ?any }",
            remove="?this ic:status ?status ; ic:statedOn ?day",
            add="?this ic:status status:ongoing",
        )
    },
    "Record-years-of-period sparql": {
        "not the year of the period": Pattern(
            "?this ic:startYear ?year ; ic:period/ic:startEarliest ?day BIND(?year - 1 AS ?before)",
            remove="?this ic:startYear ?year",
            add="?this ic:startYear ?before",
        )
    },
}
_WAYS["Amount-value or"] = {
    name: Pattern(
        pattern.where.replace("ic:Figure", "ic:Amount"), add=pattern.add, remove=pattern.remove
    )
    for name, pattern in _WAYS["Figure-value or"].items()
}
_WAYS |= {
    f"Period-{end}-date or": {
        "a day in words": Pattern(
            f"?this a ic:Period ; dcat:{end}Date ?date",
            remove=f"?this dcat:{end}Date ?date",
            add=f'?this dcat:{end}Date "last year"',
        ),
        "ill-formed": Pattern(
            f"?this a ic:Period ; dcat:{end}Date ?date",
            remove=f"?this dcat:{end}Date ?date",
            add=f'?this dcat:{end}Date "2021-02-30"^^xsd:date',
        ),
    }
    for end in ("start", "end")
}
