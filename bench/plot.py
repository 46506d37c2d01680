"""A plot without a library: horizontal bars on a logarithmic scale, as SVG."""

import html
import math
from typing import Final

_LEFT: Final = 190
_WIDTH: Final = 760
_BAR: Final = 16
_COLOURS: Final = {"icgraph": "#0b5fa5"}
_RIVAL: Final = "#9aa5b1"


def bars(groups: dict[str, dict[str, float]]) -> str:
    """One group of bars under each title; the longest bar is the largest value of all."""
    values = [value for group in groups.values() for value in group.values() if value > 0]
    least, most = (min(values), max(values)) if values else (1.0, 10.0)
    low = math.floor(math.log10(least))
    scale = (_WIDTH - _LEFT - 90) / max(0.1, math.log10(most) - low)
    parts: list[str] = []
    down = 8
    for title, group in groups.items():
        if not group:
            continue
        down += 22
        parts.append(f'<text x="0" y="{down - 6}" font-weight="bold">{html.escape(title)}</text>')
        for name, value in group.items():
            length = scale * (math.log10(value) - low) if value > 0 else 0
            colour = _COLOURS.get(name, _RIVAL)
            middle = down + 12
            parts.append(
                f'<text x="{_LEFT - 8}" y="{middle}" text-anchor="end">{html.escape(name)}</text>'
                f'<rect x="{_LEFT}" y="{down}" width="{length:.1f}" height="{_BAR - 2}" '
                f'fill="{colour}"/>'
                f'<text x="{_LEFT + length + 6:.1f}" y="{middle}">{value:,.0f}</text>'
            )
            down += _BAR
    down += 24
    parts.append(
        f'<text x="{_LEFT}" y="{down - 8}">requests a second, 8 clients; logarithmic scale from '
        f"{10**low:g}</text>"
    )
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {_WIDTH} {down}" '
        f'width="{_WIDTH}" height="{down}" font-family="sans-serif" font-size="12" role="img">'
        "<title>Requests a second of icgraph and its rivals</title>"
        f'<rect width="{_WIDTH}" height="{down}" fill="#ffffff"/>{"".join(parts)}</svg>\n'
    )
