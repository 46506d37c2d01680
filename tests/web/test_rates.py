"""How much of the service one client may take."""

import asyncio
from base64 import b64encode
from contextlib import ExitStack

import pytest

from icgraph.config import Settings
from icgraph.errors import RateExceeded
from icgraph.web.exchange import EXCHANGE, REFUSAL
from icgraph.web.gateway import Gateway
from icgraph.web.rates import _ACCOUNTS, Rates, client_of

TOKEN = "a secret of some length"


def scope(address: str = "192.0.2.1", *headers: tuple[str, str], path: str = "/sparql"):
    return {
        "type": "http",
        "method": "GET",
        "raw_path": path.encode(),
        "query_string": b"",
        "scheme": "http",
        "http_version": "1.1",
        "server": ("127.0.0.1", 80),
        "client": (address, 9),
        "headers": [(name.encode(), value.encode()) for name, value in headers],
    }


class Clock:
    now = 0.0

    def __call__(self) -> float:
        return self.now


@pytest.fixture
def clock():
    return Clock()


@pytest.fixture
def rates(clock):
    """Four requests under way; 120 seconds saved."""
    return Rates(Settings(http_processes=1, client_requests=4), clock=clock)


def take(rates, clock, requests: int, seconds: float, address: str = "192.0.2.1") -> None:
    """So many requests at once that take so long."""
    with ExitStack() as under_way:
        for _ in range(requests):
            under_way.enter_context(rates.under_way(scope(address)))
        clock.now += seconds


def test_as_many_requests_as_the_share_are_never_refused(rates, clock):
    for _ in range(100):
        take(rates, clock, requests=4, seconds=1000)


def test_more_are_borne_while_something_is_saved_and_then_refused(rates, clock):
    take(rates, clock, requests=8, seconds=29)
    take(rates, clock, requests=8, seconds=1)
    with pytest.raises(RateExceeded) as refused:
        take(rates, clock, requests=1, seconds=1)
    assert refused.value.members == {"limit": "client_requests", "value": 4}


def test_who_waits_may_ask_again(rates, clock):
    take(rates, clock, requests=40, seconds=10)
    with pytest.raises(RateExceeded):
        take(rates, clock, requests=1, seconds=1)
    clock.now += 1000
    take(rates, clock, requests=8, seconds=29)
    take(rates, clock, requests=1, seconds=1)


def test_small_requests_cost_what_they_take(rates, clock):
    for _ in range(10_000):
        take(rates, clock, requests=4, seconds=0.001)


def test_others_do_not_pay(rates, clock):
    take(rates, clock, requests=40, seconds=10)
    take(rates, clock, requests=4, seconds=1, address="192.0.2.2")


def test_what_goes_on_is_paid_before_it_ends(rates, clock):
    with ExitStack() as under_way:
        for _ in range(40):
            under_way.enter_context(rates.under_way(scope()))
        clock.now += 10
        with pytest.raises(RateExceeded):
            under_way.enter_context(rates.under_way(scope()))


def test_a_setting_of_nothing_is_no_limit(clock):
    rates = Rates(Settings(client_requests=0), clock=clock)
    for _ in range(10):
        take(rates, clock, requests=1000, seconds=1000)


@pytest.mark.parametrize(
    "given", [f"Bearer {TOKEN}", "Basic " + b64encode(f"me:{TOKEN}".encode()).decode()]
)
def test_the_token_is_not_limited_and_no_other(clock, given):
    rates = Rates(Settings(client_requests=1, token=TOKEN), clock=clock)
    take(rates, clock, requests=100, seconds=100)
    with rates.under_way(scope("192.0.2.1", ("authorization", given))):
        pass
    for wrong in (given[:-4], "Bearer", "nonsense \xff", "Basic %%%"):
        with (
            pytest.raises(RateExceeded),
            rates.under_way(scope("192.0.2.1", ("authorization", wrong))),
        ):
            pass


def test_clients_without_number_do_not_fill_the_memory(rates, clock):
    for number in range(_ACCOUNTS + 100):
        address = f"10.{number >> 16}.{number >> 8 & 255}.{number & 255}"
        take(rates, clock, requests=1, seconds=0, address=address)
    assert len(rates._accounts) == _ACCOUNTS


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        ("192.0.2.1", "192.0.2.2", False),
        ("192.0.2.1", "::ffff:192.0.2.1", True),
        ("2001:db8:0:1::1", "2001:db8:0:1:ffff::2", True),
        ("2001:db8:0:1::1", "2001:db8:0:2::1", False),
        ("fe80::1%eth0", "fe80::1%eth0", True),
    ],
)
def test_addresses_of_one_network_are_one_client(one, other, same):
    assert (client_of(scope(one), 0) == client_of(scope(other), 0)) is same


@pytest.mark.parametrize(
    ("proxies", "said", "client"),
    [
        (0, "198.51.100.7", "192.0.2.1"),
        (1, "198.51.100.7", "198.51.100.7"),
        (1, "203.0.113.9, 198.51.100.7", "198.51.100.7"),
        (2, "203.0.113.9, 198.51.100.7, 192.0.2.5", "198.51.100.7"),
        (2, "198.51.100.7", "192.0.2.1"),
        (1, "", "192.0.2.1"),
    ],
)
def test_only_the_proxies_of_the_setting_are_believed(proxies, said, client):
    assert client_of(scope("192.0.2.1", ("x-forwarded-for", said)), proxies) == client


@pytest.mark.parametrize("path", ["/sparql?query=ASK%7B%7D", "/data", "/practices"])
def test_the_refusal_says_when_to_come_back(client, path):
    error = RateExceeded("Too much.", advice="Wait.", limit="client_requests", value=8)
    reply = client.get(path, environ_overrides={REFUSAL: error})
    assert reply.status_code == 429
    assert reply.headers["Retry-After"] == "5"
    assert reply.mimetype == "application/problem+json"
    assert (reply.json["code"], reply.json["value"]) == ("rate-limit", 8)


class Application:
    """An application behind a gateway, whose answers last."""

    def __init__(self, gateway_of):
        self.asked = 0
        self.gateway = gateway_of(self)

    def __call__(self, environ, start_response):
        self.asked += 1
        if refusal := environ.get(REFUSAL):
            start_response(f"{refusal.status} Refused", [("Content-Length", "0")])
            return []
        environ[EXCHANGE].lasting("first")
        start_response("200 OK", [("Content-Type", "text/plain"), ("Content-Length", "2")])
        return [b"ok"]

    def status(self, path: str) -> int:
        async def ask() -> int:
            sent = []

            async def receive():
                await asyncio.Event().wait()

            async def send(message):
                sent.append(message)

            await self.gateway(scope(path=path), receive, send)
            return sent[0]["status"]

        return asyncio.run(ask())


@pytest.fixture
def application(tmp_path):
    settings = Settings(http_processes=1, client_requests=1)
    return Application(
        lambda it: Gateway(it, settings, fingerprint=lambda: "first", spool=tmp_path)
    )


@pytest.fixture
def spent(application):
    """The application, whose client has nothing left but has asked for /sparql?known."""
    assert application.status("/sparql/known") == 200
    rates = application.gateway._rates
    rates._account(client_of(scope(), 0)).saved = -1000.0
    return application


@pytest.mark.parametrize(
    "path", ["/sparql", "/%73parql", "/data?graph=x", "/graph/x", "/search?q=x", "/dumps/x"]
)
def test_a_client_that_spent_all_is_refused_what_is_costly(spent, path):
    assert spent.status(path) == 429


@pytest.mark.parametrize("path", ["/", "/practices", "/health", "/sparql/queries", "/metrics"])
def test_a_client_that_spent_all_still_reads_pages(spent, path):
    assert spent.status(path) == 200


def test_known_answers_are_given_again_to_whoever_spent_all(spent):
    asked = spent.asked
    assert spent.status("/sparql/known") == 200
    assert spent.asked == asked
