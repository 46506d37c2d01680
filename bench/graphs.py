"""Graphs of our ontology in any size, as N-Quads: the packaged graph, and more of the same.

`python -m bench.graphs 1000000 graph.nq` writes one. The statements of a size are the same in
every run. The packaged graph comes first, so that the stored questions have their answers; the
growing part makes those answers larger.
"""

import argparse
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from pyoxigraph import Quad

from bench.growth import TOPIC_OF, Growth
from icgraph.store.packaged import packaged_dataset

SEED = 20_261_121
STATEMENTS_A_HARVEST = 84


@dataclass(frozen=True, slots=True)
class Written:
    """What was written: the file, how many statements, and all records but sources."""

    path: Path
    statements: int
    records: list[str]


def write_graph(path: Path, statements: int, *, seed: int = SEED) -> Written:
    """Write a graph of about so many statements (the last record is written whole)."""
    packaged = sorted(set(packaged_dataset()), key=str)
    harvests = max(0, statements - len(packaged)) // STATEMENTS_A_HARVEST
    growth = Growth(packaged, seed=seed, harvests=harvests)
    written = 0
    with path.open("w", encoding="utf-8") as file:
        for lines in _packaged_lines(packaged, growth):
            file.writelines(lines)
            written += len(lines)
        while written < statements:
            lines = growth.harvest()
            file.writelines(lines)
            written += len(lines)
    return Written(path, written, growth.records)


def _packaged_lines(packaged: list[Quad], growth: Growth) -> Iterator[list[str]]:
    for quad in packaged:
        yield [f"{quad} .\n"]
    for document in sorted(
        {str(quad.subject) for quad in packaged if str(quad.predicate) == TOPIC_OF}
    ):
        yield growth.modified(document)


def main() -> None:
    """Write the graph asked for on the command line."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("statements", type=int)
    parser.add_argument("file", type=Path)
    arguments = parser.parse_args()
    written = write_graph(arguments.file, arguments.statements)
    print(f"{written.statements} statements, {len(written.records)} records in {written.path}")


if __name__ == "__main__":
    main()
