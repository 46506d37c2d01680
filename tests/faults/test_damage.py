"""Damage of a home: what is accepted stays, what is damaged is named, with the way to mend it."""

import os
import re
import resource
import shutil
import sqlite3
import subprocess
import sys
import zlib
from collections.abc import Callable
from contextlib import closing
from datetime import timedelta
from pathlib import Path

import pytest

from icgraph.catalogue.history import Wanted, read_history
from icgraph.errors import HomeUnwritable, LogDamaged
from icgraph.store.home import Home
from icgraph.store.log import open_log
from tests.conftest import ICGRAPH, clean_environment
from tests.store.conftest import NOON, change

MANY = tuple(range(1000, 4000))


@pytest.fixture
def filled(tmp_path: Path) -> Home:
    """A home with three revisions, of which the second is the largest."""
    home = Home(tmp_path / "home")
    home.folder.mkdir()
    with closing(open_log(home.log, None)) as log:
        for number, added in enumerate([(1,), MANY, (3,)]):
            log.append(change(add=added), after=number, time=NOON)
    return home


def icgraph(*arguments: str, home: Home, limit: int | None = None) -> tuple[int, str]:
    """The exit code and what was said; `limit` is the most bytes that any file may have."""

    def full_disk() -> None:
        if limit is not None:
            resource.setrlimit(resource.RLIMIT_FSIZE, (limit, limit))

    ended = subprocess.run(
        [ICGRAPH, *arguments, "--home", str(home.folder)],
        env=clean_environment(COLUMNS="200"),
        cwd=home.folder.parent,
        capture_output=True,
        text=True,
        timeout=200,
        check=False,
        preexec_fn=full_disk,
    )
    assert "Traceback" not in ended.stderr
    return ended.returncode, ended.stdout + ended.stderr


def flip(path: Path, place: int) -> None:
    content = bytearray(path.read_bytes())
    content[place] ^= 0xFF
    path.write_bytes(content)


def test_a_flipped_byte_in_the_middle_of_the_log_is_found_in_its_revision(filled: Home) -> None:
    with closing(sqlite3.connect(filled.log)) as connection:
        (packed,) = connection.execute("SELECT additions FROM revision WHERE number = 2").fetchone()
    flip(filled.log, filled.log.read_bytes().index(packed[2000:2100]) + 50)
    code, said = icgraph("check", home=filled)
    assert code == 2
    assert "revision 2 does not match its checksum" in said
    assert "Put back a backup of change-log.sqlite" in said
    with closing(open_log(filled.log, None)) as log, pytest.raises(LogDamaged, match="revision 2"):
        list(log.read())


def test_a_change_hidden_by_a_new_checksum_breaks_the_chain(filled: Home) -> None:
    with closing(sqlite3.connect(filled.log)) as connection:
        connection.execute(
            "UPDATE revision SET additions = ?, hash = ? WHERE number = 2",
            (zlib.compress(b""), "0" * 64),
        )
        connection.commit()
    code, said = icgraph("check", home=filled)
    assert code == 2
    assert "revision 2" in said


@pytest.mark.parametrize("room", [0, 1, 4, 16, 64, 256])
def test_a_commit_on_a_full_disk_leaves_the_log_as_it_was(filled: Home, room: int) -> None:
    """In a process of its own, since a limit of a process cannot be lifted again."""
    size = filled.log.stat().st_size + room * 1024
    child = os.fork()
    if not child:
        outcome = 4
        try:
            resource.setrlimit(resource.RLIMIT_FSIZE, (size, size))
            with closing(open_log(filled.log, None)) as log:
                more = tuple(range(10_000, 60_000))
                log.append(change(add=more), after=3, time=NOON)
                outcome = 0
        except HomeUnwritable:
            outcome = 2
        finally:
            os._exit(outcome)
    _, status = os.waitpid(child, 0)
    assert os.waitstatus_to_exitcode(status) == 2
    with closing(open_log(filled.log, None)) as log:
        assert [revision.number for revision in log.read()] == [1, 2, 3]
        log.append(change(add=(5,)), after=3, time=NOON)  # once there is room again
        assert log.head() == 4


def test_a_load_on_a_full_disk_says_so_and_changes_nothing(home: Path) -> None:
    (home.parent / "more.nt").write_text(
        "<https://w3id.org/icgraph/id/place/pl-lublin> "
        '<http://www.w3.org/2004/02/skos/core#altLabel> "Another"@en .\n'
    )
    code, said = icgraph("load", "more.nt", home=Home(home), limit=4096)
    assert code == 2, said
    assert "cannot be written" in said
    code, said = icgraph("check", home=Home(home))
    assert (code, "revision 1," in said) == (0, True), said


def left_in_the_journal(home: Home) -> Path:
    """Commit a change, and end before it is brought into the one file: its write-ahead log."""
    program = (
        "import os, sys\n"
        "from icgraph.store import log\n"
        "from tests.store.conftest import NOON, change\n"
        "log.ChangeLog._settle = lambda self: os._exit(0)\n"
        "opened = log.open_log(log.Path(sys.argv[1]), None)\n"
        "opened.append(change(add=tuple(range(5000, 5400))), after=3, time=NOON)\n"
    )
    subprocess.run(
        [sys.executable, "-c", program, str(home.log)],
        cwd=Path(__file__).parents[2],
        check=True,
        timeout=120,
    )
    return home.log.with_name(home.log.name + "-wal")


def test_a_journal_cut_short_loses_the_commit_it_cuts_and_no_other(
    filled: Home, tmp_path: Path
) -> None:
    journal = left_in_the_journal(filled)
    size = journal.stat().st_size
    assert size > 4096
    heads = []
    for number, length in enumerate([0, 31, 32, 500, 4152, size // 2, size - 4097, size - 1, size]):
        copy = tmp_path / f"copy-{number}"
        shutil.copytree(filled.folder, copy)
        (copy / "change-log.sqlite-shm").unlink(missing_ok=True)
        os.truncate(copy / journal.name, length)
        with closing(open_log(Home(copy).log, None)) as log:
            heads.append(len(list(log.read())))
            log.append(change(add=(9,)), after=heads[-1], time=NOON)
            assert len(list(log.read())) == heads[-1] + 1
    assert heads == [3] * 8 + [4]


def test_an_answered_commit_needs_no_journal(filled: Home) -> None:
    for suffix in ("-wal", "-shm"):
        filled.log.with_name(filled.log.name + suffix).unlink(missing_ok=True)
    with closing(open_log(filled.log, None)) as log:
        assert len(list(log.read())) == 3


def test_a_clock_that_was_set_back_is_marked_and_the_order_stays(filled: Home) -> None:
    with closing(open_log(filled.log, None)) as log:
        log.append(change(add=(7,)), after=3, time=NOON - timedelta(days=400))
        log.append(change(add=(8,)), after=4, time=NOON - timedelta(days=399))
    told = list(read_history(filled.folder, None, Wanted()).entries)
    assert [entry.revision for entry in told] == [5, 4, 3, 2, 1]
    assert [entry.revision for entry in told if entry.clock_set_back] == [4]
    since = read_history(filled.folder, None, Wanted(since=NOON)).entries
    assert [entry.revision for entry in since] == [3, 2, 1]
    code, said = icgraph("check", home=filled)
    assert code == 0, said


def largest(folder: Path) -> Path:
    return max(folder.glob("*.sst"), key=lambda path: path.stat().st_size)


def spoil_data(home: Home) -> None:
    flip(largest(home.projection / "live" / "store"), 60)


def spoil_end(home: Home) -> None:
    flip(largest(home.projection / "live" / "store"), -3)


def spoil_checkpoint(home: Home) -> None:
    (home.projection / "checkpoints" / "00000001" / "CURRENT").write_bytes(b"?")


def spoil_search(home: Home) -> None:
    path = next(home.search.glob("*.sqlite"))
    for place in range(4096, path.stat().st_size, 4096):
        flip(path, place + 1)


def spoil_feed(home: Home) -> None:
    home.feed.write_bytes(b"no database" * 1000)


def spoil_quality(home: Home) -> None:
    home.quality.write_bytes(b"no database" * 1000)


def spoil_dump(home: Home) -> None:
    flip(next(home.dumps.glob("*/*.nq.gz")), 5000)


SPOILED = [
    (spoil_data, r"block checksum mismatch"),
    (spoil_end, r"could not be opened: Corruption"),
    (spoil_checkpoint, r"checkpoint 00000001"),
    (spoil_search, r"index-.*\.sqlite"),
    (spoil_feed, r"feed\.sqlite"),
    (spoil_quality, r"quality\.sqlite"),
    (spoil_dump, r"nq\.gz: it does not match its checksum"),
]


@pytest.mark.parametrize(("spoil", "words"), SPOILED)
def test_damage_of_what_is_derived_is_named_and_how_to_mend_it(
    dumped_home: Home, tmp_path: Path, spoil: Callable[[Home], None], words: str
) -> None:
    home = Home(tmp_path / "home")
    shutil.copytree(dumped_home.folder, home.folder)
    spoil(home)
    code, said = icgraph("check", home=home)
    assert re.search(words, said), said
    if code == 0:
        assert "was made again" in said
    else:
        assert (code, "check --rebuild" in said) == (2, True), said


def test_all_that_is_derived_is_mended_at_once(dumped_home: Home, tmp_path: Path) -> None:
    home = Home(tmp_path / "home")
    shutil.copytree(dumped_home.folder, home.folder)
    for spoil, _ in SPOILED:
        spoil(home)
    code, said = icgraph("check", "--rebuild", home=home)
    assert code == 0, said
    code, said = icgraph("check", home=home)
    assert (code, "agrees with it" in said) == (0, True), said


def test_damaged_tokens_are_named(filled: Home) -> None:
    filled.tokens.write_bytes(b"no database" * 1000)
    code, said = icgraph("check", home=filled)
    assert code == 2
    assert "tokens.sqlite are damaged" in said
