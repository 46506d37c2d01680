"""Which rows of the ledger people read to see how good it is, and what the ledger counts.

Rows are chosen by a digest of the seed and of where the name stands, so that a change in one
row does not choose others. Addresses are left out: an address is its page. Hard decisions are
drawn more often than easy ones. `python -m tests.curation.sampling` prints the tables of
docs/data-quality.md.
"""

import csv
import sys
from collections import Counter
from hashlib import sha256

from icgraph.config import packaged

SEED = "issue-3"
#: How many rows of each decision are drawn.
SHARES = {
    "same-by-table": 14, "same-by-rule": 14, "same-as-line": 8, "new": 8, "same-name": 6,
    "seed": 4, "not-a-record": 4, "part": 2,
}  # fmt: skip


def sample(rows):
    """The rows drawn, in the order of the ledger."""
    drawn = []
    for decision, share in SHARES.items():
        of_kind = [row for row in rows if row["decision"] == decision and not is_address(row)]
        drawn += sorted(of_kind, key=_lot)[:share]
    return [row for row in rows if row in drawn]


def _lot(row):
    place = "\0".join((SEED, row["file"], row["line"], row["path"], row["name"]))
    return sha256(place.encode()).hexdigest()


def is_address(row):
    """Whether the name is the address of a page."""
    return row["name"].startswith(("http", "seeds/"))


def tables(rows, pairs):
    """The counts of docs/data-quality.md: occurrences, names and records by kind, and decisions."""
    lines = [
        "| kind of record | occurrences | different names | records |",
        "| --- | --- | --- | --- |",
    ]
    kinds = sorted({row["record"].partition(":")[0] for row in rows if row["record"]})
    for kind in kinds:
        here = [row for row in rows if row["record"].startswith(f"{kind}:")]
        names = {row["name"] for row in here if not is_address(row)}
        found = {row["record"] for row in here}
        lines.append(f"| {kind} | {len(here)} | {len(names)} | {len(found)} |")
    lines += ["", "| decision | rows |", "| --- | --- |"]
    lines += [
        f"| {name} | {count} |"
        for name, count in Counter(r["decision"] for r in rows).most_common()
    ]
    lines += [f"| all | {len(rows)} |", "", f"Pairs left apart as unsure: {len(pairs)}."]
    return "\n".join(lines)


def read(name):
    """The rows of a table of the packaged data."""
    with (packaged("data") / name).open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


if __name__ == "__main__":
    sys.stdout.write(tables(read("ledger.csv"), read("unsure-pairs.csv")) + "\n")
