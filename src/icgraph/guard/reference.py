"""pySHACL, the reference, behind a door that is opened when somebody needs it.

Importing it with rdflib takes as long as validating the packaged graph by queries, and most
validations need neither. So it is imported by name, like the entry point of a worker.
"""

from collections.abc import Callable
from importlib import import_module

from icgraph.guard.report import Report


def validate_by_reference() -> Callable[..., Report]:
    """The function `icgraph.guard.validate.validate_graph`."""
    function: Callable[..., Report] = import_module("icgraph.guard.validate").validate_graph
    return function
