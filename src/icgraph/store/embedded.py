"""The embedded engine: Oxigraph over an immutable checkpoint, one for each newest revision.

Readers open checkpoints only: reading a directory that is written is undefined behaviour.
Who makes the checkpoints is `store.projection`.
"""

import re
from collections.abc import Sequence
from pathlib import Path
from typing import Final

from pyoxigraph import NamedNode, QueryBoolean, QuerySolutions, QueryTriples, Store

from icgraph.errors import ServiceNotReady, SyntaxInvalid

HEAD: Final = "head"
_DIGITS: Final = 8
_PLACE: Final = re.compile(r"error at (\d+):(\d+): (.*)", re.DOTALL)
_SHOWN: Final = 40
_CHARACTERS: Final = re.compile(r"\[[^\[\]]*\]")  # sets of characters: no help to people


class EmbeddedEngine:
    """A checkpoint, opened read-only."""

    def __init__(self, store: Store) -> None:
        self.store = store

    def query(
        self,
        text: str,
        *,
        base_iri: str | None = None,
        default_graphs: Sequence[NamedNode] | None = None,
        named_graphs: Sequence[NamedNode] | None = None,
    ) -> QuerySolutions | QueryTriples | QueryBoolean:
        """See `Engine.query`."""
        try:
            return self.store.query(
                text,
                base_iri=base_iri,
                default_graph=None if default_graphs is None else list(default_graphs),
                named_graphs=None if named_graphs is None else list(named_graphs),
            )
        except SyntaxError as error:
            raise _query_syntax(str(error), text) from None


def published_head(folder: Path) -> tuple[int, str]:
    """The newest revision that has a checkpoint, and its hash; 0 when there is none."""
    try:
        number, known_as = (folder / HEAD).read_text(encoding="ascii").split()
        return int(number), known_as
    except (FileNotFoundError, ValueError):
        return 0, ""


def checkpoint_path(folder: Path, revision: int) -> Path:
    """Where the checkpoint of a revision lies."""
    return folder / "checkpoints" / f"{revision:0{_DIGITS}}"


def open_checkpoint(path: Path) -> EmbeddedEngine:
    """An engine over a checkpoint; raises ServiceNotReady when it is not there any more."""
    try:
        return EmbeddedEngine(Store.read_only(str(path)))
    except (OSError, RuntimeError) as error:  # Oxigraph tells corruption by a RuntimeError
        raise ServiceNotReady(
            f"The checkpoint {path.name} cannot be opened: {error}.",
            advice="Try again; if it lasts, run: icgraph check --rebuild",
        ) from None


def _query_syntax(message: str, text: str) -> SyntaxInvalid:
    place = _PLACE.match(message)
    if place is None:
        return SyntaxInvalid(f"The query does not parse: {message}.")
    line, column = int(place[1]), int(place[2])
    before = "".join(text.splitlines()[line - 1 : line])[: column - 1][-_SHOWN:]
    parts = _CHARACTERS.sub("", place[3]).replace("\n", " ").split(",")
    wanted = ", ".join(part.strip() for part in parts if part.strip(" |"))
    after = f", after “{before.strip()}”" if before.strip() else ""
    expected = f": {wanted}" if wanted.removeprefix("expected").strip() else ""
    return SyntaxInvalid(
        f"The query does not parse at line {line}, column {column}{after}{expected}.",
        advice="Look at the place named, and at the words just before it.",
        line=line,
        column=column,
    )
