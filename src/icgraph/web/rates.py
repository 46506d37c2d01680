"""How much of the service one client may take: requests under way, on average over time.

A client has an account in seconds. Each costly request under way takes one second from it every
second, and it is refilled at a rate of so many seconds a second: whoever has no more requests
under way than that rate, however fast they follow each other, is never refused. More of them use
up what is saved, which a quiet client gets back. So a client pays for the time it takes, with a
thousand small queries as with one large one.

Counting requests, as rate limiters do, would refuse a program that asks small things quickly,
and let through one whose queries all run to their time limit.
"""

import time
from collections import OrderedDict
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import lru_cache
from ipaddress import IPv6Address, ip_address, ip_network
from typing import Final

from pydantic import SecretStr
from werkzeug.datastructures import Authorization

from icgraph.config import Settings
from icgraph.errors import RateExceeded
from icgraph.web.authorisation import carries_token
from icgraph.web.environ import Scope, header

#: What an account holds, in seconds at its rate: so long a client may have twice as much.
_SAVED_SECONDS: Final = 30
#: Accounts that are remembered; who is forgotten starts with a full one.
_ACCOUNTS: Final = 10_000
#: An IPv6 network is what one household is given, so its addresses are one client.
_IPV6_BITS: Final = 64


@dataclass(slots=True)
class _Account:
    """What a client has saved, in seconds, at a moment; and its requests under way."""

    saved: float
    moment: float
    under_way: int = 0


class Rates:
    """The accounts of all clients of one HTTP process; used in its event loop alone."""

    def __init__(self, settings: Settings, *, clock: Callable[[], float] = time.monotonic) -> None:
        self._rate = settings.share(settings.client_requests) if settings.client_requests else 0
        self._most = self._rate * _SAVED_SECONDS
        self._proxies = settings.proxies
        self._token: SecretStr | None = settings.token
        self._clock = clock
        self._accounts: OrderedDict[str, _Account] = OrderedDict()

    @contextmanager
    def under_way(self, scope: Scope) -> Iterator[None]:
        """Take from the client's account while its request is answered.

        Raises RateExceeded when nothing is left. Who shows the token of the service has no
        account.
        """
        if not self._rate or carries_token(self._token, _authorization(scope)):
            yield
            return
        account = self._account(client_of(scope, self._proxies))
        if account.saved <= 0:
            raise RateExceeded(
                f"This client takes more of the service than is its share: {self._rate} requests "
                "under way at a time.",
                advice="Try again in a few seconds, with fewer requests at once.",
                limit="client_requests",
                value=self._rate,
            )
        account.under_way += 1
        try:
            yield
        finally:
            self._settle(account)
            account.under_way -= 1

    def _account(self, client: str) -> _Account:
        account = self._accounts.pop(client, None)
        if account is None:
            account = _Account(self._most, self._clock())
            if len(self._accounts) >= _ACCOUNTS:
                self._accounts.popitem(last=False)
        self._accounts[client] = account
        self._settle(account)
        return account

    def _settle(self, account: _Account) -> None:
        """Take and give what the time since the last moment comes to."""
        now = self._clock()
        change = (self._rate - account.under_way) * (now - account.moment)
        account.saved = min(self._most, account.saved + change)
        account.moment = now


def client_of(scope: Scope, proxies: int) -> str:
    """Whose request it is: an IPv4 address, or the network of an IPv6 address.

    Behind so many proxies of our own it is what the first of them saw; what a client itself
    writes into `X-Forwarded-For` stands further left, and counts for nothing.
    """
    address: str = scope["client"][0]
    if proxies:
        said = [value for name, value in scope["headers"] if name == b"x-forwarded-for"]
        hops = b",".join(said).decode("latin-1").split(",")
        if len(hops) >= proxies:
            address = hops[-proxies].strip() or address
    return _network(address)


@lru_cache(maxsize=4096)
def _network(address: str) -> str:
    try:
        found = ip_address(address)
    except ValueError:
        return address[:64]
    if not isinstance(found, IPv6Address):
        return str(found)
    if found.ipv4_mapped:
        return str(found.ipv4_mapped)
    return str(ip_network((found, _IPV6_BITS), strict=False))


def _authorization(scope: Scope) -> Authorization | None:
    given = header(scope["headers"], b"authorization")
    return Authorization.from_header(given.decode("latin-1")) if given else None
