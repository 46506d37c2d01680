"""Results that are kept: the least recently wanted go first when the memory is full."""

import threading
from collections import OrderedDict
from dataclasses import dataclass
from typing import Final

#: What a kept result costs beside its bytes: its key, and the objects round it.
_OVERHEAD_BYTES: Final = 512


@dataclass(frozen=True, slots=True)
class KeptResult:
    """A whole result of a query on one revision."""

    revision: int
    media_type: str
    body: bytes
    rows: int | None


class ResultCache:
    """Results by key, in no more than `limit` bytes; safe to use from several threads."""

    def __init__(self, limit: int) -> None:
        self._limit = limit
        self._held = 0
        self._results: OrderedDict[str, KeptResult] = OrderedDict()
        self._lock = threading.Lock()

    def get(self, key: str) -> KeptResult | None:
        """The result kept under this key."""
        with self._lock:
            result = self._results.get(key)
            if result is not None:
                self._results.move_to_end(key)
            return result

    def put(self, key: str, result: KeptResult) -> None:
        """Keep a result, unless it would take more than an eighth of the room."""
        cost = _cost(result)
        if cost > self._limit // 8:
            return
        with self._lock:
            replaced = self._results.pop(key, None)
            if replaced is not None:
                self._held -= _cost(replaced)
            self._results[key] = result
            self._held += cost
            while self._held > self._limit:
                _, dropped = self._results.popitem(last=False)
                self._held -= _cost(dropped)

    def size(self) -> tuple[int, int]:
        """How many results are kept, and their bytes."""
        return len(self._results), self._held


def _cost(result: KeptResult) -> int:
    return len(result.body) + _OVERHEAD_BYTES
