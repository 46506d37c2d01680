"""The load: eight clients in one event loop, over connections that stay open.

It shares the machine with the servers, so it does little: requests are bytes made beforehand, a
body is counted and thrown away, and what the client itself cost is reported beside the figures.
"""

import resource
import selectors
import socket
import time
import urllib.parse
from collections.abc import Callable, Iterator
from dataclasses import asdict, dataclass
from typing import Any, Final

CLIENTS: Final = 8
ACCEPT: Final = "application/sparql-results+json"
_BUFFER: Final = 1 << 20
_LAST_CHUNK: Final = b"0\r\n\r\n"


@dataclass(frozen=True, slots=True)
class Speed:
    """What a server did: requests a second that were answered in full, latencies in milliseconds.

    `client` is the share of one core that the client took; `over_time` is counted in `failed`.
    """

    per_second: float
    p50: float
    p95: float
    p99: float
    answered: int
    failed: int
    over_time: int
    client: float

    def to_json(self) -> dict[str, Any]:
        """The same as JSON."""
        return asdict(self)


def request_bytes(endpoint: str, text: str) -> bytes:
    """One GET of the SPARQL protocol, as it goes over the wire."""
    where = urllib.parse.urlsplit(endpoint)
    path = f"{where.path}?{urllib.parse.urlencode({'query': text})}"
    return (
        f"GET {path} HTTP/1.1\r\nHost: {where.netloc}\r\nAccept: {ACCEPT}\r\n"
        "User-Agent: icgraph-bench\r\n\r\n"
    ).encode()


def measure(
    endpoint: str,
    orders: list[Iterator[bytes]],
    seconds: float,
    *,
    limit: float = 30,
    at_least: int = 0,
    status: int = 200,
) -> Speed:
    """Ask for so many seconds, one client for each of the orders of requests.

    A request that is not answered within `limit` seconds counts as failed and ends its
    connection, one that has another `status` counts as failed. Each client asks `at_least` so
    often, however long that takes.
    """
    where = urllib.parse.urlsplit(endpoint)
    assert where.hostname is not None
    address = (where.hostname, where.port or 80)
    buffer = bytearray(_BUFFER)
    used = resource.getrusage(resource.RUSAGE_SELF)
    began = time.perf_counter()
    with selectors.DefaultSelector() as selector:
        clients = [_Client(address, order, selector, buffer, status) for order in orders]
        _run(clients, selector, began + seconds, limit, at_least)
        for client in clients:
            client.close()
    took = time.perf_counter() - began
    spent = resource.getrusage(resource.RUSAGE_SELF)
    cpu = spent.ru_utime + spent.ru_stime - used.ru_utime - used.ru_stime
    latencies = sorted(each for client in clients for each in client.latencies)
    return Speed(
        per_second=round(len(latencies) / took, 2),
        p50=_percentile(latencies, 0.5),
        p95=_percentile(latencies, 0.95),
        p99=_percentile(latencies, 0.99),
        answered=len(latencies),
        failed=sum(client.failed for client in clients),
        over_time=sum(client.over_time for client in clients),
        client=round(cpu / took, 3),
    )


def _percentile(ordered: list[float], share: float) -> float:
    if not ordered:
        return float("nan")
    return round(1000 * ordered[min(len(ordered) - 1, int(len(ordered) * share))], 2)


def _run(
    clients: "list[_Client]",
    selector: selectors.BaseSelector,
    deadline: float,
    limit: float,
    at_least: int,
) -> None:
    def goes_on(client: "_Client") -> bool:
        return time.perf_counter() < deadline or client.asked < at_least

    for client in clients:
        client.ask()
    while any(client.waits for client in clients):
        for key, _ in selector.select(0.05):
            handle: Callable[[], bool] = key.data
            if handle() and goes_on(key.data.__self__):
                key.data.__self__.ask()
        now = time.perf_counter()
        for client in clients:
            if client.waits and now - client.began > limit:
                client.give_up()
                if goes_on(client):
                    client.ask()


class _Client:
    """One connection, and the state of the answer that comes over it."""

    def __init__(
        self,
        address: tuple[str, int],
        order: Iterator[bytes],
        selector: selectors.BaseSelector,
        buffer: bytearray,
        status: int,
    ) -> None:
        self.latencies: list[float] = []
        self.failed = 0
        self.over_time = 0
        self.asked = 0
        self.waits = False
        self.began = 0.0
        self._address = address
        self._order = order
        self._selector = selector
        self._status = str(status).encode()
        self._buffer = memoryview(buffer)
        self._socket: socket.socket | None = None

    def ask(self) -> None:
        """Send the next request; there must be none under way."""
        self.asked += 1
        self.began = time.perf_counter()
        self.waits = True
        self._head = b""
        self._left: int | None = None
        self._tail = b""
        self._good = False
        self._ends = False
        try:
            if self._socket is None:
                self._connect()
            assert self._socket is not None
            self._socket.sendall(next(self._order))
        except OSError:
            self._fail()

    def _connect(self) -> None:
        self._socket = socket.create_connection(self._address, timeout=10)
        self._socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self._selector.register(self._socket, selectors.EVENT_READ, self.read)

    def read(self) -> bool:
        """Take what came; whether the request has ended, well or not."""
        assert self._socket is not None
        try:
            size = self._socket.recv_into(self._buffer)
        except OSError:
            size = 0
        if not size:
            return self._closed()
        if self._left is None and not self._ends:
            return self._read_head(bytes(self._buffer[:size]))
        return self._read_body(self._buffer[:size])

    def _read_head(self, piece: bytes) -> bool:
        self._head += piece
        end = self._head.find(b"\r\n\r\n")
        if end < 0:
            return False
        head = self._head[:end].lower()
        self._good = head[9:12] == self._status
        body = memoryview(self._head)[end + 4 :]
        length = head.find(b"\r\ncontent-length:")
        if head[9:12] == b"304":
            self._left = 0  # it has no body, whatever length it tells (RFC 9112, section 6.3)
        elif length >= 0:
            self._left = int(head[length + 17 :].split(b"\r\n", 1)[0])
        elif b"chunked" in head:
            self._ends = True
        else:
            self._ends, self._tail = True, b"closes"
        return self._read_body(body)

    def _read_body(self, piece: memoryview) -> bool:
        if self._left is not None:
            self._left -= len(piece)
            return self._left <= 0 and self._done()
        if self._tail == b"closes":
            return False
        self._tail = (self._tail + bytes(piece[-5:]))[-5:]
        return self._tail == _LAST_CHUNK and self._done()

    def _done(self) -> bool:
        self.waits = False
        if self._good:
            self.latencies.append(time.perf_counter() - self.began)
        else:
            self.failed += 1
        return True

    def _closed(self) -> bool:
        whole = self._tail == b"closes"
        self.close()
        if not self.waits:
            return False
        if whole:
            return self._done()
        self._fail()
        return True

    def _fail(self) -> None:
        self.close()
        self.waits = False
        self.failed += 1

    def give_up(self) -> None:
        """End a request that takes too long."""
        self.over_time += 1
        self._fail()

    def close(self) -> None:
        """End the connection."""
        if self._socket is not None:
            self._selector.unregister(self._socket)
            self._socket.close()
            self._socket = None
