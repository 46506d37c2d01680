"""Making statements about a record and its parts, in the forms the graph uses.

Here stand the forms themselves: language-tagged texts, canonical literals, participations,
periods. What is said of whom is decided elsewhere.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import Final

from pyoxigraph import Literal, NamedNode, Quad

from icgraph.curation.facts import tidy
from icgraph.model.iris import Base, RecordName, slugify
from icgraph.model.kinds import KINDS
from icgraph.model.periods import PartialDate, Period, Timing
from icgraph.model.terms import DEFAULT_BASE, prefixes

BASE: Final = Base(DEFAULT_BASE)
UNKNOWN_LANGUAGE: Final = "und"
_PREFIXES: Final = prefixes()
_XSD: Final = _PREFIXES["xsd"]


def term(name: str) -> NamedNode:
    """The IRI of a prefixed name, such as `ic:Practice` or `role:lead`."""
    prefix, _, local = name.partition(":")
    return NamedNode(_PREFIXES[prefix] + local)


def record_iri(kind: str, slug: str) -> NamedNode:
    """The IRI of a record."""
    return NamedNode(BASE.record(RecordName(kind, slug)))


def text(value: str, language: str = UNKNOWN_LANGUAGE) -> Literal:
    """A text with its language tag in lower case."""
    return Literal(tidy(value), language=language.lower())


def plain(value: str) -> Literal:
    """A text that belongs to no language, such as a grant number."""
    return Literal(tidy(value))


def integer(value: int) -> Literal:
    """A whole number in canonical form."""
    return Literal(str(value), datatype=NamedNode(_XSD + "integer"))


def number(value: float) -> Literal:
    """A number: an integer where it is whole, else a decimal."""
    if float(value).is_integer():
        return integer(int(value))
    return decimal(value)


def decimal(value: float) -> Literal:
    """A decimal number, always with a point."""
    return Literal(
        f"{Decimal(str(value)):f}" if value % 1 else f"{int(value)}.0",
        datatype=NamedNode(_XSD + "decimal"),
    )


def day(value: date) -> Literal:
    """A day."""
    return Literal(value.isoformat(), datatype=NamedNode(_XSD + "date"))


def address(value: str) -> Literal:
    """The address of a page."""
    return Literal(value, datatype=NamedNode(_XSD + "anyURI"))


def partial_date(value: PartialDate) -> Literal:
    """A date with the precision it was stated in."""
    return Literal(value.text, datatype=NamedNode(_XSD + value.datatype))


@dataclass(frozen=True, slots=True)
class Subject:
    """A record or a part of it; statements about both gather in the record's one set."""

    node: NamedNode
    quads: set[Quad] = field(default_factory=set)

    def state(self, predicate: str, *values: NamedNode | Literal) -> None:
        """State the predicate, a prefixed name, of each value."""
        for value in values:
            self.quads.add(Quad(self.node, term(predicate), value))

    def part(self, name: str, predicate: str, *types: str) -> "Subject":
        """A part of the record, linked by the predicate and typed."""
        record = self.node.value.partition("#")[0]
        part = Subject(NamedNode(f"{record}#{name}"), self.quads)
        self.state(predicate, part.node)
        part.state("rdf:type", *(term(each) for each in types))
        return part


def new_record(kind: str, slug: str, *types: str) -> Subject:
    """A record of a kind: its base class is stated, and the more specific ones given."""
    record = Subject(record_iri(kind, slug))
    base_class = NamedNode(KINDS[kind].type_iri(DEFAULT_BASE))
    record.state("rdf:type", base_class, *(term(each) for each in types))
    return record


def slug_of(record: Subject) -> str:
    """The slug of a record."""
    return record.node.value.rpartition("/")[2]


def state_names(record: Subject, labels: Mapping[str, str], others: Iterable[Literal]) -> None:
    """State one label a language, and the other names that none of the labels has."""
    record.state("rdfs:label", *(text(value, tag) for tag, value in labels.items()))
    taken = {tidy(value).casefold() for value in labels.values()}
    known: dict[str, Literal] = {}
    for name in sorted(others, key=lambda each: (each.language == UNKNOWN_LANGUAGE, str(each))):
        if name.value.casefold() not in taken:
            known.setdefault(name.value.casefold(), name)
    record.state("skos:altLabel", *known.values())


def add_name(record: Subject, name: Literal) -> None:
    """State one more name of a record that has its names, unless it is one of them."""
    names = {term("rdfs:label"), term("skos:altLabel")}
    known = {
        quad.object.value.casefold()
        for quad in record.quads
        if quad.subject == record.node
        and quad.predicate in names
        and isinstance(quad.object, Literal)
    }
    if name.value.casefold() not in known:
        record.state("skos:altLabel", name)


def state_timing(record: Subject, found: Timing, language: str) -> None:
    """State years, status, period and phase of a record that has a status."""
    period = found.period
    record.state("ic:status", term(f"status:{period.status}"))
    state_years(record, period)
    if period.says_something:
        state_period(record, period, language)
    if found.phase is not None:
        part = record.part("phase-stated", "ic:phase", "ic:Period")
        ends = [each.text for each in (found.phase.start, found.phase.end) if each is not None]
        part.state("rdfs:label", text("stated dates " + "–".join(ends), "en"))
        part.state("ic:status", term(f"status:{found.phase.status}"))
        _state_dates(part, found.phase)


def state_years(record: Subject, period: Period) -> None:
    """State the years that everyday queries ask for."""
    for predicate, stated in (("ic:startYear", period.start), ("ic:endYear", period.end)):
        if stated is not None:
            record.state(predicate, integer(stated.first.year))


def state_period(record: Subject, period: Period, language: str) -> None:
    """State the period as a part: wording, dates, bounds."""
    part = record.part("period", "ic:period", "ic:Period")
    if period.wording is not None:
        worded = any(letter.isalpha() for letter in period.wording)
        part.state("ic:statedAs", text(period.wording, language if worded else UNKNOWN_LANGUAGE))
    if period.stated_on is not None:
        part.state("ic:statedOn", day(period.stated_on))
    _state_dates(part, period)


def _state_dates(part: Subject, period: Period) -> None:
    if period.start is not None:
        part.state("dcat:startDate", partial_date(period.start))
    if period.end is not None:
        part.state("dcat:endDate", partial_date(period.end))
    for name, bound in period.bounds.items():
        part.state(f"ic:{name}", day(bound))


def state_part_period(part: Subject, period: Period) -> None:
    """State the period of a part, with its status, as a part beside it."""
    name = part.node.value.partition("#")[2]
    stated = part.part(f"{name}-period", "ic:period", "ic:Period")
    stated.state("ic:status", term(f"status:{period.status}"))
    if period.wording is not None:
        stated.state("ic:statedAs", text(period.wording, "en"))
    if period.stated_on is not None:
        stated.state("ic:statedOn", day(period.stated_on))
    _state_dates(stated, period)


def state_participation(record: Subject, member: str, roles: Iterable[str]) -> Subject:
    """State that an organisation takes part, in these roles, and the shortcut to it; the part."""
    part = record.part(f"m-{member}", "ic:participation", "org:Membership")
    part.state("org:member", record_iri("organisation", member))
    part.state("org:organization", record.node)
    part.state("org:role", *(term(f"role:{role}") for role in roles))
    record.state("ic:involves", record_iri("organisation", member))
    return part


def state_cohort(
    record: Subject, label: str, language: str, type_: str, roles: Iterable[str]
) -> None:
    """State that several unnamed organisations take part, at least two of them."""
    slug = slugify(label)
    part = record.part(f"m-{slug}", "ic:participation", "org:Membership")
    cohort = part.part(slug, "org:member", "ic:OrganisationCohort")
    cohort.state("rdfs:label", text(label, language))
    cohort.state("org:classification", term(f"organisation-type:{type_}"))
    cohort.state("ic:minimumCount", integer(2))
    part.state("org:organization", record.node)
    part.state("org:role", *(term(f"role:{role}") for role in roles))
    record.state("ic:involves", cohort.node)
