"""The section of `docs/performance.md` that tells how fast pages are, and what large hubs cost."""

from typing import Any, Final

Told = dict[str, Any]


def pages_section(pages: Told) -> list[str]:
    """The lines of the section, without its heading."""
    made, installed, hubs = pages["made"], pages["installed"], pages["hubs"]
    spaced = f"{hubs['statements']:,}".replace(",", " ")
    lines = [
        (
            f"{pages['clients']} clients that ask for {made['pages']} pages of the packaged graph "
            "as a browser does, one request right after the other: of a server that keeps no "
            "results, so that every page is made; then of one as installed. *304*: the client "
            "shows the ETag that it has."
        ),
        "",
        _SPEEDS,
        "|---" * 6 + "|",
    ]
    for label, here in (("every page made", made), ("as installed", installed)):
        lines += [_speed(label, here["whole"]), _speed(f"{label}, 304", here["unchanged"])]
    lines += [
        "",
        (
            f"- 95th percentile under 50 ms: {_yes(_quick(made))} where every page is made, "
            f"{_yes(_quick(installed))} as installed."
        ),
        (
            f"- A 304 is given {_saved(made):.1f} times as often as the page when it is made, "
            f"{_saved(installed):.1f} times as often as installed, where most pages come from "
            "memory, too."
        ),
        "",
        "Each sort of pages alone, every page made:",
        "",
        _SPEEDS,
        "|---" * 6 + "|",
        *(_speed(name, speed) for name, speed in made["sorts"].items()),
        "",
        "### Hubs",
        "",
        (
            f"The record of each kind that most statements name, in {spaced} "
            "statements, beside records that at most three name; one client, nothing kept, medians "
            f"of {hubs['turns']} or more."
        ),
        "",
        "| record | named | page ms | × small | Turtle ms | × small |",
        "|---|---|---|---|---|---|",
        _hub("small records", "0–3", hubs["small"], hubs["small"]),
        *(_hub(hub["record"], hub["mentions"], hub, hubs["small"]) for hub in hubs["hubs"]),
        "",
    ]
    return lines


_SPEEDS: Final = "| pages | a second | p50 ms | p95 ms | p99 ms | failed |"


def _speed(label: str, speed: Told) -> str:
    return (
        f"| {label} | {speed['per_second']:.0f} | {speed['p50']:.1f} | {speed['p95']:.1f} "
        f"| {speed['p99']:.1f} | {speed['failed']} |"
    )


def _quick(here: Told) -> bool:
    return bool(here["whole"]["p95"] < 50)


def _yes(held: bool) -> str:
    return "yes" if held else "**no**"


def _saved(here: Told) -> float:
    return float(here["unchanged"]["per_second"] / max(here["whole"]["per_second"], 0.01))


def _hub(label: str, named: object, hub: Told, small: Told) -> str:
    cells = [
        f"{hub[form]['p50']:.1f} | {hub[form]['p50'] / small[form]['p50']:.1f}"
        for form in ("page", "data")
    ]
    return f"| {label} | {named} | {' | '.join(cells)} |"
