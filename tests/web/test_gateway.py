"""The gateway by itself: a small application behind it, and clients that are played."""

import asyncio
import threading
from io import BytesIO

import pytest

from icgraph.config import Settings
from icgraph.web.exchange import EXCHANGE, REFUSAL
from icgraph.web.gateway import Gateway
from icgraph.web.remembered import LARGEST


def request(path="/", method="GET", query=b"", **headers):
    named = [(name.replace("_", "-").encode(), value.encode()) for name, value in headers.items()]
    return {
        "type": "http",
        "method": method,
        "raw_path": path.encode(),
        "query_string": query,
        "scheme": "http",
        "http_version": "1.1",
        "server": ("127.0.0.1", 80),
        "client": ("192.0.2.1", 9),
        "headers": [(b"host", b"here"), *named],
    }


class Client:
    """What a client sends, and what it has been sent."""

    def __init__(self, *messages):
        self.messages = list(messages)
        self.leaves = asyncio.Event()
        self.sent = []
        self.hunger = asyncio.Semaphore(1000)

    async def receive(self):
        if self.messages:
            return self.messages.pop(0)
        await self.leaves.wait()
        return {"type": "http.disconnect"}

    async def send(self, message):
        await self.hunger.acquire()
        self.sent.append(message)

    @property
    def status(self):
        return self.sent[0]["status"]

    @property
    def headers(self):
        return dict(self.sent[0]["headers"])

    @property
    def body(self):
        return b"".join(message["body"] for message in self.sent[1:])

    @property
    def complete(self):
        return bool(self.sent) and not self.sent[-1].get("more_body", "status" in self.sent[-1])


def body_part(text, *, more=False):
    return {"type": "http.request", "body": text, "more_body": more}


class Application:
    """Says what it was asked, as a WSGI application does."""

    def __init__(self):
        self.environs = []
        self.closed = 0
        self.blocks = [b"hello"]
        self.length = 5
        self.about = lambda exchange: None
        self.status = "200 OK"

    def __call__(self, environ, start_response):
        self.environs.append(environ)
        if refusal := environ.get(REFUSAL):
            start_response(f"{refusal.status} Refused", [("Content-Length", "0")])
            return []
        self.about(environ[EXCHANGE])
        known = [("Content-Length", str(self.length))] if self.length is not None else []
        start_response(self.status, [("Content-Type", "text/plain"), ("Query-Id", "1"), *known])
        return _Closing(self)


class _Closing:
    def __init__(self, application):
        self.application = application

    def __iter__(self):
        return iter(self.application.blocks)

    def close(self):
        self.application.closed += 1


@pytest.fixture
def application():
    return Application()


@pytest.fixture
def gateway(application, tmp_path):
    settings = Settings(http_processes=1, body_seconds=0.2, upload_bytes=2_000_000, queue_length=0)
    gateway = Gateway(application, settings, fingerprint=lambda: gateway.head, spool=tmp_path)
    gateway.head = "first"
    return gateway


def play(gateway, scope, *messages):
    async def whole():
        client = Client(*messages)
        await gateway(scope, client.receive, client.send)
        return client

    return asyncio.run(whole())


def test_the_environ_says_what_was_asked(gateway, application):
    scope = request(
        "/a%20b%2Fc%FF", "POST", b"x=%25&y=+", content_length="3", x_one="1", x_two_="no"
    )
    scope["headers"] += [(b"x-one", b"2"), (b"x_one", b"forged"), (b"content-type", b"text/x")]

    client = play(gateway, scope, body_part(b"ab", more=True), body_part(b"c"))

    assert (client.status, client.body, client.complete) == (200, b"hello", True)
    environ = application.environs[0]
    assert environ["PATH_INFO"] == "/a b/c\xff"
    assert environ["RAW_URI"] == "/a%20b%2Fc%FF?x=%25&y=+"
    assert environ["QUERY_STRING"] == "x=%25&y=+"
    assert environ["HTTP_X_ONE"] == "1, 2"
    assert (environ["CONTENT_TYPE"], environ["CONTENT_LENGTH"]) == ("text/x", "3")
    assert environ["wsgi.input"].read() == b"abc"
    assert environ["REMOTE_ADDR"] == "192.0.2.1"


def test_a_file_is_taken_in_large_blocks(gateway, application):
    play(gateway, request())

    wrapper = application.environs[0]["wsgi.file_wrapper"]
    assert [len(block) for block in wrapper(BytesIO(b"x" * 200_000), 8192)] == [131_072, 68_928]


def test_a_chunked_body_has_the_length_it_came_with(gateway, application):
    play(gateway, request(method="POST", transfer_encoding="chunked"), body_part(b"abcd"))

    assert application.environs[0]["CONTENT_LENGTH"] == "4"
    assert "HTTP_TRANSFER_ENCODING" not in application.environs[0]


def test_a_body_that_is_cut_reaches_nobody(gateway, application):
    scope = request("/sparql", "POST", transfer_encoding="chunked")

    client = play(gateway, scope, body_part(b"DROP ALL ; ", more=True), {"type": "http.disconnect"})

    assert application.environs == []
    assert client.sent == []


def test_a_body_that_is_late_is_refused(gateway, application):
    client = play(gateway, request(method="POST", content_length="3"), body_part(b"a", more=True))

    assert client.status == 408
    assert application.environs[0][REFUSAL].members == {"limit": "body_seconds", "value": 0.2}


@pytest.mark.parametrize("path", ["/", "/sparql"])
@pytest.mark.parametrize(
    "length", [{"content_length": "9000000"}, {"transfer_encoding": "chunked"}]
)
def test_a_body_that_is_too_large_is_refused(gateway, application, path, length):
    parts = [body_part(b"x" * 500_000, more=True) for _ in range(8)]

    client = play(gateway, request(path, "POST", **length), *parts)

    assert client.status == 413
    assert len(application.environs) == 1


def test_many_large_bodies_at_once_are_refused_and_small_ones_are_not(gateway):
    async def together():
        large = request("/sparql", "POST", transfer_encoding="chunked")
        clients = [Client(body_part(b"x" * 1_900_000, more=True)) for _ in range(6)]
        waiting = [
            asyncio.create_task(gateway(large, client.receive, client.send)) for client in clients
        ]
        small = Client(body_part(b"x" * 1000))
        scope = request(method="POST", content_length="1000")
        await gateway(scope, small.receive, small.send)
        await asyncio.gather(*waiting)
        again = Client(body_part(b"x" * 1_900_000))
        await gateway(large, again.receive, again.send)
        return small.status, sorted(client.status for client in clients), again.status

    assert asyncio.run(together()) == (200, [408, 408, 503, 503, 503, 503], 200)


def test_an_answer_of_unknown_length_is_sent_with_its_length(gateway, application):
    application.length, application.blocks = None, [b"ab", b"", b"c" * 2_000_000]

    client = play(gateway, request())

    assert client.headers[b"content-length"] == b"2000002"
    assert client.body == b"ab" + b"c" * 2_000_000
    assert client.complete
    assert application.closed == 1


def breaking(*blocks):
    yield from blocks
    raise OSError("broken")


def play_to_the_break(gateway):
    async def whole():
        client = Client()
        with pytest.raises(OSError, match="broken"):
            await gateway(request(), client.receive, client.send)
        return client

    return asyncio.run(whole())


def test_an_answer_of_unknown_length_that_breaks_is_not_begun(gateway, application):
    application.length, application.blocks = None, breaking(b"ab")

    assert play_to_the_break(gateway).sent == []
    assert application.closed == 1


def test_a_large_answer_that_breaks_is_never_complete(gateway, application):
    application.length, application.blocks = 2 * LARGEST, breaking(b"x" * 1_000_000)

    client = play_to_the_break(gateway)

    assert client.status == 200
    assert not client.complete
    assert application.closed == 1


def test_a_large_answer_is_made_as_fast_as_it_is_read(gateway, application):
    made = []
    application.length = 100 * LARGEST
    application.blocks = (made.append(1) or b"x" * LARGEST for _ in range(100))

    async def slowly():
        client = Client()
        client.hunger = asyncio.Semaphore(3)
        sending = asyncio.create_task(gateway(request(), client.receive, client.send))
        while len(client.sent) < 3 or len(made) < 3:
            await asyncio.sleep(0.001)
        application.length, application.blocks = 5, [b"other"]
        others = [Client() for _ in range(20)]
        for other in others:
            await gateway(request(), other.receive, other.send)
        made_by_then = len(made)
        for _ in range(100):
            client.hunger.release()
        await sending
        return made_by_then, [other.body for other in others], client.complete

    assert asyncio.run(slowly()) == (3, [b"other"] * 20, True)


def test_a_reader_that_leaves_ends_a_large_answer(gateway, application):
    application.length = 100 * LARGEST
    application.blocks = iter(lambda: b"x" * LARGEST, b"")

    async def leaving():
        client = Client()
        sending = asyncio.create_task(gateway(request(), client.receive, client.send))
        while len(client.sent) < 3:
            await asyncio.sleep(0)
        client.leaves.set()
        await asyncio.wait_for(sending, 5)
        return client

    client = asyncio.run(leaving())
    assert not client.complete
    assert application.closed == 1


def test_the_application_hears_that_its_client_left(gateway, application):
    heard, let_go = threading.Event(), threading.Event()

    def wait(exchange):
        exchange.departure.then(heard.set)
        let_go.wait(5)

    application.about = wait

    async def leaving():
        client = Client()
        asking = asyncio.create_task(gateway(request(), client.receive, client.send))
        client.leaves.set()
        told = await asyncio.to_thread(heard.wait, 5)
        let_go.set()
        await asking
        return told

    assert asyncio.run(leaving())


def test_nobody_hears_of_a_client_that_leaves_with_its_answer(gateway, application):
    heard = threading.Event()
    application.about = lambda exchange: exchange.departure.then(heard.set)

    async def leaving():
        client = Client()
        await gateway(request(), client.receive, client.send)
        client.leaves.set()
        await asyncio.sleep(0.05)

    asyncio.run(leaving())
    assert not heard.is_set()


def test_requests_beyond_the_places_are_refused_and_health_is_not(gateway, application):
    let_go = threading.Event()
    application.about = lambda _: let_go.wait(5)

    async def crowd():
        clients = [Client() for _ in range(40)]
        asking = [
            asyncio.create_task(gateway(request("/sparql"), client.receive, client.send))
            for client in clients
        ]
        while len(application.environs) < 35:
            await asyncio.sleep(0.01)
        application.about = lambda _: None
        health = Client()
        await gateway(request("/health"), health.receive, health.send)
        let_go.set()
        await asyncio.gather(*asking)
        return health.status, [client.status for client in clients]

    health, statuses = asyncio.run(crowd())
    assert health == 200
    assert set(statuses) == {200, 503}
    assert play(gateway, request("/sparql")).status == 200


def lasting(gateway, tag=None):
    hits = []
    return hits, lambda exchange: exchange.lasting(gateway.head, lambda: hits.append(1), tag)


def test_a_lasting_answer_is_given_again_without_asking(gateway, application):
    hits, application.about = lasting(gateway, "t")
    first = play(gateway, request())

    second = play(gateway, request())
    without_body = play(gateway, request(method="HEAD"))
    unchanged = play(gateway, request(if_none_match='"x", W/"t"'))
    changed = play(gateway, request(if_none_match='"x"'))

    assert len(application.environs) == 1
    assert len(hits) == 4
    assert first.headers.pop(b"query-id") == b"1"
    assert (second.status, second.headers, second.body) == (
        200,
        {b"content-type": b"text/plain", b"content-length": b"5"},
        b"hello",
    )
    assert (without_body.status, without_body.headers, without_body.body) == (
        200,
        second.headers,
        b"",
    )
    assert (unchanged.status, unchanged.headers, unchanged.body) == (304, {}, b"")
    assert changed.body == b"hello"


def test_a_lasting_answer_is_forgotten_with_its_revision(gateway, application):
    _, application.about = lasting(gateway)
    play(gateway, request())
    gateway.head = "second"

    play(gateway, request())
    play(gateway, request())

    assert len(application.environs) == 2


def test_an_answer_of_an_older_revision_is_not_kept(gateway, application):
    application.about = lambda exchange: exchange.lasting("older")
    play(gateway, request())
    play(gateway, request())

    assert len(application.environs) == 2


@pytest.mark.parametrize(
    "other",
    [
        request("/other"),
        request(query=b"x=1"),
        request(accept="text/csv"),
        request(accept_language="fr"),
        request(authorization="Bearer x"),
        request(cookie="a=b"),
        request(x_forwarded_prefix="/below"),
        request(method="POST"),
        {**request(), "headers": [(b"host", b"elsewhere")]},
    ],
)
def test_a_lasting_answer_is_given_to_the_same_request_only(gateway, application, other):
    _, application.about = lasting(gateway)
    play(gateway, request())

    play(gateway, other)

    assert len(application.environs) == 2


@pytest.mark.parametrize("status", ["404 Not Found", "503 Busy"])
def test_errors_are_not_kept(gateway, application, status):
    _, application.about = lasting(gateway)
    application.status = status
    play(gateway, request())

    play(gateway, request())

    assert len(application.environs) == 2
