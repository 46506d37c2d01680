"""The hand-made records in `data/seeds`: what stands there is not made a second time.

The seeds are read, never written. Bodies and projects that the facts name are matched with
them by name; what the facts say of a record and the seeds lack is listed for people to judge.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from pyoxigraph import Literal, NamedNode, Quad

from icgraph.curation.clusters import KnownBody
from icgraph.curation.names import fold
from icgraph.curation.statements import BASE, Subject, term
from icgraph.store.parsing import parse_folder

#: What the importer may add to a hand-made record, each where the record says nothing of it.
SUPPLEMENTS: Final = tuple(
    map(
        term,
        (
            "dcterms:references", "ic:budget", "ic:cityLink", "ic:contactRole", "ic:cost",
            "ic:entryYear", "ic:figure", "ic:indexResult", "ic:memberCount", "ic:memberOf",
            "ic:membership", "ic:partnerPlace", "ic:population", "ic:translationOf",
            "ic:withinProject",
        ),
    )
)  # fmt: skip
_NAMES: Final = (term("rdfs:label"), term("skos:altLabel"))


@dataclass(frozen=True, slots=True)
class Seeds:
    """All statements of the seeds, by subject, and the IRIs they have as objects."""

    statements: Mapping[str, frozenset[Quad]]
    objects: frozenset[str]

    def holds(self, record: Subject) -> bool:
        """Whether the record stands in the seeds."""
        return record.node.value in self.statements

    def speak_of(self, record: Subject) -> bool:
        """Whether any statement of the seeds has the record as its object."""
        return record.node.value in self.objects

    def supplement(self, record: Subject) -> Subject:
        """What a draft adds to the hand-made record: statements and the parts they lead to."""
        stated = {quad.predicate for quad in self.statements[record.node.value]}
        added = {
            quad
            for quad in record.quads
            if quad.subject == record.node
            and quad.predicate in SUPPLEMENTS
            and quad.predicate not in stated
        }
        fresh = set(added)
        while fresh:
            parts = {quad.object for quad in fresh} - {record.node}
            fresh = {
                quad
                for quad in record.quads - added
                if quad.subject in parts and "#" in str(quad.subject)
            }
            added |= fresh
        return Subject(record.node, added)

    def missing(self, record: Subject) -> list[Quad]:
        """What the draft of a record says of it directly, parts aside, and the seeds do not.

        A name is there when any name of the record in the seeds folds alike.
        """
        iri = record.node.value
        there = {str(quad) for quad in self.statements[iri]}
        names = {fold(name) for name in self._names(iri)}
        part = iri + "#"
        added = self.supplement(record).quads
        return sorted(
            (
                quad
                for quad in record.quads
                if quad.subject == record.node
                and quad not in added
                and str(quad) not in there
                and not (
                    quad.predicate in _NAMES
                    and isinstance(quad.object, Literal)
                    and fold(quad.object.value) in names
                )
                and not (isinstance(quad.object, NamedNode) and quad.object.value.startswith(part))
            ),
            key=str,
        )

    def bodies(self) -> list[KnownBody]:
        """The organisations, with all their names and their country."""
        return [
            KnownBody(slug, tuple(self._names(iri)), self._country(iri))
            for slug, iri in self._records("organisation")
        ]

    def projects(self) -> dict[str, list[str]]:
        """The names and grant numbers of the projects, by slug."""
        return {
            slug: [*self._names(iri), *self._grants(iri)] for slug, iri in self._records("project")
        }

    def _records(self, kind: str) -> Iterable[tuple[str, str]]:
        for iri in sorted(self.statements):
            name = BASE.name_of(iri)
            if name is not None and name.kind == kind and "#" not in iri:
                yield name.slug, iri

    def _objects(self, iri: str, predicate: str) -> list[NamedNode | Literal]:
        wanted = term(predicate)
        return [
            quad.object
            for quad in sorted(self.statements.get(iri, ()), key=str)
            if quad.predicate == wanted and isinstance(quad.object, NamedNode | Literal)
        ]

    def _names(self, iri: str) -> list[str]:
        found = self._objects(iri, "rdfs:label") + self._objects(iri, "skos:altLabel")
        return [each.value for each in found]

    def _grants(self, iri: str) -> list[str]:
        return [
            number.value
            for grant in self._objects(iri, "ic:grant")
            for number in self._objects(grant.value, "dcterms:identifier")
        ]

    def _country(self, iri: str) -> str | None:
        for place in self._objects(iri, "dcterms:spatial"):
            name = BASE.name_of(place.value)
            if name is not None:
                return name.slug.partition("-")[0].upper()
        return None


def read_seeds(folder: Path) -> Seeds:
    """Read the seeds; none when the folder is missing. Raises SyntaxInvalid, FileUnusable."""
    statements: dict[str, set[Quad]] = defaultdict(set)
    for quad in parse_folder(folder) if folder.is_dir() else []:
        if isinstance(quad.subject, NamedNode):
            statements[quad.subject.value].add(quad)
    objects = frozenset(
        quad.object.value
        for quads in statements.values()
        for quad in quads
        if isinstance(quad.object, NamedNode)
    )
    return Seeds({iri: frozenset(quads) for iri, quads in statements.items()}, objects)
