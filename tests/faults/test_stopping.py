"""Ctrl-C on long work: it ends at once, says so, and leaves what was there before."""

import os
import pty
import signal
import subprocess
from pathlib import Path

import pytest

from tests.conftest import ICGRAPH, clean_environment
from tests.faults.test_kills import assert_all_or_nothing

FACTS = Path(__file__).parents[3] / "shared" / "data"


def stopped(arguments: list[str], folder: Path, after: float) -> subprocess.CompletedProcess[str]:
    """Run a command and press Ctrl-C: the signal goes to the whole group, as a terminal does."""
    process = subprocess.Popen(
        [ICGRAPH, *arguments],
        cwd=folder,
        env=clean_environment(),
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        start_new_session=True,
    )
    try:
        out, err = process.communicate(timeout=after)
    except subprocess.TimeoutExpired:
        os.killpg(process.pid, signal.SIGINT)
        out, err = process.communicate(timeout=10)
    return subprocess.CompletedProcess(process.args, process.returncode, out, err)


@pytest.mark.parametrize("after", [1.2, 2.5])
@pytest.mark.parametrize("command", ["load", "validate"])
def test_ctrl_c_ends_a_command_with_one_message(tmp_path: Path, command: str, after: float) -> None:
    arguments = [command, "--home", "home"] if command == "load" else [command]
    ended = stopped(arguments, tmp_path, after)
    assert (ended.returncode, ended.stderr.strip()) in {
        (130, "icgraph: stopped before it was done; what was there before is untouched."),
        (0, ""),  # it was quicker than the finger
    }


def test_ctrl_c_during_a_load_leaves_all_or_nothing(tmp_path: Path) -> None:
    stopped(["load", "--home", "home"], tmp_path, 2)
    assert_all_or_nothing(tmp_path / "home")


@pytest.mark.skipif(not FACTS.is_dir(), reason="the facts of ../shared/data are not here")
def test_ctrl_c_during_an_import_leaves_the_old_files(tmp_path: Path) -> None:
    (tmp_path / "data").mkdir()
    (tmp_path / "data" / "practices.ttl").write_text("# as it was\n")
    facts = [str(path) for path in sorted(FACTS.glob("*.jsonl"))]
    ended = stopped(["import", *facts, "--output", "data"], tmp_path, 1.0)
    if ended.returncode == 130:
        assert (tmp_path / "data" / "practices.ttl").read_text() == "# as it was\n"
        assert len(list((tmp_path / "data").iterdir())) == 1


def test_a_terminal_sees_progress_and_a_pipe_does_not(tmp_path: Path) -> None:
    leader, follower = pty.openpty()
    piped = subprocess.run(
        [ICGRAPH, "validate"],
        cwd=tmp_path,
        env=clean_environment(TERM="xterm"),
        stdout=subprocess.PIPE,
        stderr=follower,
        text=True,
        check=False,
    )
    os.close(follower)
    shown = b""
    while b"Validating" not in shown:
        shown += os.read(leader, 4096)
    os.close(leader)
    assert piped.stdout.startswith("The data is valid.")
    assert "Validating" not in piped.stdout
