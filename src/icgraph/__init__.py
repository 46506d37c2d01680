"""icgraph: the open knowledge graph of intercultural cities."""

__version__ = "0.2.0"
