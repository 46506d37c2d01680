"""The query log: one line of JSON a query, to standard error, when the query has ended.

The text of a query is not in it, only a hash by which the same text is known again: people
write names and private remarks into queries, and a log is kept longer than anyone remembers.
Of the client it keeps what the setting `log_clients` allows.
"""

import json
import logging
import os
import sys
from contextlib import suppress
from dataclasses import dataclass
from functools import lru_cache
from ipaddress import IPv6Address, ip_address, ip_network
from typing import Any, Final

import structlog

NETWORK_BITS: Final = {4: 24, 6: 48}


@dataclass(slots=True)
class Ended:
    """What is known of a query or update at its end; times in seconds, None where unknown.

    `outcome` is `ok`, `cached`, `not-modified`, or the code of an error. `duration` is the wall
    time from its arrival; an answer that was kept has no times of evaluation.
    """

    id: str | None
    kind: str
    hash: str
    client: str | None
    outcome: str = "ok"
    duration: float = 0.0
    queue: float | None = None
    evaluation: float | None = None
    serialisation: float | None = None
    rows: int | None = None
    bytes: int | None = None
    revision: int | None = None
    format: str | None = None


class QueryLog:
    """Writes the lines; safe to use from several threads and processes."""

    def __init__(self, descriptor: int | None = None) -> None:
        """Write to a descriptor, or to standard error."""
        # Not cached on first use but bound at once: binding costs more than a line does.
        self._log = structlog.wrap_logger(
            _Lines(sys.stderr.fileno() if descriptor is None else descriptor),
            processors=[
                structlog.processors.TimeStamper(fmt="iso", utc=True, key="time"),
                structlog.processors.JSONRenderer(_json),
            ],
            wrapper_class=structlog.make_filtering_bound_logger(logging.INFO),
            context_class=dict,
        ).bind()

    def write(self, ended: Ended) -> None:
        """Write the line of a query."""
        facts = {
            "id": ended.id,
            "kind": ended.kind,
            "hash": ended.hash,
            "outcome": ended.outcome,
            "duration": _rounded(ended.duration),
            "queue": _rounded(ended.queue),
            "evaluation": _rounded(ended.evaluation),
            "serialisation": _rounded(ended.serialisation),
            "rows": ended.rows,
            "bytes": ended.bytes,
            "revision": ended.revision,
            "format": ended.format,
        }
        if ended.client is not None:
            facts["client"] = ended.client
        self._log.info("query", **facts)


@lru_cache(maxsize=1024)
def shown_client(client: str, log_clients: str) -> str | None:
    """As much of a client's address as the setting lets anybody see; None for nothing.

    A client that is known by its token has no network.
    """
    if log_clients == "none" or not client:
        return None
    if log_clients == "address":
        return client
    try:
        address = ip_address(client)
    except ValueError:
        return None
    if isinstance(address, IPv6Address) and address.ipv4_mapped:
        address = address.ipv4_mapped
    return str(ip_network((address, NETWORK_BITS[address.version]), strict=False))


class _Lines:
    """Whole lines in one system call each, so that those of several processes never mix."""

    def __init__(self, descriptor: int) -> None:
        self._descriptor = descriptor

    def info(self, line: str) -> None:
        with suppress(OSError):  # a full disk or a closed pipe is no reason to fail a query
            os.write(self._descriptor, (line + "\n").encode())


#: Made once: `json.dumps` makes one for every line that is not in its own default form.
_ENCODER: Final = json.JSONEncoder(separators=(",", ":"))


def _json(event: dict[str, Any], **_: object) -> str:
    return _ENCODER.encode(event)


def _rounded(seconds: float | None) -> float | None:
    return None if seconds is None else round(seconds, 6)
