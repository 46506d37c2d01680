"""Ties between cities: with which places a practice is carried out, and what followed what.

What partner cities do together is said in the words of the facts. That a practice was modelled
on another, or grew out of one, is stated only by rows of a reviewable table, each of which
gives the words of the facts as its reason.
"""

from collections import defaultdict
from collections.abc import Mapping, Sequence, Set

from pyoxigraph import NamedNode

from icgraph.curation.facts import Fact
from icgraph.curation.mappings import Row
from icgraph.curation.places import Gazetteer
from icgraph.curation.statements import Subject, record_iri, slug_of, term, text
from icgraph.errors import InputError


def state_partner_cities(
    record: Subject, fact: Fact, places: Gazetteer, sources: Set[NamedNode]
) -> None:
    """State one tie for each partner city, with a label for each thing done together."""
    done: dict[str, set[str]] = defaultdict(set)
    for partner in fact.within("partner_cities"):
        name, code = partner.text("city"), partner.text("country_code")
        slug = places.find(name, code, set(sources), partner)
        done[slug].add(partner.text("what"))
    for slug, names in done.items():
        part = record.part(f"with-{slug}", "ic:cityLink", "ic:CityLink")
        part.state("ic:partnerPlace", record_iri("place", slug))
        part.state("rdfs:label", *(text(each, "en") for each in names))
        record.state("ic:partnerPlace", record_iri("place", slug))


def state_links(rows: Sequence[Row], drafts: Mapping[str, Sequence[Subject]]) -> None:
    """State the links of the table between records that were made.

    A link of a record that the facts at hand do not have is passed over: they may be a part.
    """
    made = {record.node.value: record for records in drafts.values() for record in records}
    for row in rows:
        subject = made.get(term(row["subject"]).value)
        if row["predicate"] not in {"ic:adaptedFrom", "ic:grewOutOf"}:
            raise InputError(
                f"{row.where}: {row['predicate']!r} is no link between records.",
                advice="Write ic:adaptedFrom or ic:grewOutOf.",
            )
        if subject is not None and term(row["object"]).value in made:
            subject.state(row["predicate"], term(row["object"]))


def state_successions(rows: Sequence[Row], organisations: Sequence[Subject]) -> None:
    """State which bodies came of which by the rows whose bodies were both made."""
    made = {slug_of(record): record for record in organisations}
    for row in rows:
        record, original = made.get(row["organisation"]), made.get(row["original"])
        if record is not None and original is not None:
            event = record.part("succession", "org:resultedFrom", "org:ChangeEvent")
            event.state("org:originalOrganization", original.node)
            event.state("dcterms:type", term(f"change-type:{row['type']}"))
