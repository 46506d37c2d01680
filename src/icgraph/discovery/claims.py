"""What single sources say of a record where they disagree: the graphs of claims, by source.

The record itself holds what was decided; these graphs hold each source's own word. They
are told, never weighed here.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final

from pyoxigraph import Literal, NamedNode

from icgraph.discovery.asking import Asking, rows
from icgraph.discovery.reading import Reading, Term
from icgraph.discovery.records import Record, Statements, collect

_CLAIMS: Final = """
SELECT DISTINCT ?g ?s ?p ?o WHERE {
  VALUES ?folder { UNDEF }
  { VALUES ?own { UNDEF } GRAPH ?g { ?own ?p ?o } BIND(?own AS ?s) }
  UNION {
    VALUES ?own { UNDEF } GRAPH ?g { ?own ?link ?s . ?s ?p ?o }
    FILTER(STRSTARTS(STR(?s), CONCAT(STR(?own), "#")))
  }
  FILTER(STRSTARTS(STR(?g), ?folder))
}
"""

# A date says more than its year.
_YEARS: Final = {"ic:startYear": "dcat:startDate", "ic:endYear": "dcat:endDate"}


@dataclass(frozen=True, slots=True)
class Said:
    """Values of a property, and the part of the record that they are about."""

    about: str
    property: str
    values: tuple[Term, ...]


@dataclass(frozen=True, slots=True)
class Claim:
    """All that one source says."""

    source: str
    said: tuple[Said, ...]

    @property
    def named(self) -> set[str]:
        """The IRIs it names, whose labels a page needs."""
        values = {
            term.value for one in self.said for term in one.values if isinstance(term, NamedNode)
        }
        return values | {self.source} | {one.property for one in self.said}


def seek_claims(reading: Reading, record: Record) -> Asking[list[Claim]]:
    """What each source says of the record and its parts, by source."""
    folder = reading.base.graph("claims") + "/"
    own = [NamedNode(iri) for iri in record.own]
    by_source: dict[str, list[dict[str, Term]]] = {}
    for row in (yield from rows(_CLAIMS, own=own, folder=[Literal(folder)])):
        slug = row["g"].value.removeprefix(folder)
        by_source.setdefault(f"{reading.base.iri}id/source/{slug}", []).append(row)
    claims = (
        Claim(source, tuple(_said(record, collect(told))))
        for source, told in sorted(by_source.items())
    )
    return [claim for claim in claims if claim.said]


def _said(record: Record, statements: Statements) -> Iterable[Said]:
    """Its statements but links to parts, and years whose dates it states, too."""
    stated = {property_ for by_property in statements.values() for property_ in by_property}
    expand = record.reading.expand
    hidden = {expand(year) for year, date in _YEARS.items() if expand(date) in stated}
    for subject, by_property in sorted(statements.items()):
        for property_, terms in sorted(by_property.items()):
            values = tuple(term for term in terms if not _is_part(record, term))
            if values and property_ not in hidden:
                yield Said(_about(record, subject), property_, values)


def _is_part(record: Record, term: Term) -> bool:
    return isinstance(term, NamedNode) and term.value.startswith(record.iri + "#")


def _about(record: Record, subject: str) -> str:
    """The subject, or that whose period it is."""
    period = record.reading.expand("ic:period")
    owners = (
        owner
        for owner in record.own
        for term in record.statements.get(owner, {}).get(period, ())
        if term.value == subject
    )
    return next(owners, subject)
