"""The files people write, as rdflib graphs, for the tests of ontology, schemes and shapes."""

from pathlib import Path

from rdflib import Graph

ROOT = Path(__file__).parents[2]
NS = "https://w3id.org/icgraph/ns/"
SHAPES = "https://w3id.org/icgraph/shapes/"


def read(*patterns: str) -> Graph:
    graph = Graph()
    for pattern in patterns:
        for path in sorted(ROOT.glob(pattern)):
            graph.parse(path)
    return graph
