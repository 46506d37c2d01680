"""Who points at a record: grouped, counted, and never more than a page of each group.

A country, a topic or the Council of Europe has hundreds of incoming links, so counts and the
records themselves are asked for apart. A part that points here stands for its record.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final

from pyoxigraph import Literal, NamedNode

from icgraph.discovery.reading import Reading, Row, Term
from icgraph.discovery.records import Statements, facts
from icgraph.model.kinds import KINDS

#: Links shown of one group; the count says how many there are.
SHOWN: Final = 50

# Both directions of one link are stored, the shortcut repeats what the parts say, or the page
# shows these itself: members of a network; and a figure about a place is of a practice there.
_REPEATED: Final = (
    "ic:involves", "org:member", "org:organization", "ic:memberOf", "ic:figureAbout",
)  # fmt: skip

_OWNER: Final = """
  BIND(IF(CONTAINS(STR(?s), "#"), IRI(STRBEFORE(STR(?s), "#")), ?s) AS ?owner)
  FILTER(STRSTARTS(STR(?owner), STR(?things)) && ?owner != ?record)
"""

_GROUPS: Final = f"""
SELECT ?p ?kind (COUNT(DISTINCT ?owner) AS ?count) WHERE {{
  VALUES ?record {{ UNDEF }} VALUES ?things {{ UNDEF }}
  ?s ?p ?record .
  {_OWNER}
  BIND(STRBEFORE(STRAFTER(STR(?owner), STR(?things)), "/") AS ?kind)
}} GROUP BY ?p ?kind
"""

_MEMBERS: Final = f"""
SELECT DISTINCT ?owner WHERE {{
  VALUES ?record {{ UNDEF }} VALUES ?p {{ UNDEF }}
  VALUES ?things {{ UNDEF }} VALUES ?folder {{ UNDEF }}
  ?s ?p ?record .
  {_OWNER}
  FILTER(STRSTARTS(STR(?owner), STR(?folder)))
}} ORDER BY ?owner LIMIT {SHOWN}
"""

_ROLES: Final = f"""
SELECT ?owner ?role WHERE {{
  {{
    SELECT DISTINCT ?owner WHERE {{
      VALUES ?record {{ UNDEF }} ?m org:member ?record ; org:organization ?owner
    }} ORDER BY ?owner LIMIT {SHOWN}
  }}
  VALUES ?record {{ UNDEF }}
  ?part org:member ?record ; org:organization ?owner ; org:role ?role
}}
"""

_ROLE_COUNT: Final = """
SELECT (COUNT(DISTINCT ?owner) AS ?count) WHERE {
  VALUES ?record { UNDEF } ?m org:member ?record ; org:organization ?owner
}
"""

# Whom a place works with: partnerships of the bodies that are there.
_PARTNERSHIPS: Final = """
SELECT DISTINCT ?owner WHERE {
  VALUES ?record { UNDEF } ?body dcterms:spatial ?record .
  ?owner ic:involves ?body ; a ic:Partnership
} ORDER BY ?owner
"""

_SUCCESSORS: Final = """
SELECT ?old ?s ?start WHERE {
  VALUES ?old { UNDEF }
  ?event org:originalOrganization ?old .
  ?s org:resultedFrom ?event .
  OPTIONAL { ?event ic:period/dcat:startDate ?start }
} ORDER BY ?s
"""


@dataclass(frozen=True, slots=True)
class LinkGroup:
    """Records of one kind that point here by one property."""

    property: str
    kind: str
    count: int
    members: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Taking:
    """A record in which this one takes part, and its roles there."""

    owner: str
    roles: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Succession:
    """The body that followed another, and when, as a typed date."""

    successor: str
    start: Term | None


@dataclass(frozen=True, slots=True)
class Links:
    """Everything that points at a record; `known` names what the groups hold."""

    groups: tuple[LinkGroup, ...]
    takings: tuple[Taking, ...]
    takings_count: int
    known: Statements


def read_links(reading: Reading, iri: str) -> Links:
    """What points at the thing with this IRI."""
    record = [NamedNode(iri)]
    groups = (*_groups(reading, record), *_partnerships(reading, record))
    takings = tuple(_takings(reading, record))
    count = int(reading.rows(_ROLE_COUNT, record=record)[0]["count"].value)
    named = {member for group in groups for member in group.members}
    named |= {taking.owner for taking in takings}
    roles = {role for taking in takings for role in taking.roles}
    properties = {group.property for group in groups}
    return Links(groups, takings, count, facts(reading, named | roles | properties))


def read_successions(reading: Reading, iris: Iterable[str]) -> dict[str, list[Succession]]:
    """What followed each of these bodies; bodies without a successor are absent."""
    found: dict[str, list[Succession]] = {}
    for row in reading.rows(_SUCCESSORS, old=[NamedNode(iri) for iri in iris]):
        succession = Succession(row["s"].value, row.get("start"))
        found.setdefault(row["old"].value, []).append(succession)
    return found


def _groups(reading: Reading, record: list[NamedNode]) -> Iterable[LinkGroup]:
    repeated = {reading.expand(name) for name in _REPEATED}
    things = [Literal(f"{reading.base.iri}id/")]
    rows = reading.rows(_GROUPS, record=record, things=things)
    for row in sorted(rows, key=_position):
        property_, kind = row["p"].value, row["kind"].value
        if property_ in repeated:
            continue
        members = reading.rows(
            _MEMBERS,
            record=record,
            p=[NamedNode(property_)],
            things=things,
            folder=[Literal(f"{reading.base.iri}id/{kind}/")],
        )
        owners = tuple(member["owner"].value for member in members)
        yield LinkGroup(property_, kind, int(row["count"].value), owners)


def _position(row: Row) -> tuple[int, str, str]:
    """Groups stand in the order of kinds."""
    kind = row["kind"].value
    order = list(KINDS)
    return (order.index(kind) if kind in order else len(order), row["p"].value, kind)


def _partnerships(reading: Reading, record: list[NamedNode]) -> Iterable[LinkGroup]:
    owners = [row["owner"].value for row in reading.rows(_PARTNERSHIPS, record=record)]
    if owners:
        property_ = reading.expand("ic:involves")
        yield LinkGroup(property_, "partnership", len(owners), tuple(owners[:SHOWN]))


def _takings(reading: Reading, record: list[NamedNode]) -> Iterable[Taking]:
    roles: dict[str, set[str]] = {}
    for row in reading.rows(_ROLES, record=record):
        roles.setdefault(row["owner"].value, set()).add(row["role"].value)
    for owner in sorted(roles):
        yield Taking(owner, tuple(sorted(roles[owner])))
