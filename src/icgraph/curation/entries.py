"""Entering into the ledger what the resolution decided on each mention of an organisation.

The verdicts are taken as they are. What is added is only whether the body became a record, and
the other names that stand beside a mention's name.
"""

from collections.abc import Container, Iterable

from icgraph.curation.ledger import Ledger
from icgraph.curation.localities import FROM_MEMORY
from icgraph.curation.mentions import PART_OF, Mention
from icgraph.curation.names import Languages
from icgraph.curation.places import Gazetteer
from icgraph.curation.resolution import (
    Resolution,
    Verdict,
    municipality_slug,
    municipality_within,
    names_municipality,
)
from icgraph.curation.statements import record_iri

_NETWORKS = "networks"
_WHOLE = "the municipality that the department named is a unit of"
_NO_RECORD = Verdict(
    None,
    "not-a-record",
    "only the line of a hand-made practice names it, and the hand-made records do not",
)
_UNKNOWN = Verdict(None, "not-a-record", "no line of the facts says what it is")


def enter_mentions(
    mentions: Iterable[Mention],
    resolution: Resolution,
    *,
    made: Container[str],
    places: Gazetteer,
    languages: Languages,
    ledger: Ledger,
) -> None:
    """Enter every mention and the names beside it; `made` holds the slugs that became records."""

    def enter(mention: Mention, key: str, name: str, verdict: Verdict, language: str) -> None:
        record = None if verdict.slug is None else record_iri("organisation", verdict.slug)
        located = mention.key != PART_OF
        ledger.enter(
            mention.where, key, name, record, verdict.decision,
            reason=verdict.reason, language=language,
            country=mention.country if located else None,
            place=mention.city if located else None,
        )  # fmt: skip

    for mention in mentions:
        verdict = resolution.verdicts.get(mention.spot, _UNKNOWN)
        if verdict.slug is not None and verdict.slug not in made:
            verdict = _NO_RECORD
        enter(mention, mention.key, mention.name, verdict, languages.of(mention.name))
        whole = municipality_within(mention, places)
        if whole is not None and mention.city is not None:
            municipality = Verdict(municipality_slug(mention.city), "same-by-rule", _WHOLE)
            if municipality.slug != verdict.slug:
                enter(mention, mention.key, whole, municipality, languages.of(whole))
        for key, name, language in _names_beside(mention, languages):
            enter(mention, key, name, _verdict_beside(mention, name, verdict, places), language)


def _names_beside(mention: Mention, languages: Languages) -> Iterable[tuple[str, str, str]]:
    """The other names in the same object, with their keys and languages."""
    if mention.key != "name":
        return
    fact = mention.where
    if mention.described is None and fact.kind != _NETWORKS:
        for name in fact.texts("alt_names"):
            yield "alt_names", name, languages.of(name)
        return
    for tag, name in fact.by_language("names").items():
        yield f"names.{tag}", name, tag
    abbreviation = fact.optional_text("abbreviation")
    if abbreviation is not None:
        yield "abbreviation", abbreviation, ""


def _verdict_beside(mention: Mention, name: str, verdict: Verdict, places: Gazetteer) -> Verdict:
    city, fact = mention.city, mention.described
    if verdict.slug is None:
        return Verdict(None, verdict.decision, "another name of what is no record")
    if (
        fact is not None
        and name == fact.optional_text("abbreviation")
        and fact.optional_text("abbreviation_basis") == FROM_MEMORY
    ):
        return Verdict(None, "not-a-record", "written from memory: no name of the record")
    if city is not None and names_municipality(name, city, places, bare=False):
        own = municipality_slug(city)
        if own != verdict.slug:
            return Verdict(own, "same-by-rule", "the municipality that the body is a unit of")
    return Verdict(verdict.slug, "same-as-line", "another name beside the name in the line")
