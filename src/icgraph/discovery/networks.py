"""Who belongs to a network of cities: read from the place, and from the network.

A membership is a part of the place. A network may have any number of members, so its page
shows a part of them and says how many there are.
"""

from dataclasses import dataclass
from typing import Final

from pyoxigraph import Literal, NamedNode

from icgraph.discovery.asking import Asking, once, rows
from icgraph.discovery.reading import Reading, Row, Term
from icgraph.discovery.records import Record, Statements, seek_facts
from icgraph.model.iris import RecordName, slugify

#: Members shown of one network.
SHOWN: Final = 200

_MEMBERS: Final = f"""
SELECT ?part ?other ?start ?end ?status WHERE {{
  VALUES ?record {{ UNDEF }}
  ?part org:organization ?record . ?other ic:membership ?part .
  OPTIONAL {{
    ?part ic:period ?period .
    OPTIONAL {{ ?period dcat:startDate ?start }}
    OPTIONAL {{ ?period dcat:endDate ?end }}
    OPTIONAL {{ ?period ic:status ?status }}
  }}
}} ORDER BY ?other LIMIT {SHOWN}
"""

_COUNT: Final = """
SELECT (COUNT(DISTINCT ?place) AS ?count) WHERE {
  VALUES ?record { UNDEF } ?part org:organization ?record . ?place ic:membership ?part
}
"""


@dataclass(frozen=True, slots=True)
class Belonging:
    """A place and a network, told from one of them: `other` is the one at the far end."""

    part: str
    other: str
    start: Term | None
    end: Term | None
    status: Term | None


@dataclass(frozen=True, slots=True)
class Members:
    """The places that belong to a network; `known` names them."""

    shown: tuple[Belonging, ...]
    count: int
    known: Statements


def belongings(record: Record) -> list[Belonging]:
    """The networks that a place belongs or belonged to, by name."""
    found = [
        Belonging(part.value, network.value, *_when(record, part.value))
        for part in record.all("ic:membership")
        for network in record.all("org:organization", part.value)
        if isinstance(network, NamedNode)
    ]
    return sorted(found, key=lambda one: _name(record, one))


def seek_members(reading: Reading, name: RecordName) -> Asking[Members]:
    """The places that say they belong to this body, by name; kept, for they may be many."""
    return once(
        reading,
        ("members", name, reading.language),
        _members(reading, name),
        weight=lambda members: 1 + len(members.shown),
    )


def _members(reading: Reading, name: RecordName) -> Asking[Members]:
    record = [NamedNode(reading.base.record(name))]
    shown = [_belonging(row) for row in (yield from rows(_MEMBERS, record=record))]
    count = len({one.other for one in shown})
    if len(shown) == SHOWN:
        (counted,) = yield from rows(_COUNT, record=record)
        count = int(counted["count"].value)
    statuses = {one.status.value for one in shown if isinstance(one.status, NamedNode)}
    known = yield from seek_facts(reading, {one.other for one in shown} | statuses)
    network = Record(name, record[0].value, (), known, reading)
    return Members(tuple(sorted(shown, key=lambda one: _name(network, one))), count, known)


def _when(record: Record, part: str) -> tuple[Term | None, Term | None, Term | None]:
    """Start, end and status, as the period of a membership states them."""
    period = record.one("ic:period", part)
    if period is None:
        return None, None, None
    of = period.value
    return (
        record.one("dcat:startDate", of),
        record.one("dcat:endDate", of),
        record.one("ic:status", of),
    )


def _belonging(row: Row) -> Belonging:
    start, end, status = (row.get(name) for name in ("start", "end", "status"))
    return Belonging(row["part"].value, row["other"].value, start, end, status)


def _name(record: Record, one: Belonging) -> tuple[str, str]:
    label = record.label(one.other) or Literal(one.other)
    return (slugify(label.value), one.part)
