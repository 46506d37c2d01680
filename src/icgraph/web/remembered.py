"""Answers that need not be made again: the memory of exact requests.

A request is known by its address and by the headers that an answer may depend on; who shows a
token or a cookie is not known at all. All answers belong to one revision and are forgotten
together when there is another. Used in the event loop only, so it needs no lock;
only its figures are told to others.
"""

from collections import OrderedDict
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Final

from werkzeug.http import parse_date, parse_etags

from icgraph.web.answers import LARGEST, Answer, Headers
from icgraph.web.exchange import Lasting
from icgraph.web.validators import Validators

Key = tuple[bytes, bytes, tuple[tuple[bytes, bytes], ...]]


#: What an answer may depend on beside its address; pages name the host they are served from.
_CHOOSING: Final = frozenset(
    (
        b"accept",
        b"accept-language",
        b"host",
        b"x-forwarded-host",
        b"x-forwarded-port",
        b"x-forwarded-prefix",
        b"x-forwarded-proto",
    )
)
#: With one of these a request is nobody else's, or has a body.
_PERSONAL: Final = frozenset(
    (b"authorization", b"cookie", b"content-length", b"transfer-encoding", b"query-id", b"range")
)
#: What an answer says of its own making, not of what it says.
_OF_ONE_ANSWER: Final = frozenset((b"query-id", b"server-timing", b"date"))
_OF_A_BODY: Final = frozenset((b"content-length", b"content-type", b"content-language"))
_OVERHEAD: Final = 1024


@dataclass(frozen=True, slots=True)
class Known:
    """An answer with status 200, and the headers of a 304 in its place."""

    headers: Headers
    unchanged: Headers
    body: bytes
    validators: Validators | None
    on_hit: Callable[[], None]

    def held_by(self, if_none_match: bytes | None, if_modified_since: bytes | None) -> bool:
        """Whether a client with these headers has this very answer."""
        if self.validators is None or (if_none_match is None and if_modified_since is None):
            return False
        tags = parse_etags(if_none_match.decode("latin-1") if if_none_match else None)
        since = parse_date(if_modified_since.decode("latin-1")) if if_modified_since else None
        return self.validators.held_by(tags, since)


def known(answer: Answer, lasts: Lasting) -> Known:
    """An answer to be kept, without what it says of its own making."""
    kept = [pair for pair in answer.headers if pair[0] not in _OF_ONE_ANSWER]
    unchanged = [pair for pair in kept if pair[0] not in _OF_A_BODY]
    validators = None if lasts.tag is None else Validators(lasts.tag, lasts.modified)
    return Known(kept, unchanged, answer.body, validators, lasts.on_hit)


def key_of(path: bytes, query: bytes, headers: Iterable[tuple[bytes, bytes]]) -> Key | None:
    """What a request is known by; None when its answer is for nobody else."""
    choosing = []
    for pair in headers:
        name = pair[0]
        if name in _CHOOSING:
            choosing.append(pair)
        elif name in _PERSONAL:
            return None
    return path, query, tuple(choosing)


class Memory:
    """The answers of one revision, the longest unused forgotten first, bounded in bytes."""

    def __init__(self, limit: int) -> None:
        self._limit = limit
        self._size = 0
        self._fingerprint = ""
        self._answers: OrderedDict[Key, Known] = OrderedDict()

    def find(self, key: Key, fingerprint: str) -> Known | None:
        """The answer to this request at this revision, if it is known."""
        if fingerprint != self._fingerprint:
            self._forget_all(fingerprint)
            return None
        answer = self._answers.get(key)
        if answer is not None:
            self._answers.move_to_end(key)
        return answer

    def keep(self, key: Key, fingerprint: str, answer: Known) -> None:
        """Keep an answer that was given at the newest revision, of this hash."""
        if fingerprint != self._fingerprint:
            self._forget_all(fingerprint)
        size = _size(key, answer)
        if len(answer.body) > LARGEST or size > self._limit:
            return
        if key in self._answers:
            self._size -= _size(key, self._answers.pop(key))
        self._answers[key] = answer
        self._size += size
        while self._size > self._limit:
            oldest, forgotten = self._answers.popitem(last=False)
            self._size -= _size(oldest, forgotten)

    def figures(self) -> dict[str, float]:
        """How much is kept, for `query.numbers`; may be asked from any thread."""
        return {"cache_results": len(self._answers), "cache_bytes": self._size}

    def _forget_all(self, fingerprint: str) -> None:
        self._answers.clear()
        self._size = 0
        self._fingerprint = fingerprint


def _size(key: Key, answer: Known) -> int:
    path, query, choosing = key
    chosen = sum(len(value) for _, value in choosing)
    return len(path) + len(query) + chosen + len(answer.body) + _OVERHEAD
