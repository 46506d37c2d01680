"""The packaged rules: shapes, ontology and accepted warnings, for a graph of any base.

The packaged files speak of the default base; a home created with another base needs the
same rules about its own IRIs.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Final

from pyoxigraph import Quad, RdfFormat, parse, serialize

from icgraph.config import packaged
from icgraph.errors import FileUnusable
from icgraph.guard.accepted import AcceptedWarning, read_accepted
from icgraph.model.terms import DEFAULT_BASE
from icgraph.store.parsing import parse_file, parse_folder

ACCEPTED_WARNINGS: Final = "accepted-warnings.ttl"
PROVENANCE: Final = "provenance.ttl"


@dataclass(frozen=True, slots=True)
class Rules:
    """What a graph is validated by."""

    shapes: tuple[Quad, ...]
    ontology: tuple[Quad, ...]
    accepted: tuple[AcceptedWarning, ...]


@lru_cache(maxsize=2)
def packaged_rules(base: str = DEFAULT_BASE) -> Rules:
    """The packaged rules, read once a process and a base."""
    shapes = parse_folder(packaged("shapes"))
    if not shapes:
        raise FileUnusable(
            f"{packaged('shapes')}: there are no shapes.",
            advice="The installation is not whole; install icgraph again.",
        )
    known = packaged("data") / ACCEPTED_WARNINGS
    accepted = rebased(parse_file(known), base) if known.exists() else []
    return Rules(
        shapes=tuple(rebased(shapes, base)),
        ontology=tuple(rebased(parse_folder(packaged("ontology")), base)),
        accepted=read_accepted(accepted, base),
    )


def packaged_data() -> Iterator[Path]:
    """The packaged files that make up the default graph."""
    for path in sorted(packaged("data").rglob("*.ttl")):
        if path.name not in {ACCEPTED_WARNINGS, PROVENANCE}:
            yield path


def rebased(quads: Iterable[Quad], base: str) -> list[Quad]:
    """The quads with another base in the place of the default one, in IRIs and in literals."""
    if base == DEFAULT_BASE:
        return list(quads)
    text = serialize(quads, format=RdfFormat.N_QUADS)
    assert text is not None
    moved = text.decode().replace(DEFAULT_BASE, base)
    return list(parse(moved, format=RdfFormat.N_QUADS))
