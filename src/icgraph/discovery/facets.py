"""By which values the lists of each kind are narrowed: one line a facet, as a graph pattern.

A pattern binds `?value` for a `?record`. What is counted from them is the matter of `tables`.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Final

#: The facet whose values are years; it is read from the bounds of periods.
YEAR: Final = "year"


@dataclass(frozen=True, slots=True)
class Facet:
    """A facet: its name in addresses and columns, and the pattern that binds its values."""

    name: str
    pattern: str


_TOPIC: Final = Facet("topic", "?record dcterms:subject ?value")
_COUNTRY: Final = Facet("country", "?record ic:country ?value")
_STATUS: Final = Facet("status", "?record ic:status ?value")
# Every place but a country lies in a country, and says so.
_CITY: Final = Facet("city", "?record dcterms:spatial ?value . ?value ic:country ?within")
_COUNTRY_OF_PLACE: Final = Facet(
    "country",
    "?record dcterms:spatial ?place . OPTIONAL { ?place ic:country ?within }"
    " BIND(COALESCE(?within, ?place) AS ?value)",
)
_ORGANISATION_TYPE: Final = Facet(
    "organisation-type", "?record ic:involves/org:classification ?value"
)
_PROJECT: Final = Facet("project", "?record ic:withinProject ?value")
#: Four days, each of which may be empty: the earliest and the latest start, until when it was
#: active for certain, the latest end. What goes on was active on the day of which this is said.
_YEAR: Final = Facet(
    YEAR,
    """
    ?record ic:period ?period .
    ?period ic:startEarliest ?startEarliest ; ic:startLatest ?startLatest .
    OPTIONAL { ?period ic:endEarliest ?endEarliest ; ic:endLatest ?endLatest }
    OPTIONAL { ?period ic:statedOn ?statedOn }
    BIND(CONCAT(STR(?startEarliest), "/", STR(?startLatest), "/",
      STR(COALESCE(?endEarliest, ?statedOn, "")), "/", STR(COALESCE(?endLatest, ""))) AS ?value)
    """,
)

#: Kind of record -> its facets, in the order in which they are shown.
FACETS: Final[Mapping[str, tuple[Facet, ...]]] = MappingProxyType(
    {
        "practice": (
            _TOPIC,
            _COUNTRY,
            _CITY,
            _YEAR,
            _STATUS,
            _ORGANISATION_TYPE,
            _PROJECT,
            Facet(
                "programme",
                "?record ic:withinProject/(ic:partOfProgramme|ic:grant/ic:underProgramme) ?value",
            ),
            Facet("language", "?record dcterms:source/dcterms:language ?value"),
        ),
        "place": (
            Facet("type", "?record a ?value . FILTER(?value != ic:Place)"),
            _COUNTRY,
            Facet("region", "?record geo:sfWithin ?value . ?value a ic:AdministrativeArea"),
            Facet("network", "?record ic:memberOf ?value"),
            Facet("topic", "?practice dcterms:spatial ?record ; dcterms:subject ?value"),
        ),
        "organisation": (
            Facet("organisation-type", "?record org:classification ?value"),
            _COUNTRY_OF_PLACE,
            _CITY,
            Facet("topic", "?practice ic:involves ?record ; dcterms:subject ?value"),
            Facet("project", "?value ic:involves ?record ; a ic:Project"),
        ),
        "project": (
            Facet("programme", "?record ic:partOfProgramme|ic:grant/ic:underProgramme ?value"),
            _COUNTRY_OF_PLACE,
            _CITY,
            _YEAR,
            _STATUS,
            Facet("topic", "?practice ic:withinProject ?record ; dcterms:subject ?value"),
            _ORGANISATION_TYPE,
        ),
        "partnership": (
            Facet(
                "country",
                "?record ic:involves ?body . ?body dcterms:spatial ?place ."
                " OPTIONAL { ?place ic:country ?within } BIND(COALESCE(?within, ?place) AS ?value)",
            ),
            Facet(
                "city",
                "?record ic:involves ?body . ?body dcterms:spatial ?value ."
                " ?value ic:country ?within",
            ),
            _YEAR,
            _STATUS,
            _PROJECT,
            _TOPIC,
            _ORGANISATION_TYPE,
        ),
        "activity": (
            Facet("activity-type", "?record dcterms:type ?value"),
            _COUNTRY_OF_PLACE,
            _CITY,
            _YEAR,
            _STATUS,
            _PROJECT,
        ),
        "programme": (
            Facet(
                "country",
                "?project ic:partOfProgramme|ic:grant/ic:underProgramme ?record ."
                " ?project dcterms:spatial/ic:country ?value",
            ),
        ),
        "source": (
            Facet("source-kind", "?record dcterms:type ?value"),
            Facet("language", "?record dcterms:language ?value"),
        ),
    }
)

#: What is read of every record besides its facets.
_PLAIN: Final = (
    Facet("label", "OPTIONAL { ?record rdfs:label ?value }"),
    Facet("other", "?record skos:altLabel ?value"),
    Facet(
        "changed",
        "VALUES ?g { UNDEF } GRAPH ?g { ?document foaf:primaryTopic ?record ;"
        " dcterms:modified ?value }",
    ),
)

_QUERY: Final = """
SELECT DISTINCT ?record ?value WHERE { VALUES ?type { UNDEF } ?record a ?type . %s }
"""


def facet_queries(kind: str) -> dict[str, str]:
    """What is read of a kind's records, by facet and under `label`, `other` and `changed`.

    Each query declares `VALUES ?type`, that of `changed` `VALUES ?g` too.
    """
    return {facet.name: _QUERY % facet.pattern for facet in (*_PLAIN, *FACETS[kind])}
