"""`docs/performance.md` and its plot, made from the figures that were kept."""

from pathlib import Path
from typing import Any, Final

from bench.load import CLIENTS
from bench.mix import LOOKUPS, NEVER_SEEN, VARIANTS
from bench.plot import bars

Told = dict[str, Any]
OURS: Final = "icgraph"
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
            f"our cache off. Warm: {VARIANTS} texts by Zipf's law, of which one in "
            f"{1 / NEVER_SEEN:.0f} is changed so that it was never asked before. *icgraph is* "
            "tells how many times as many requests a second icgraph answers."
        ),
        "",
    ]
    for size, here in _sizes(told):
        lines += [f"### {int(size):,} statements".replace(",", " "), ""]
        lines += _mixes(here["servers"])
    lines += ["## Loading, starting, memory", "", *_setting_up(told)]
    lines += ["## Each question alone, cold", "", *_questions(told)]
    if told.get("commands"):
        lines += ["## Commands on the packaged graph", "", "| command | seconds |", "|---|---|"]
        lines += [f"| `{name}` | {took} |" for name, took in told["commands"].items()]
    if told.get("commits"):
        lines += ["", "## Reading while the graph changes", "", *_commits(told["commits"])]
    page.write_text("\n".join(lines).rstrip() + "\n", encoding="utf-8")


def _sizes(told: Told) -> list[tuple[str, Told]]:
    return sorted(told["sizes"].items(), key=lambda item: int(item[0]))


def _throughputs(told: Told) -> dict[str, dict[str, float]]:
    """Requests a second by mix and size and server."""
    return {
        f"{mix}, {int(size):,} statements".replace(",", " ", 1).replace(",", " "): {
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
    return (
        f"{speed['per_second']:.0f} | {ratio} "
        f"| {speed['p50']:.1f} / {speed['p95']:.1f} / {speed['p99']:.1f} | {speed['failed']}"
    )


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
            f"Median, 95th and 99th percentile in milliseconds with {CLIENTS} clients; in brackets "
            "what one request took where more than 2 s alone. *Fastest* names the fastest rival, "
            "and how many times its median icgraph needs. Fluree is asked in process, by one "
            "thread, and gives Python objects: it stands aside."
        ),
        "",
    ]
    for size, here in _sizes(told):
        servers = {
            name: each["questions"] for name, each in here["servers"].items() if "questions" in each
        }
        if OURS not in servers:
            continue
        lines += [f"### {int(size):,} statements".replace(",", " "), ""]
        lines += ["| question | rows | fastest | " + " | ".join(servers) + " |"]
        lines += ["|---" * (3 + len(servers)) + "|"]
        for question, own in servers[OURS].items():
            asked = {name: each.get(question, {}) for name, each in servers.items()}
            cells = [_cell(each, own.get("rows")) for each in asked.values()]
            row = [question, str(own.get("rows", "–")), _fastest(asked), *cells]
            lines.append(f"| {' | '.join(row)} |")
        lines += [
            "",
            "A number of rows behind a figure is that of a server that differs from us.",
            "",
        ]
    return lines


def _cell(asked: Told, rows: int | None) -> str:
    if "problem" in asked:
        return "failed" if "seconds" in asked else "–"
    if not asked:
        return "–"
    differs = "" if asked.get("rows") == rows else f" **{asked.get('rows')} rows**"
    if "p99" in asked:
        return f"{asked['p50']:.1f} / {asked['p95']:.1f} / {asked['p99']:.1f}{differs}"
    if "p50" in asked:
        return f"{asked['p50']:.1f}{differs}"
    return f"({asked['alone']:.0f}){differs}"


def _fastest(asked: dict[str, Told]) -> str:
    typical = {
        name: each.get("p50", each.get("alone"))
        for name, each in asked.items()
        if not name.startswith("fluree") and each.get("alone") is not None
    }
    own = typical.pop(OURS, None)
    if own is None or not typical:
        return "–"
    name, best = min(typical.items(), key=lambda item: item[1])
    return f"{name}: {own / best:.2f} ×" if best else "–"


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
