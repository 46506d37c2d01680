"""Who takes part in a record, in which role: the memberships among its parts, in reading order."""

from dataclasses import dataclass
from typing import Final

from pyoxigraph import Literal, NamedNode

from icgraph.discovery.records import Record
from icgraph.model.iris import slugify

#: Roles in the order in which a table shows them; others follow by name.
_ORDER: Final = ("lead", "funder", "host", "mentoring-partner", "partner", "learning-partner")


@dataclass(frozen=True, slots=True)
class Participant:
    """One member: its IRI (a record's, or a `#part` that stands for several unnamed bodies)."""

    part: str
    member: str
    roles: tuple[str, ...]
    exact: int | None
    minimum: int | None

    @property
    def anchor(self) -> str:
        """The name of the part within its record."""
        return self.part.partition("#")[2]


def participants(record: Record) -> list[Participant]:
    """All participations of the record: by role, then by name."""
    found = []
    for part in record.all("ic:participation"):
        roles = tuple(term.value for term in record.all("org:role", part.value))
        for member in record.all("org:member", part.value):
            if isinstance(member, NamedNode):
                exact, minimum = (
                    _number(record, name, member.value)
                    for name in ("ic:exactCount", "ic:minimumCount")
                )
                found.append(Participant(part.value, member.value, roles, exact, minimum))
    return sorted(found, key=lambda participant: _position(record, participant))


def _position(record: Record, participant: Participant) -> tuple[int, bool, str]:
    slugs = [role.rpartition("/")[2] for role in participant.roles]
    rank = min((_ORDER.index(slug) for slug in slugs if slug in _ORDER), default=len(_ORDER))
    unnamed = participant.exact is not None or participant.minimum is not None
    label = record.label(participant.member)
    return (rank, unnamed, slugify(label.value) if label else participant.member)


def _number(record: Record, name: str, of: str) -> int | None:
    term = record.one(name, of)
    return int(term.value) if isinstance(term, Literal) and term.value.isdigit() else None
