"""The eight kinds of record: one line each.

A kind decides a record's address and list, nothing else; what a thing is, its types say.
"""

from dataclasses import dataclass
from types import MappingProxyType
from typing import Final

from icgraph.model.terms import FOREIGN_PREFIXES


@dataclass(frozen=True, slots=True)
class Kind:
    """A kind of record.

    `name` stands in its IRIs (`id/{name}/{slug}`), `path` is the list's address, `type` the
    class every record of the kind states (a name below `ns/`, or a full IRI).
    """

    name: str
    path: str
    type: str

    def type_iri(self, base: str) -> str:
        """The class every record of this kind states, in a graph with this base."""
        return self.type if ":" in self.type else f"{base}ns/{self.type}"


KINDS: Final = MappingProxyType(
    {
        kind.name: kind
        for kind in (
            Kind("practice", "practices", "Practice"),
            Kind("place", "places", "Place"),
            Kind("organisation", "organisations", FOREIGN_PREFIXES["org"] + "Organization"),
            Kind("project", "projects", "Project"),
            Kind("partnership", "partnerships", "Partnership"),
            Kind("activity", "activities", "Activity"),
            Kind("programme", "programmes", "FundingProgramme"),
            Kind("source", "sources", "SourceDocument"),
        )
    }
)
