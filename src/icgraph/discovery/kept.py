"""What is the same for all pages of a revision, kept in memory after it was read once.

Names of topics, roles and countries stand on nearly every page. All that is kept is of one
revision, which its fingerprint tells, and is forgotten together when there is another.
"""

from collections import OrderedDict
from collections.abc import Hashable, Iterable, Mapping
from threading import Lock
from typing import Any, Final

#: Of about a thousand bytes each.
_MOST: Final = 20_000


class Kept:
    """Values by key, those not wanted for longest forgotten first; safe in several threads.

    Nobody may change a value that is kept. Whoever keeps one names the revision that was the
    newest *before* it was read: so it may be newer than it is thought to be, never older.
    """

    def __init__(self, most: int = _MOST) -> None:
        """Values that weigh `most` together, a small one being 1."""
        self._most = most
        self._lock = Lock()
        self._revision = ""
        self._weight = 0
        self._values: OrderedDict[Hashable, tuple[Any, int]] = OrderedDict()

    def find(self, revision: str, keys: Iterable[Hashable]) -> dict[Any, Any]:
        """What is kept under these keys of the revision with this fingerprint."""
        with self._lock:
            if revision != self._revision:
                return {}
            found = {key: self._values[key][0] for key in keys if key in self._values}
            for key in found:
                self._values.move_to_end(key)
        return found

    def keep(self, revision: str, values: Mapping[Any, Any], *, weight: int = 1) -> None:
        """Keep these, each of this weight; what was of another revision is forgotten.

        What weighs more than an eighth of all there may be is not kept.
        """
        if weight > self._most // 8:
            return
        with self._lock:
            if revision != self._revision:
                self._values.clear()
                self._weight = 0
                self._revision = revision
            for key, value in values.items():
                self._weight += weight - self._values.pop(key, (None, 0))[1]
                self._values[key] = (value, weight)
            while self._weight > self._most:
                self._weight -= self._values.popitem(last=False)[1][1]
