"""Processes beside the service, each of which keeps something in step with the published graph.

Readers of the graph never wait for them: they begin when a revision is published already, have
a low priority, and are started again when they end.
"""

import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable
from typing import Final

import structlog

from icgraph.errors import ServiceNotReady
from icgraph.store.channel import die_with_parent
from icgraph.store.home import Home

_NICENESS: Final = 10
_POLL_SECONDS: Final = 0.1
_WATCH_SECONDS: Final = 0.5
_AGAIN_SECONDS: Final = 2
_log = structlog.get_logger(__name__)


def keep_companion(module: str, home: Home, stop: threading.Event, *arguments: str) -> None:
    """Run a module as a process until `stop`, and again when it ends.

    It is given this process's number, the home's folder and the arguments. Call it in a thread
    that lasts: the kernel's "die with your parent" means that thread.
    """
    command = [sys.executable, "-m", module, str(os.getpid()), str(home.folder), *arguments]
    while not stop.is_set():
        process = subprocess.Popen(command, stdin=subprocess.DEVNULL)  # noqa: S603 - our own module
        while process.poll() is None and not stop.wait(_WATCH_SECONDS):
            pass
        if process.poll() is None:
            process.terminate()
            process.wait()
        else:
            _log.error("a companion ended", module=module, code=process.returncode)
            stop.wait(_AGAIN_SECONDS)


def begin_companion(parent: int) -> None:
    """Make this process a companion of its parent: it ends with it, and has less claim."""
    die_with_parent(parent)
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C is for the supervisor
    os.nice(_NICENESS)


def follow_for_ever(follow: Callable[[], bool]) -> None:
    """Call `follow` again and again, after a pause when it had nothing to do.

    What hinders it is told once, and tried again.
    """
    told = ""
    while True:
        try:
            if not follow():
                time.sleep(_POLL_SECONDS)
            told = ""
        except ServiceNotReady:
            time.sleep(_POLL_SECONDS)  # there is a newer revision already
        except Exception as error:
            if str(error) != told:
                told = str(error)
                _log.exception("the published graph cannot be followed", error=told)
            time.sleep(_AGAIN_SECONDS)
