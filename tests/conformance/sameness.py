"""Whether two tables of terms are the same but for the names of their blank nodes."""

from collections import Counter
from collections.abc import Hashable, Mapping, Sequence

from pyoxigraph import BlankNode

Row = tuple[Hashable, ...]
Colours = dict[BlankNode, int]


def same_rows(left: Sequence[Row], right: Sequence[Row]) -> bool:
    """Whether one bijection between the blank nodes makes the two the same bag of rows."""
    return _match(left, right, {}, {})


def _match(
    left: Sequence[Row],
    right: Sequence[Row],
    chosen_left: Mapping[BlankNode, int],
    chosen_right: Mapping[BlankNode, int],
) -> bool:
    """Refine; while nodes cannot be told apart, take one and try each of its likes."""
    ours, theirs = _refined(left, chosen_left), _refined(right, chosen_right)
    if Counter(ours.values()) != Counter(theirs.values()):
        return False
    if Counter(_painted(left, ours)) != Counter(_painted(right, theirs)):
        return False
    sizes = Counter(ours.values())
    alike = next((node for node, colour in ours.items() if sizes[colour] > 1), None)
    if alike is None:
        return True
    mark = len(chosen_left) + 1
    return any(
        _match(left, right, {**chosen_left, alike: mark}, {**chosen_right, other: mark})
        for other, colour in theirs.items()
        if colour == ours[alike]
    )


def _refined(rows: Sequence[Row], chosen: Mapping[BlankNode, int]) -> Colours:
    """Colours that tell blank nodes apart by the rows they stand in, as far as that goes."""
    nodes = {cell for row in rows for cell in row if isinstance(cell, BlankNode)}
    colours = {node: chosen.get(node, 0) for node in nodes}
    classes = -1
    while len(set(colours.values())) > classes:
        classes = len(set(colours.values()))
        seen: dict[BlankNode, list[int]] = {node: [] for node in nodes}
        for row in rows:
            for node in {cell for cell in row if isinstance(cell, BlankNode)}:
                places = tuple(cell == node for cell in row)
                seen[node].append(hash((places, _paint(row, colours))))
        colours = {node: hash((colours[node], *sorted(seen[node]))) for node in nodes}
    return colours


def _painted(rows: Sequence[Row], colours: Colours) -> list[Row]:
    return [_paint(row, colours) for row in rows]


def _paint(row: Row, colours: Colours) -> Row:
    return tuple(("blank", colours[cell]) if isinstance(cell, BlankNode) else cell for cell in row)
