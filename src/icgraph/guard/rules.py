"""The packaged rules: shapes, ontology and accepted warnings, for a graph of any base.

The packaged files speak of the default base; a home created with another base needs the
same rules about its own IRIs.
"""

from dataclasses import dataclass
from functools import lru_cache

from pyoxigraph import Quad

from icgraph.config import packaged
from icgraph.errors import FileUnusable
from icgraph.guard.accepted import AcceptedWarning, read_accepted
from icgraph.model.terms import DEFAULT_BASE
from icgraph.store.changes import rebase
from icgraph.store.packaged import ACCEPTED, packaged_ontology, packaged_shapes
from icgraph.store.parsing import parse_file


@dataclass(frozen=True, slots=True)
class Rules:
    """What a graph is validated by."""

    shapes: tuple[Quad, ...]
    ontology: tuple[Quad, ...]
    accepted: tuple[AcceptedWarning, ...]


@lru_cache(maxsize=2)
def packaged_rules(base: str = DEFAULT_BASE) -> Rules:
    """The packaged rules, read once a process and a base.

    Raises FileUnusable when there are no shapes: nothing must pass for want of rules.
    """
    shapes = packaged_shapes()
    if not shapes:
        raise FileUnusable(
            "The package holds no shapes, so nothing can be validated.",
            advice="The installation is not whole; install icgraph again.",
        )
    known = packaged("data") / ACCEPTED
    accepted = parse_file(known) if known.exists() else []
    return Rules(
        shapes=tuple(rebase(shapes, base)),
        ontology=tuple(rebase(packaged_ontology(), base)),
        accepted=read_accepted(rebase(accepted, base), base),
    )
