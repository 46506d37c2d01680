"""icgraph: the open knowledge graph of intercultural cities."""

from importlib.metadata import version

__all__ = ["__version__"]

__version__ = version("icgraph")
