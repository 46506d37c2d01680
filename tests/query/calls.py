"""A listener on loopback, and what the engine calls when nothing keeps it from calling."""

import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from itertools import product

from pyoxigraph import Literal, NamedNode, Quad, QueryBoolean, Store


@dataclass
class Listener:
    """Takes connections, counts them and says nothing."""

    server: socket.socket = field(default_factory=lambda: socket.create_server(("127.0.0.1", 0)))
    calls: int = 0

    @property
    def address(self) -> str:
        return f"http://127.0.0.1:{self.server.getsockname()[1]}/"

    def listen(self) -> None:
        with suppress(OSError):
            while True:
                connection, _ = self.server.accept()
                self.calls += 1
                connection.close()


@contextmanager
def listening() -> Iterator[Listener]:
    listener = Listener()
    thread = threading.Thread(target=listener.listen)
    thread.start()
    try:
        yield listener
    finally:
        listener.server.shutdown(socket.SHUT_RDWR)
        listener.server.close()
        thread.join()


def some_store() -> Store:
    """A store in which the patterns of the tests match something."""
    things = [NamedNode(f"http://x/{name}") for name in ("a", "SERVICE", "LOAD")]
    values = [*things, Literal("SERVICE"), Literal("x", language="service"), Literal(1)]
    store = Store()
    store.extend(Quad(*triple) for triple in product(things, things, values))
    return store


def calls(store: Store, text: str, listener: Listener) -> bool:
    """Whether the bare engine calls the listener when it evaluates this query or update."""
    before = listener.calls
    try:
        answer = store.query(text)
        if not isinstance(answer, QueryBoolean):
            for _, _row in zip(range(100), answer, strict=False):
                pass
    except SyntaxError:
        with suppress(SyntaxError, OSError, RuntimeError, ValueError):
            Store().update(text)
    except (OSError, RuntimeError, ValueError):
        pass
    return listener.calls > before
