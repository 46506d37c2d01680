"""The figures of `docs/performance.md`: `make bench` measures them and writes the page."""

import argparse
import datetime as dt
import os
import platform
import subprocess
import tempfile
import time
from pathlib import Path

from bench.mix import CLIENTS, light_mix, measure
from bench.servers import BIN, RIVALS, icgraph, missing_rivals, packaged_file
from icgraph.store.packaged import packaged_graph

PAGE = Path(__file__).parents[1] / "docs" / "performance.md"


def main() -> None:
    """Measure everything in one run and write the page."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--seconds", type=float, default=15, help="how long each server is asked")
    parser.add_argument("--output", type=Path, default=PAGE)
    arguments = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        text = page(Path(folder), arguments.seconds)
    arguments.output.write_text(text, encoding="utf-8")
    print(text)


def page(folder: Path, seconds: float) -> str:
    """The page, with what was measured just now."""
    today = dt.datetime.now(dt.UTC).date().isoformat()
    size = len(set(packaged_graph()))
    lines = [
        "# Performance",
        "",
        (
            f"Written by `make bench` on {today}: {os.cpu_count()} cores, {platform.machine()}, "
            f"Python {platform.python_version()}, {size} statements. Everything was measured in "
            "one run on one machine, which also made the load: ratios matter, not figures."
        ),
        "",
        "## Setting up and checking",
        "",
        "| what | seconds |",
        "|---|---|",
    ]
    home = folder / "home"
    with icgraph(home, 8861) as first:
        lines.append(
            f"| first start: validate, record, build, answer | {first.seconds_to_start:.1f} |"
        )
    with icgraph(home, 8861) as again:
        lines.append(f"| restart | {again.seconds_to_start:.1f} |")
    for label, command in (
        ("`icgraph validate`", ["validate"]),
        ("`icgraph load`, nothing new", ["load", "--home", str(home)]),
        ("`icgraph check`", ["check", "--home", str(home)]),
    ):
        lines.append(f"| {label} | {timed(command):.1f} |")
    lines += ["", *answering(folder, home, seconds)]
    return "\n".join(lines) + "\n"


def timed(command: list[str]) -> float:
    """How long a command takes, in seconds."""
    began = time.monotonic()
    subprocess.run([BIN / "icgraph", *command], check=True, capture_output=True)
    return time.monotonic() - began


def answering(folder: Path, home: Path, seconds: float) -> list[str]:
    """The table of requests a second, ours first."""
    texts = light_mix()
    graph = packaged_file(folder)
    rows = []
    with icgraph(home, 8862) as ours:
        own = measure(ours.endpoint, texts, seconds)
    rows.append(("icgraph", own))
    missing = missing_rivals()
    for number, (name, start) in enumerate(RIVALS.items()):
        if name not in missing:
            with start(folder, 8870 + number, graph) as rival:
                rows.append((rival.name, measure(rival.endpoint, texts, seconds)))
    lines = [
        "## Answering",
        "",
        (
            f"{len(texts)} texts (the stored queries and record look-ups), {CLIENTS} clients, "
            f"{seconds:g} s each, JSON, nothing cached."
        ),
        "",
        "| server | requests a second | icgraph is | median ms | 99th percentile ms | failed |",
        "|---|---|---|---|---|---|",
    ]
    for name, speed in rows:
        ratio = own.per_second / speed.per_second
        lines.append(
            f"| {name} | {speed.per_second:.0f} | {ratio:.2f} × | {speed.median:.1f} "
            f"| {speed.p99:.1f} | {speed.failed} |"
        )
    if missing:
        lines += ["", f"Not installed here, so not measured: {', '.join(missing)}."]
    return lines


if __name__ == "__main__":
    main()
