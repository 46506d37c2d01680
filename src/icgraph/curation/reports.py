"""The two pages an import writes for people: what was not carried over, what the seeds lack.

Both are generated and committed, so that a change in them shows what a new import lost.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from typing import Final

from pyoxigraph import Literal, Quad

from icgraph.curation.census import KeyCensus
from icgraph.curation.tally import Tally
from icgraph.model.terms import prefixes

_UNEXPLAINED: Final = "**no reason given: carry it over, or say why not in mappings/unmapped.csv**"


def unmapped_page(
    censuses: Mapping[str, KeyCensus], reasons: Mapping[tuple[str, str], str], tally: Tally
) -> str:
    """`unmapped.md`: keys of the facts that have no place in the graph, and single values."""
    lines = [
        "# What the facts say and the graph does not carry",
        "",
        "Made by `icgraph import`. Reasons stand in `mappings/unmapped.csv`.",
    ]
    for kind in sorted(censuses):
        rows = [
            (f"`{key}`", str(count), _reason(kind, key, reasons))
            for key, count in sorted(censuses[kind].counts.items())
            if key not in censuses[kind].read
        ]
        lines += ["", f"## Keys of {kind}.jsonl", ""]
        lines += _table(("key", "values", "reason"), rows) if rows else ["All are carried over."]
    single = [
        (f"{kind}.jsonl", f"`{key}`", str(count), reason)
        for (kind, key, reason), count in sorted(tally.left_out.items())
    ]
    lines += ["", "## Single values of keys that are carried over", ""]
    lines += _table(("file", "key", "values", "reason"), single)
    for heading, cases in sorted(tally.cases.items()):
        lines += ["", f"## {heading} ({len(cases)})", "", *(f"- {case}" for case in sorted(cases))]
    return "\n".join(lines) + "\n"


def missing_page(
    lacking: Mapping[str, Sequence[Quad]], reasons: Mapping[tuple[str, str, str], str]
) -> str:
    """`missing-from-seeds.md`: what the facts say of hand-made records that these lack, and why.

    The reasons are by record, predicate and value, as `seeds-differ.csv` writes them.
    """
    open_, settled = [], []
    for iri in sorted(lacking):
        for quad in lacking[iri]:
            said = f"{_short(iri)} {_short(quad.predicate.value)} {_shown(quad)}"
            reason = reasons.get(difference(iri, quad))
            if reason is None:
                open_.append(f"- {said}")
            else:
                settled.append(f"- {said}: {reason}")
    lines = [
        "# What the facts say of the hand-made records and these lack",
        "",
        "Made by `icgraph import`. Parts of records are not compared; reasons stand in",
        "`mappings/seeds-differ.csv`.",
        "",
        f"## To be judged ({len(open_)})",
        "",
        *(open_ or ["Nothing."]),
        "",
        f"## Left out with a reason ({len(settled)})",
        "",
        *(settled or ["Nothing."]),
    ]
    return "\n".join(lines) + "\n"


def difference(iri: str, quad: Quad) -> tuple[str, str, str]:
    """What a row of `seeds-differ.csv` is known by: short names, and a text without its tag."""
    value = quad.object.value if isinstance(quad.object, Literal) else _shown(quad)
    return _short(iri), _short(quad.predicate.value), value


def _reason(kind: str, key: str, reasons: Mapping[tuple[str, str], str]) -> str:
    """The reason given for a key, for one it lies in, or for the whole file."""
    parts = key.split(".")
    for length in range(len(parts), 0, -1):
        found = reasons.get((kind, ".".join(parts[:length])))
        if found is not None:
            return found
    return reasons.get((kind, "*"), _UNEXPLAINED)


def _table(head: Sequence[str], rows: Iterable[Sequence[str]]) -> list[str]:
    grid = [head, ["---"] * len(head), *rows]
    return ["| " + " | ".join(cells) + " |" for cells in grid]


def _shown(quad: Quad) -> str:
    text = str(quad.object)
    return _short(text[1:-1]) if text.startswith("<") else text


def _short(iri: str) -> str:
    by_length: dict[int, list[tuple[str, str]]] = defaultdict(list)
    for name, namespace in prefixes().items():
        if iri.startswith(namespace):
            by_length[len(namespace)].append((name, namespace))
    if not by_length:
        return f"<{iri}>"
    name, namespace = by_length[max(by_length)][0]
    return f"{name}:{iri[len(namespace) :]}"
