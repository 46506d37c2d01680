"""What `bench.pages` and `bench.commits` measured, put beside the figures of `bench.figures`."""

import argparse
import json
from pathlib import Path
from typing import Any

from bench.figures import KEPT, PAGE
from bench.page import write_page


def options(description: str | None, *, statements: int, seconds: float) -> argparse.ArgumentParser:
    """The options of both: how much is measured, and where figures are kept and told."""
    parser = argparse.ArgumentParser(description=description)
    parser.add_argument("--statements", type=int, default=statements)
    parser.add_argument("--seconds", type=float, default=seconds)
    parser.add_argument("--kept", type=Path, default=KEPT)
    parser.add_argument("--output", type=Path, default=PAGE)
    return parser


def keep(name: str, figures: dict[str, Any], kept: Path, output: Path) -> None:
    """Keep the figures under a name, write the page anew where it can be, and print them."""
    told = json.loads(kept.read_text("utf-8")) if kept.exists() else {}
    told[name] = figures
    kept.write_text(json.dumps(told, indent=1, sort_keys=True) + "\n", encoding="utf-8")
    if "sizes" in told:
        write_page(told, output)
    print(json.dumps(figures, indent=1))
