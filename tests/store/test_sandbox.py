import subprocess
import sys

import pytest

PROGRAM = """
import socket, sys
from icgraph.store.sandbox import forbid_network
if not forbid_network():
    sys.exit(77)
socket.socketpair()
open("/proc/self/stat").close()
for family in (socket.AF_INET, socket.AF_INET6):
    try:
        socket.socket(family)
    except PermissionError:
        continue
    sys.exit(1)
"""


def test_a_process_in_the_sandbox_opens_no_network_socket() -> None:
    ended = subprocess.run([sys.executable, "-c", PROGRAM], timeout=60, check=False)
    if ended.returncode == 77:
        pytest.skip("this machine or its kernel has no filter for system calls")
    assert ended.returncode == 0
