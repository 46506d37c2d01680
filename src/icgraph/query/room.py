"""How much disk the large results on their way out may take, all together."""

import threading


class Room:
    """The disk that large results on their way out may take; safe to use from several threads."""

    def __init__(self, total: int, *, result: int, places: int) -> None:
        """`total` bytes for results of at most `result` each, made in so many `places` at once."""
        self._total = total
        self._lock = threading.Lock()
        self._held = 0
        self.result = min(result, total // places)
        self._most_held = total - places * self.result

    def free(self) -> bool:
        """Whether there is room for as many results more as can be in the making."""
        return self._held <= self._most_held

    def change(self, size: int) -> None:
        """So many bytes more, or less, are on their way out."""
        with self._lock:
            self._held += size

    def held(self) -> int:
        """The bytes that are on their way out."""
        return self._held
