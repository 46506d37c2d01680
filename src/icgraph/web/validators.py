"""What tells an answer from other answers (RFC 9110, section 8.8), remembered for one revision.

An entity tag is made of the very bytes that are sent, so it is strong by construction, and stays
when a change of the graph leaves an answer as it was. It is remembered by the request that led
to it, so that saying "you have it already" costs no reading as long as the graph stays.
"""

import threading
from collections import OrderedDict
from dataclasses import dataclass
from datetime import datetime
from hashlib import sha256
from typing import Final

from werkzeug.datastructures import ETags

_LENGTH: Final = 24
_MOST: Final = 20_000


@dataclass(frozen=True, slots=True)
class Validators:
    """An entity tag, without quotation marks, and when what is told last changed, if known."""

    tag: str
    modified: datetime | None = None

    def held_by(self, if_none_match: ETags, if_modified_since: datetime | None) -> bool:
        """Whether a client with these preconditions has the answer (section 13.2.2).

        Tags are compared weakly; the date counts only where no tag is shown.
        """
        if if_none_match:
            return if_none_match.contains_weak(self.tag)
        if if_modified_since is None or self.modified is None:
            return False
        return self.modified <= if_modified_since


def tag_of(*parts: str | bytes) -> str:
    """The tag of an answer that these texts and bytes, in this order, tell from all others."""
    digest = sha256()
    for part in parts:
        told = part.encode() if isinstance(part, str) else part
        digest.update(len(told).to_bytes(8) + told)
    return digest.hexdigest()[:_LENGTH]


class Remembered:
    """The validators of answers to known requests, at one revision; safe in several threads."""

    def __init__(self, most: int = _MOST) -> None:
        self._most = most
        self._lock = threading.Lock()
        self._revision = ""
        self._known: OrderedDict[str, Validators] = OrderedDict()

    def find(self, revision: str, key: str) -> Validators | None:
        """Those of the answer to this request, if it was given at this revision."""
        with self._lock:
            return self._known.get(key) if revision == self._revision else None

    def keep(self, revision: str, key: str, validators: Validators) -> None:
        """Remember them; those of another revision are forgotten, then the oldest."""
        with self._lock:
            if revision != self._revision:
                self._known.clear()
                self._revision = revision
            self._known[key] = validators
            if len(self._known) > self._most:
                self._known.popitem(last=False)
