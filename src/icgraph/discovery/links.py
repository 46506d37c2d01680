"""Who points at a thing: grouped, counted, and never more than a page of each group.

A country, a topic or the Council of Europe has thousands of incoming links. They are asked for
in one pass, as one text for each property, which is far cheaper than to sort them in a query;
sorted here, they come in the same order whichever process answers, so that pages fit together.
A part that points here stands for its record.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Final

from pyoxigraph import NamedNode, Triple

from icgraph.discovery.asking import Asking, answer, once, rows, together
from icgraph.discovery.reading import Reading, Term
from icgraph.discovery.records import Statements, seek_facts
from icgraph.model.kinds import KINDS

#: Links of one group on a page; the count says how many there are.
SHOWN: Final = 50
#: Links that are read of one thing. Beyond it, counts say "at least".
MOST: Final = 200_000

# Both directions of one link are stored, the shortcut repeats what the parts say, or the page
# shows these itself: members of a network; and a figure about a place is of a practice there.
_REPEATED: Final = (
    "ic:involves", "org:member", "org:organization", "ic:memberOf", "ic:figureAbout",
)  # fmt: skip

_REFERRERS: Final = f"""
SELECT ?p (GROUP_CONCAT(STR(?s); SEPARATOR=" ") AS ?subjects) WHERE {{
  {{ SELECT ?s ?p WHERE {{
    VALUES ?thing {{ UNDEF }} ?s ?p ?thing FILTER(ISIRI(?s))
  }} LIMIT {MOST} }}
}} GROUP BY ?p
"""

_ROLES: Final = """
SELECT ?part ?role WHERE {
  VALUES ?thing { UNDEF } VALUES ?part { UNDEF } ?part org:member ?thing ; org:role ?role
  FILTER(ISIRI(?role))
}
"""

# Whom a place works with: partnerships of the bodies that are there.
_PARTNERSHIPS: Final = f"""
SELECT DISTINCT ?owner WHERE {{
  VALUES ?record {{ UNDEF }} ?body dcterms:spatial ?record .
  ?owner ic:involves ?body ; a ic:Partnership
}} LIMIT {MOST}
"""

_SUCCESSORS: Final = """
SELECT ?old ?s ?start WHERE {
  VALUES ?old { UNDEF }
  ?event org:originalOrganization ?old .
  ?s org:resultedFrom ?event .
  OPTIONAL { ?event ic:period/dcat:startDate ?start }
}
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
    """A page of what points at a thing; `known` names what the groups hold.

    Each page has so many links of every group that still has some. Where not `whole`, there
    are more than were read, and counts are least numbers.
    """

    groups: tuple[LinkGroup, ...]
    takings: tuple[Taking, ...]
    takings_count: int
    known: Statements
    page: int = 1
    pages: int = 1
    whole: bool = True


@dataclass(frozen=True, slots=True)
class Referrers:
    """Records that point at a thing by one property: each with what in it does, all sorted.

    That is the record itself, or parts of it.
    """

    predicate: str
    kind: str
    subjects: Mapping[str, tuple[str, ...]]

    def page(self, number: int) -> tuple[str, ...]:
        """The records of a page, counted from 1."""
        return tuple(self.subjects)[(number - 1) * SHOWN : number * SHOWN]

    @property
    def pages(self) -> int:
        """How many pages they fill."""
        return -(-len(self.subjects) // SHOWN)


@dataclass(frozen=True, slots=True)
class Incoming:
    """All that points at a thing, in the order of kinds; `whole` is False beyond `MOST`."""

    thing: str
    groups: tuple[Referrers, ...]
    whole: bool

    @property
    def pages(self) -> int:
        """How many pages there are; at least one, which may be empty."""
        return max((group.pages for group in self.groups), default=1)

    @property
    def count(self) -> int:
        """How many records point here."""
        return len({owner for group in self.groups for owner in group.subjects})

    def owners(self, page: int) -> list[str]:
        """The records of a page, sorted."""
        return sorted({owner for group in self.groups for owner in group.page(page)})

    def statements(self, page: int) -> list[Triple]:
        """The links of a page, as they stand in the graph."""
        thing = NamedNode(self.thing)
        return [
            Triple(NamedNode(subject), NamedNode(group.predicate), thing)
            for group in self.groups
            for owner in group.page(page)
            for subject in group.subjects[owner]
        ]


def seek_incoming(reading: Reading, iri: str) -> Asking[Incoming]:
    """All records that point at the thing with this IRI, themselves or by a part.

    They are kept, for each page of a thing's links needs all of them.
    """
    return once(
        reading,
        ("incoming", iri),
        _incoming(reading, iri),
        weight=lambda incoming: _weight(incoming.groups),
    )


def _incoming(reading: Reading, iri: str) -> Asking[Incoming]:
    things = f"{reading.base.iri}id/"
    found: dict[tuple[str, str], dict[str, list[str]]] = {}
    read = 0
    for row in (yield from rows(_REFERRERS, thing=[NamedNode(iri)])):
        subjects = row["subjects"].value.split()
        read += len(subjects)
        for subject in subjects:
            owner = subject.partition("#")[0]
            if owner.startswith(things) and owner != iri:
                kind = owner[len(things) :].partition("/")[0]
                group = found.setdefault((row["p"].value, kind), {})
                group.setdefault(owner, []).append(subject)
    groups = [
        Referrers(
            property_, kind, {owner: tuple(sorted(owners[owner])) for owner in sorted(owners)}
        )
        for (property_, kind), owners in found.items()
    ]
    return Incoming(iri, tuple(sorted(groups, key=_position)), read < MOST)


def read_incoming(reading: Reading, iri: str) -> Incoming:
    """The same, asked alone."""
    return answer(reading, seek_incoming(reading, iri))


def seek_links(reading: Reading, iri: str, page: int = 1) -> Asking[Links]:
    """A page of what points at the thing with this IRI, as people read it."""
    incoming, partnerships = yield from together(
        seek_incoming(reading, iri),
        once(reading, ("partnerships", iri), _partnerships(reading, iri), weight=_weight),
    )
    repeated = {reading.expand(name) for name in _REPEATED}
    shown = [group for group in incoming.groups if group.predicate not in repeated]
    shown += partnerships
    groups = tuple(
        LinkGroup(group.predicate, group.kind, len(group.subjects), group.page(page))
        for group in shown
        if group.page(page)
    )
    memberships = _memberships(reading, incoming)
    takings = yield from _takings(iri, memberships, page)
    named = {member for group in groups for member in group.members}
    named |= {taking.owner for taking in takings}
    roles = {role for taking in takings for role in taking.roles}
    properties = {group.property for group in groups}
    return Links(
        groups,
        takings,
        len(memberships.subjects),
        (yield from seek_facts(reading, named | roles | properties)),
        page,
        max(1, *(group.pages for group in (*shown, memberships))),
        incoming.whole,
    )


def read_links(reading: Reading, iri: str, page: int = 1) -> Links:
    """The same, asked alone."""
    return answer(reading, seek_links(reading, iri, page))


def seek_successions(iris: Iterable[str]) -> Asking[dict[str, list[Succession]]]:
    """What followed each of these bodies; bodies without a successor are absent."""
    found: dict[str, list[Succession]] = {}
    told = yield from rows(_SUCCESSORS, old=map(NamedNode, iris))
    for row in sorted(told, key=lambda row: row["s"].value):
        succession = Succession(row["s"].value, row.get("start"))
        found.setdefault(row["old"].value, []).append(succession)
    return found


def _weight(groups: Iterable[Referrers]) -> int:
    """Of links, for `Kept`: one takes some 200 bytes."""
    return 1 + sum(len(group.subjects) for group in groups) // 5


def _position(group: Referrers) -> tuple[int, str, str]:
    """Groups stand in the order of kinds."""
    order = list(KINDS)
    place = order.index(group.kind) if group.kind in order else len(order)
    return (place, group.predicate, group.kind)


def _partnerships(reading: Reading, iri: str) -> Asking[list[Referrers]]:
    told = yield from rows(_PARTNERSHIPS, record=[NamedNode(iri)])
    owners = sorted(row["owner"].value for row in told)
    if not owners:
        return []
    property_ = reading.expand("ic:involves")
    return [Referrers(property_, "partnership", {owner: (owner,) for owner in owners})]


def _memberships(reading: Reading, incoming: Incoming) -> Referrers:
    """Records of all kinds in which a thing takes part."""
    property_ = reading.expand("org:member")
    subjects = {
        owner: parts
        for group in incoming.groups
        if group.predicate == property_
        for owner, parts in group.subjects.items()
    }
    return Referrers(property_, "", dict(sorted(subjects.items())))


def _takings(iri: str, memberships: Referrers, page: int) -> Asking[tuple[Taking, ...]]:
    owners = memberships.page(page)
    parts = [NamedNode(part) for owner in owners for part in memberships.subjects[owner]]
    if not parts:
        return ()
    roles: dict[str, set[str]] = {owner: set() for owner in owners}
    for row in (yield from rows(_ROLES, thing=[NamedNode(iri)], part=parts)):
        roles[row["part"].value.partition("#")[0]].add(row["role"].value)
    return tuple(Taking(owner, tuple(sorted(roles[owner]))) for owner in owners)
