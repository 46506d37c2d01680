"""How much memory a process and those below it take, as the kernel counts it.

Workers share the pages of the graph they were forked over. The proportional set size counts
a shared page once in all, so the sums are true; the resident set size would count it for
each process that maps it.
"""

from pathlib import Path
from typing import Final

_KIB: Final = 1024


def memory_of(process: int) -> int:
    """The bytes of one process, its share of shared pages included; 0 when it has ended."""
    try:
        lines = Path(f"/proc/{process}/smaps_rollup").read_text(encoding="ascii").splitlines()
    except (OSError, UnicodeDecodeError):
        return 0
    return next((int(line.split()[1]) * _KIB for line in lines if line.startswith("Pss:")), 0)


def below(process: int) -> list[int]:
    """All processes that descend from one, by their numbers."""
    found = _children(process)
    return found + [deeper for child in found for deeper in below(child)]


def _children(process: int) -> list[int]:
    found: list[int] = []
    # Each thread has children of its own.
    for children in Path(f"/proc/{process}/task").glob("*/children"):
        try:
            found.extend(int(child) for child in children.read_text(encoding="ascii").split())
        except OSError:
            continue  # the thread has ended
    return found
