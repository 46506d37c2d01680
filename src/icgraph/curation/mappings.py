"""The reviewable tables by which facts become records: `data/mappings/*.csv`.

People read and mend them; the importer only reads. A row that cannot be used is named by file
and line. A missing table is an error, because silently mapping nothing loses facts.
"""

import csv
import io
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from icgraph.curation.facts import tidy
from icgraph.errors import InputError
from icgraph.store.parsing import read_text


@dataclass(frozen=True, slots=True)
class Row:
    """One row of a table; cells that are empty are empty texts."""

    cells: Mapping[str, str]
    where: str

    def __getitem__(self, column: str) -> str:
        return self.cells[column]

    def listed(self, column: str) -> list[str]:
        """The texts of a cell that are parted by `|`."""
        return [part.strip() for part in self.cells[column].split("|") if part.strip()]


def read_table(folder: Path, name: str, columns: tuple[str, ...]) -> list[Row]:
    """The rows of `{folder}/{name}.csv`, whose header must be these columns."""
    path = folder / f"{name}.csv"
    reader = csv.reader(io.StringIO(read_text(path), newline=""), strict=True)
    rows: list[Row] = []
    try:
        header = tuple(next(reader))
        if header != columns:
            raise InputError(
                f"{path}:1: the columns are {', '.join(header)}.",
                advice=f"They must be {', '.join(columns)}.",
            )
        for cells in reader:
            where = f"{path}:{reader.line_num}"
            if len(cells) != len(columns):
                raise InputError(
                    f"{where}: the row has {len(cells)} cells instead of {len(columns)}.",
                    advice="Put cells that hold a comma in quotation marks.",
                )
            rows.append(Row(dict(zip(columns, map(tidy, cells), strict=True)), where))
    except csv.Error as error:
        raise InputError(
            f"{path}:{reader.line_num}: {error}.", advice="Look at the quotation marks."
        ) from None
    return rows


def keyed(rows: Sequence[Row], key: Callable[[Row], str]) -> dict[str, Row]:
    """The rows by a key that no two may share."""
    found: dict[str, Row] = {}
    for row in rows:
        name = key(row)
        if name in found:
            raise InputError(
                f"{row.where}: {name!r} stands in {found[name].where} already.",
                advice="Keep one of the two rows.",
            )
        found[name] = row
    return found
