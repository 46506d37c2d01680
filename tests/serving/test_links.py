"""No page of the site leads to an address of the site that is not there.

A part is looked at always; in `make prove` everything, on a server whose base is its own address,
so that the graph's IRIs are links of the site, too.
"""

import sys
from collections.abc import Iterator

import pytest

from tests.conftest import Server
from tests.serving.crawling import crawl
from tests.serving.own_address import server_at_own_address

pytestmark = pytest.mark.sample

#: Records on the server at its own address that must be reached from the home page.
RECORDS = 2500


@pytest.fixture
def whole_site(tmp_path) -> Iterator[Server]:
    server = server_at_own_address(
        tmp_path, dumped=True, environment={"ICGRAPH_CLIENT_REQUESTS": "0"}
    )
    yield server
    server.stop()


def test_links_of_pages_lead_to_pages(server: Server) -> None:
    found = crawl(f"{server.address}/", most=300)
    assert found.asked >= 300
    assert not found.broken, "\n".join(found.broken)


@pytest.mark.prove
@pytest.mark.alone
@pytest.mark.timeout(1200)
def test_no_link_of_the_site_is_broken(
    whole_site: Server, capsys: pytest.CaptureFixture[str]
) -> None:
    with capsys.disabled():
        found = crawl(f"{whole_site.address}/", tell=lambda line: sys.stdout.write(f"{line}\n"))
    assert found.asked > 5 * RECORDS
    assert not found.broken, "\n".join(found.broken)
