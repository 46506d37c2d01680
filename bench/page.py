"""`docs/performance.md` and its plot, made from the figures that were kept."""

import statistics
from pathlib import Path
from typing import Any, Final

from bench.load import CLIENTS
from bench.mix import LOOKUPS, NEVER_SEEN, VARIANTS
from bench.plot import bars
from bench.section_pages import pages_section
from bench.section_validation import validation_section

Told = dict[str, Any]
OURS: Final = "icgraph"
ON_DISK: Final = "oxigraph serve, on disk"
#: What counts as a heavy question, in milliseconds.
HEAVY: Final = 50
_MIB: Final = 1 << 20


def write_page(told: Told, page: Path) -> None:
    """Write the page, and beside it one plot."""
    machine = told["machine"]
    plot = page.with_suffix(".svg")
    plot.write_text(bars(_throughputs(told)), encoding="utf-8")
    lines = [
        "# Performance",
        "",
        (
            f"Written by `make bench` on {machine['date']}: {machine['cores']} cores, "
            f"{machine['architecture']}, Python {machine['python']}. All servers ran one after "
            "the other on one machine, which also made the load: ratios matter, not figures."
        ),
        "",
        (
            "The graphs are the packaged one, grown by `bench/graphs.py` with records of the same "
            "shapes and skew. Rivals run as installed, a query limit of 30 s being the only "
            "setting but for the memory that Virtuoso and Java are given (2.7 and 4 GB)."
        ),
        "",
        f"![Requests a second, cold and warm]({plot.name})",
        "",
        "## Mixes",
        "",
        (
            f"{CLIENTS} clients. Cold: every stored question once to {LOOKUPS} record look-ups, "
            "our cache off, every server asked for some seconds before, unmeasured. Warm: "
            f"{VARIANTS} texts by Zipf's law, of which one in {1 / NEVER_SEEN:.0f} is changed so "
            "that it was never asked before. *icgraph is* tells how many times as many requests a "
            "second icgraph answers."
        ),
        "",
    ]
    for size, here in _sizes(told):
        lines += [f"### Mixes, {_spaced(size)} statements", ""]
        lines += _mixes(here["servers"])
    lines += ["## Loading, starting, memory", "", *_setting_up(told)]
    lines += ["## Each question alone, cold", "", *_questions(told)]
    if told.get("commands"):
        lines += ["## Commands on the packaged graph", "", "| command | seconds |", "|---|---|"]
        lines += [f"| `{name}` | {took} |" for name, took in told["commands"].items()]
    if told.get("commits"):
        lines += ["", "## Reading while the graph changes", "", *_commits(told["commits"])]
    if told.get("pages"):
        lines += ["", "## Pages", "", *pages_section(told["pages"])]
    if told.get("validation"):
        lines += ["", "## Validation", "", *validation_section(told["validation"])]
    page.write_text("\n".join(lines).rstrip() + "\n", encoding="utf-8")


def _sizes(told: Told) -> list[tuple[str, Told]]:
    return sorted(told["sizes"].items(), key=lambda item: int(item[0]))


def _throughputs(told: Told) -> dict[str, dict[str, float]]:
    """Requests a second by mix and size and server."""
    return {
        f"{mix}, {_spaced(size)} statements": {
            name: figures[mix]["per_second"]
            for name, figures in here["servers"].items()
            if mix in figures
        }
        for mix in ("cold", "warm")
        for size, here in _sizes(told)
    }


def _mixes(servers: Told) -> list[str]:
    columns = "requests a second | icgraph is | p50 / p95 / p99 ms | failed"
    lines = [f"| server | cold: {columns} | warm: {columns} |", "|---" * 9 + "|"]
    problems = []
    for name, figures in servers.items():
        if "cold" in figures:
            cells = [_mix(servers, figures, mix) for mix in ("cold", "warm")]
            lines.append(f"| {name} | {' | '.join(cells)} |")
        if "problem" in figures:
            problems.append(f"{name}: {figures['problem']}")
        if "note" in figures:
            problems.append(f"{name}: {figures['note']}")
    return [*lines, "", *(f"- {problem}." for problem in problems), *([""] if problems else [])]


def _mix(servers: Told, figures: Told, mix: str) -> str:
    if mix not in figures:
        return "– | – | – | –"
    speed, own = figures[mix], servers.get(OURS, {}).get(mix)
    ratio = "–"
    if own and speed["per_second"]:
        ratio = f"{own['per_second'] / speed['per_second']:.2f} ×"
    times = " / ".join(f"{speed[part]:.1f}" for part in ("p50", "p95", "p99"))
    if not speed["per_second"]:
        times = "–"
    return f"{speed['per_second']:.0f} | {ratio} | {times} | {speed['failed']}"


def _setting_up(told: Told) -> list[str]:
    lines = [
        "Memory is the proportional set size of all processes, after the cold mix.",
        "",
        "| server | statements | load s | start s | memory MiB |",
        "|---|---|---|---|---|",
    ]
    for size, here in _sizes(told):
        for name, figures in here["servers"].items():
            if "load" in figures:
                start = figures.get("start", "–")
                memory = f"{figures['memory'] // _MIB}" if "memory" in figures else "–"
                lines.append(f"| {name} | {size} | {figures['load']:.1f} | {start} | {memory} |")
    return [*lines, ""]


def _questions(told: Told) -> list[str]:
    lines = [
        (
            "Each cell: the median in milliseconds with one client (of three; a heavy question is "
            f"asked once); then the 50th, 95th and 99th percentile with {CLIENTS} clients where "
            "there was time and it is not heavier than 2 s. *Fastest rival* names it, and how "
            f"many times its median icgraph needs, with one client and with {CLIENTS}. Fluree is "
            "asked in process, by one thread, and gives Python objects."
        ),
        "",
    ]
    for size, here in _sizes(told):
        servers = {
            name: each["questions"] for name, each in here["servers"].items() if "questions" in each
        }
        if OURS not in servers:
            continue
        lines += [f"### Questions, {_spaced(size)} statements", "", *_verdict(servers)]
        names = " | ".join(servers)
        lines.append(f"| question | rows | fastest rival, 1 | fastest rival, {CLIENTS} | {names} |")
        lines.append("|---" * (4 + len(servers)) + "|")
        for question, own in servers[OURS].items():
            asked = {name: each.get(question, {}) for name, each in servers.items()}
            fastest = [_told_fastest(asked, figure) for figure in ("alone", "p50")]
            cells = [_cell(each, own.get("rows")) for each in asked.values()]
            rows = str(own.get("rows", "–"))
            lines.append(f"| {' | '.join([question, rows, *fastest, *cells])} |")
        lines += ["", "A number of rows stands beside the figures of who differs from us.", ""]
    return lines


def _verdict(servers: Told) -> list[str]:
    """What the bounds on single questions come to: 5 times the fastest, 1.5 times on disk."""
    slow, heavy = [], []
    for question, own in servers[OURS].items():
        asked = {name: each.get(question, {}) for name, each in servers.items()}
        ratio = _fastest(asked, "alone")
        if "alone" not in own:
            slow.append(f"{question} (failed)")
        elif ratio is not None and ratio[1] > 5:
            slow.append(f"{question} ({ratio[1]:.1f} × {ratio[0]})")
        theirs = asked.get(ON_DISK, {}).get("alone")
        if theirs and own.get("alone") and theirs > HEAVY:
            heavy.append(theirs / own["alone"])
    lines = [f"- More than 5 times slower than the fastest rival: {', '.join(slow) or 'none'}."]
    if heavy:
        lines.append(
            f"- Where {ON_DISK}, needs more than {HEAVY} ms ({len(heavy)} questions), icgraph is "
            f"{statistics.median(heavy):.2f} times as fast (median; {min(heavy):.2f} to "
            f"{max(heavy):.2f})."
        )
    return [*lines, ""]


def _cell(asked: Told, rows: int | None) -> str:
    if "alone" not in asked:
        return "failed" if "problem" in asked else "–"
    cell = f"{asked['alone']:.1f}"
    if asked.get("answered"):
        cell += f"; {asked['p50']:.1f} / {asked['p95']:.1f} / {asked['p99']:.1f}"
    return cell if rows in {None, asked["rows"]} else f"{cell} **{asked['rows']} rows**"


def _fastest(asked: dict[str, Told], figure: str) -> tuple[str, float] | None:
    """The fastest rival, and how many times as long we take."""
    medians = {name: each[figure] for name, each in asked.items() if each.get(figure)}
    own = medians.pop(OURS, None)
    if own is None or not medians:
        return None
    name, best = min(medians.items(), key=lambda item: item[1])
    return name, own / best


def _told_fastest(asked: dict[str, Told], figure: str) -> str:
    found = _fastest(asked, figure)
    return "–" if found is None else f"{found[0]}: {found[1]:.2f} ×"


def _spaced(number: str) -> str:
    return f"{int(number):,}".replace(",", " ")


def _commits(commits: Told) -> list[str]:
    return [
        (
            f"{commits['readers']} readers over {commits['statements']} statements, first alone, "
            f"then while a change is recorded once a second for {commits['seconds']:g} s."
        ),
        "",
        "| | requests a second | p50 ms | p95 ms | p99 ms | failed |",
        "|---|---|---|---|---|---|",
        *(
            f"| {label} | {speed['per_second']:.0f} | {speed['p50']:.1f} | {speed['p95']:.1f} "
            f"| {speed['p99']:.1f} | {speed['failed']} |"
            for label, speed in (("alone", commits["before"]), ("with commits", commits["during"]))
        ),
        "",
        (
            f"{commits['recorded']} changes were recorded, {commits['refused']} refused; a change "
            f"took {commits['median']:.0f} ms (median) until it was answered."
        ),
        "",
    ]
