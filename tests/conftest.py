"""Real parts for the tests: a home with the packaged graph, and servers over copies of it."""

import os
import re
import shutil
import signal
import subprocess
import sys
import threading
import time
import urllib.error
import urllib.parse
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import dataclass, field
from email.message import Message
from pathlib import Path
from typing import IO

import pytest
from hypothesis import HealthCheck, settings

from icgraph.catalogue.assessing import assess_home
from icgraph.catalogue.dumping import make_dump
from icgraph.discovery.indexer import index_home
from icgraph.store.home import Home

# Fixed seeds: the same test gives the same verdict on every machine, however busy it is.
settings.register_profile(
    "house", derandomize=True, deadline=None, suppress_health_check=[HealthCheck.too_slow]
)
settings.load_profile("house")

ICGRAPH = str(Path(sys.executable).with_name("icgraph"))
START_SECONDS = 60


def clean_environment(**extra: str) -> dict[str, str]:
    kept = {name: value for name, value in os.environ.items() if not name.startswith("ICGRAPH_")}
    return {**kept, **extra}


@dataclass
class Reply:
    status: int
    headers: Message
    body: bytes

    @property
    def text(self) -> str:
        return self.body.decode()


class _NoRedirect(urllib.request.HTTPRedirectHandler):
    def redirect_request(self, *_args: object) -> None:
        return None


@dataclass
class Server:
    """An `icgraph serve` of its own; `printed` is what it prints once it serves, line by line."""

    home: Path
    options: tuple[str, ...] = ()
    environment: dict[str, str] = field(default_factory=dict)
    printed: list[str] = field(default_factory=list)

    def start(self) -> "Server":
        self.process = subprocess.Popen(
            [ICGRAPH, "serve", "--port", "0", "--home", str(self.home), *self.options],
            env=clean_environment(**self.environment),
            cwd=self.home.parent,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
        )
        assert self.process.stdout is not None
        printed = ""
        for line in self.process.stdout:
            printed += line
            if match := re.search(r"icgraph serves (http://\S+)", line):
                self.address = match[1]
                break
        else:
            pytest.fail(f"the server did not start:\n{printed}")
        threading.Thread(target=self._read_on, args=(self.process.stdout,), daemon=True).start()
        return self

    def _read_on(self, output: IO[str]) -> None:
        with suppress(ValueError):  # it was closed, as the server was stopped
            for line in output:
                self.printed.append(line)

    def get(
        self,
        path: str,
        *,
        follow: bool = False,
        data: bytes | None = None,
        method: str = "",
        **headers: str,
    ) -> Reply:
        named = {name.replace("_", "-"): value for name, value in headers.items()}
        request = urllib.request.Request(self.address + path, data=data, headers=named)
        if method:
            request.method = method
        opener = urllib.request.build_opener(*(() if follow else (_NoRedirect,)))
        try:
            with opener.open(request, timeout=60) as response:
                return Reply(response.status, response.headers, response.read())
        except urllib.error.HTTPError as error:
            with error:
                return Reply(error.code, error.headers, error.read())

    def query(self, text: str, **headers: str) -> Reply:
        return self.get("/sparql?" + urllib.parse.urlencode({"query": text}), **headers)

    def ready(self) -> bool:
        try:
            return self.get("/health").status == 200
        except OSError:
            return False

    def stop(self) -> int:
        with suppress(ProcessLookupError):
            self.process.send_signal(signal.SIGINT)
        try:
            return self.process.wait(20)
        finally:
            self.process.kill()
            self.process.wait()
            if self.process.stdout is not None:
                self.process.stdout.close()


def wait_until(condition: Callable[[], bool], seconds: float) -> bool:
    """Whether the condition came true in time."""
    pause = threading.Event()
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline:
        if condition():
            return True
        pause.wait(0.02)
    return condition()


@pytest.fixture(scope="session")
def built_home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A home with the packaged graph; copy it, never write to it."""
    home = tmp_path_factory.mktemp("built") / "home"
    subprocess.run(
        [ICGRAPH, "load", "--home", str(home)],
        env=clean_environment(),
        cwd=home.parent,
        check=True,
        capture_output=True,
        timeout=120,
    )
    index_home(Home(home))  # else every server over a copy would
    assess_home(Home(home), seconds=120)
    return home


@pytest.fixture(scope="session")
def dumped_home(built_home: Path, tmp_path_factory: pytest.TempPathFactory) -> Home:
    """A home with the packaged graph and its dump; copy it, never write to it."""
    home = Home(tmp_path_factory.mktemp("dumped") / "home")
    shutil.copytree(built_home, home.folder)
    make_dump(home)
    return home


@pytest.fixture
def home(built_home: Path, tmp_path: Path) -> Path:
    """A home with the packaged graph, for one test."""
    shutil.copytree(built_home, tmp_path / "home")
    return tmp_path / "home"


@pytest.fixture(scope="session")
def server(built_home: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """A running server over the packaged graph, shared by tests that only read."""
    home = tmp_path_factory.mktemp("served") / "home"
    shutil.copytree(built_home, home)
    started = Server(home).start()
    yield started
    started.stop()


@pytest.fixture(scope="session")
def bare_server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """A running `serve --bare`; its tests write, each to graphs of its own."""
    environment = {"ICGRAPH_UPLOAD_BYTES": "100000"}
    started = Server(tmp_path_factory.mktemp("bare") / "home", ("--bare",), environment).start()
    yield started
    started.stop()
