"""The load generator counts what was answered in full, and nothing else."""

import itertools
import socketserver
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager

from bench.load import measure, request_bytes

CHUNKED = (
    b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n6\r\n world\r\n0\r\n\r\n"
)
SIZED = b"HTTP/1.1 200 OK\r\ncontent-length: 5\r\n\r\nhello"
REFUSED = b"HTTP/1.1 503 Service Unavailable\r\nContent-Length: 0\r\n\r\n"
CUT = b"HTTP/1.1 200 OK\r\nContent-Length: 50\r\n\r\nhello"


@contextmanager
def answering(answer: bytes, *, closes: bool = False, pause: float = 0) -> Iterator[str]:
    class Handler(socketserver.BaseRequestHandler):
        def handle(self) -> None:
            while self.request.recv(65536):
                time.sleep(pause)
                for start in range(0, len(answer), 7):
                    self.request.sendall(answer[start : start + 7])
                if closes:
                    return

    class Threads(socketserver.ThreadingTCPServer):
        daemon_threads = True

    with Threads(("127.0.0.1", 0), Handler) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{server.server_address[1]}/sparql"
        server.shutdown()


def speed_of(endpoint: str, *, seconds: float = 0.2, limit: float = 5, at_least: int = 0):
    order = itertools.repeat(request_bytes(endpoint, "ASK {}"))
    return measure(endpoint, [order, order], seconds, limit=limit, at_least=at_least)


def test_answers_of_a_stated_length_are_counted() -> None:
    with answering(SIZED) as endpoint:
        speed = speed_of(endpoint)
    assert speed.answered > 2
    assert speed.failed == 0
    assert 0 < speed.p50 <= speed.p95 <= speed.p99


def test_chunked_answers_end_with_their_last_chunk() -> None:
    with answering(CHUNKED) as endpoint:
        speed = speed_of(endpoint)
    assert speed.answered > 2
    assert speed.failed == 0


def test_an_answer_that_ends_with_its_connection_is_whole() -> None:
    with answering(b"HTTP/1.0 200 OK\r\n\r\nhello", closes=True) as endpoint:
        speed = speed_of(endpoint)
    assert speed.answered > 2
    assert speed.failed == 0


def test_refusals_are_failures() -> None:
    with answering(REFUSED) as endpoint:
        speed = speed_of(endpoint)
    assert speed.answered == 0
    assert speed.failed > 2


def test_an_answer_cut_short_is_a_failure() -> None:
    with answering(CUT, closes=True) as endpoint:
        speed = speed_of(endpoint)
    assert speed.answered == 0
    assert speed.failed > 2


def test_a_request_over_its_limit_is_given_up() -> None:
    with answering(SIZED, pause=3) as endpoint:
        speed = speed_of(endpoint, seconds=0.1, limit=0.3)
    assert speed.answered == 0
    assert speed.over_time == speed.failed == 2


def test_every_client_asks_as_often_as_it_must_however_long_that_takes() -> None:
    with answering(SIZED, pause=0.2) as endpoint:
        speed = speed_of(endpoint, seconds=0.01, at_least=2)
    assert speed.answered == 4
