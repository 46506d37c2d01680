"""The graph that comes with the program: `ontology/`, `shapes/` and `data/` as quads.

All of it lies below the default base; `rebase` moves it to a home's own.
"""

from typing import Final

from pyoxigraph import NamedNode, Quad

from icgraph.config import packaged
from icgraph.model.iris import Base
from icgraph.model.terms import DEFAULT_BASE
from icgraph.store.parsing import parse_file, parse_folder

PROVENANCE: Final = "provenance.ttl"
CLAIMS: Final = "claims.trig"
ACCEPTED: Final = "accepted-warnings.ttl"


def packaged_ontology() -> list[Quad]:
    """The ontology, its alignments and the concept schemes."""
    return parse_folder(packaged("ontology"))


def packaged_shapes() -> list[Quad]:
    """The SHACL shapes."""
    return parse_folder(packaged("shapes"))


def packaged_records() -> list[Quad]:
    """All records, those of the importer and those made by hand."""
    folder = packaged("data")
    files = [
        path for path in sorted(folder.rglob("*.ttl")) if path.name not in {PROVENANCE, ACCEPTED}
    ]
    return [quad for path in files for quad in parse_file(path)]


def packaged_provenance() -> list[Quad]:
    """What is known of the records' origin, in the graph of provenance."""
    graph = NamedNode(Base(DEFAULT_BASE).graph("provenance"))
    return [
        Quad(quad.subject, quad.predicate, quad.object, graph)
        for quad in parse_file(packaged("data") / PROVENANCE)
    ]


def packaged_claims() -> list[Quad]:
    """What single sources say where sources disagree, each in a graph of its own."""
    return parse_file(packaged("data") / CLAIMS)


def packaged_graph() -> list[Quad]:
    """The default graph that a home loads first: ontology and records."""
    return [*packaged_ontology(), *packaged_records()]


def packaged_dataset() -> list[Quad]:
    """All graphs that a home loads first: the default one, provenance, and claims."""
    return [*packaged_graph(), *packaged_provenance(), *packaged_claims()]
