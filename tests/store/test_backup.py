import io
import json
import shutil
import sqlite3
import stat
import subprocess
import sys
import tarfile
import threading
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

import pytest

from icgraph.errors import FileUnusable, HomeError, LogDamaged
from icgraph.store.backup import Backup, make_backup, restore_backup
from icgraph.store.home import Home
from icgraph.store.log import ChangeLog, open_log
from icgraph.store.tokens import Scope, Tokens
from tests.store.conftest import NOON, change

pytestmark = pytest.mark.sample

ROOT = Path(__file__).parents[2]


def quiet(*_progress: object) -> None:
    pass


@pytest.fixture
def filled(log: ChangeLog, home: Home) -> Home:
    """A home with three revisions and a token."""
    for number in range(3):
        log.append(change(add=(number,)), after=number, time=NOON)
    with closing(Tokens(home.tokens)) as tokens:
        tokens.add("Ana", [Scope.CURATE], created=NOON, expires=None)
    return home


def backup(home: Home, file: Path) -> Backup:
    return make_backup(home, file, made=NOON, progress=quiet)


def restore(file: Path, folder: Path) -> Backup:
    return restore_backup(file, folder, progress=quiet)


def revisions(folder: Path) -> list[str]:
    with closing(open_log(Home(folder).log, None)) as log:
        return [revision.hash for revision in log.read()]


def test_a_restored_home_has_every_revision_and_token(filled: Home, tmp_path: Path) -> None:
    made = backup(filled, tmp_path / "saved")
    restored = restore(tmp_path / "saved", tmp_path / "deep" / "restored")
    assert made == restored
    assert made.revision == 3
    assert revisions(tmp_path / "deep" / "restored") == revisions(filled.folder)
    tokens = Home(tmp_path / "deep" / "restored").tokens
    with closing(Tokens(tokens)) as opened:
        assert [token.name for token in opened.all()] == ["Ana"]
    assert stat.S_IMODE(tokens.stat().st_mode) == 0o600


def test_a_backup_is_one_file_that_nobody_else_reads(filled: Home, tmp_path: Path) -> None:
    before = set(tmp_path.iterdir())
    backup(filled, tmp_path / "saved")
    assert set(tmp_path.iterdir()) - before == {tmp_path / "saved"}
    assert stat.S_IMODE((tmp_path / "saved").stat().st_mode) == 0o600


def test_a_home_without_tokens_is_backed_up_too(log: ChangeLog, home: Home, tmp_path: Path) -> None:
    log.append(change(add=(1,)), after=0, time=NOON)
    backup(home, tmp_path / "saved")
    restore(tmp_path / "saved", tmp_path / "restored")
    assert not Home(tmp_path / "restored").tokens.exists()


def test_a_backup_is_not_overwritten(filled: Home, tmp_path: Path) -> None:
    (tmp_path / "saved").write_text("the only one there is")
    with pytest.raises(FileUnusable, match="is there already"):
        backup(filled, tmp_path / "saved")
    assert (tmp_path / "saved").read_text() == "the only one there is"


def test_nothing_is_restored_over_a_home(filled: Home, tmp_path: Path) -> None:
    backup(filled, tmp_path / "saved")
    before = filled.log.read_bytes()
    with pytest.raises(HomeError, match="not empty"):
        restore(tmp_path / "saved", filled.folder)
    assert filled.log.read_bytes() == before


def test_a_backup_made_while_others_write_is_whole_and_of_one_moment(
    filled: Home, tmp_path: Path
) -> None:
    stop = threading.Event()

    def write() -> None:
        with closing(open_log(filled.log, None)) as log:
            while not stop.is_set():
                head = log.head()
                log.append(change(add=(head + 10,)), after=head, time=NOON)

    writer = threading.Thread(target=write)
    writer.start()
    try:
        made = [backup(filled, tmp_path / f"saved-{number}") for number in range(5)]
    finally:
        stop.set()
        writer.join()
    assert made[-1].revision > made[0].revision
    written = revisions(filled.folder)
    for number, each in enumerate(made):
        restore(tmp_path / f"saved-{number}", tmp_path / f"restored-{number}")
        assert revisions(tmp_path / f"restored-{number}") == written[: each.revision]


def test_what_is_damaged_is_no_backup(filled: Home, tmp_path: Path) -> None:
    with closing(sqlite3.connect(filled.log)) as connection:
        connection.execute("UPDATE revision SET message = 'x' WHERE number = 2")
        connection.commit()
    with pytest.raises(LogDamaged, match="revision 2") as refused:
        backup(filled, tmp_path / "saved")
    assert str(filled.log) in refused.value.detail
    assert [path.name for path in tmp_path.iterdir()] == ["home"]


def rewritten(file: Path, change_manifest: Callable[[dict], object]) -> None:
    """The same archive with a manifest that says something else."""
    with tarfile.open(file) as tar:
        members = [(member, tar.extractfile(member).read()) for member in tar]
    manifest = json.loads(members[0][1])
    change_manifest(manifest)
    with tarfile.open(file, "w") as tar:
        for member, content in [(members[0][0], json.dumps(manifest).encode()), *members[1:]]:
            member.size = len(content)
            tar.addfile(member, io.BytesIO(content))


def flip(file: Path, sought: bytes) -> None:
    content = file.read_bytes()
    place = content.rindex(sought)
    file.write_bytes(content[:place] + bytes([content[place] ^ 1]) + content[place + 1 :])


@pytest.mark.parametrize(
    ("spoil", "words"),
    [
        (lambda file: file.write_bytes(b""), "not whole"),
        (lambda file: file.write_bytes(b"garbage" * 1000), "no backup"),
        (lambda file: file.write_bytes(file.read_bytes()[:9000]), "not whole"),
        (lambda file: flip(file, b"because"), "change-log.sqlite does not match its checksum"),
        (lambda file: flip(file, b"argon2id"), "tokens.sqlite does not match its checksum"),
        (lambda file: rewritten(file, lambda m: m.update(format="9")), "format is 9"),
        (lambda file: rewritten(file, lambda m: m.update(files=[])), "change-log.sqlite"),
        (lambda file: rewritten(file, lambda m: m.update(files=7)), "not whole"),
        (
            lambda file: rewritten(file, lambda m: m["files"][0].update(name="../../outside")),
            "outside",
        ),
        (lambda file: file.unlink(), "no file"),
    ],
)
def test_what_is_no_whole_backup_is_named_and_leaves_nothing(
    filled: Home, tmp_path: Path, spoil: Callable[[Path], object], words: str
) -> None:
    backup(filled, tmp_path / "saved")
    spoil(tmp_path / "saved")
    with pytest.raises(FileUnusable, match=words):
        restore(tmp_path / "saved", tmp_path / "restored")
    assert {path.name for path in tmp_path.iterdir()} <= {"home", "saved"}


def test_a_backup_that_says_another_revision_than_it_holds_is_refused(
    filled: Home, tmp_path: Path
) -> None:
    backup(filled, tmp_path / "saved")
    rewritten(tmp_path / "saved", lambda manifest: manifest.update(revision=2))
    with pytest.raises(LogDamaged, match="says that it is revision 2"):
        restore(tmp_path / "saved", tmp_path / "restored")
    assert not (tmp_path / "restored").exists()


def test_a_link_in_an_archive_is_not_followed(filled: Home, tmp_path: Path) -> None:
    backup(filled, tmp_path / "saved")
    with tarfile.open(tmp_path / "saved", "w") as tar:
        member = tarfile.TarInfo("manifest.json")
        member.type, member.linkname = tarfile.SYMTYPE, "/etc/passwd"
        tar.addfile(member)
    with pytest.raises(FileUnusable, match="is no file"):
        restore(tmp_path / "saved", tmp_path / "restored")


def killed_at_every_step(work: str, folder: Path) -> list[Path]:
    """The folders that each kill left, the last that of the whole work."""
    ended = subprocess.run(
        [sys.executable, "-m", "tests.faults.at_every_step", work, str(folder)],
        cwd=ROOT,
        capture_output=True,
        text=True,
        timeout=200,
        check=False,
    )
    assert ended.returncode == 0, ended.stderr
    return [folder / f"step-{number}" for number in range(int(ended.stdout) + 1)]


def test_a_backup_killed_at_any_step_is_whole_or_not_there(filled: Home, tmp_path: Path) -> None:
    shutil.copytree(filled.folder, tmp_path / "kills" / "before" / "home")
    places = killed_at_every_step("backup", tmp_path / "kills")
    there = [(place / "saved").exists() for place in places]
    assert len(places) > 10
    assert not there[0]
    assert there[-1]
    for place, was_there in zip(places, there, strict=True):
        if not was_there:
            backup(Home(place / "home"), place / "saved")  # what was left is not in the way
        assert restore(place / "saved", place / "restored").revision == 3
        left = {path.name for path in place.iterdir()} - {"home", "saved", "restored"}
        assert left <= ({"saved.new"} if was_there else set())


def test_a_restoring_killed_at_any_step_is_whole_or_not_there(filled: Home, tmp_path: Path) -> None:
    (tmp_path / "kills" / "before").mkdir(parents=True)
    backup(filled, tmp_path / "kills" / "before" / "saved")
    expected = revisions(filled.folder)
    places = killed_at_every_step("restore", tmp_path / "kills")
    there = [(place / "restored").exists() for place in places]
    assert len(places) > 10
    assert not there[0]
    assert there[-1]
    for place in places:
        if not (place / "restored").exists():
            restore(place / "saved", place / "restored")
        assert revisions(place / "restored") == expected
        assert Home(place / "restored").tokens.exists()


def test_a_commit_killed_at_any_step_is_whole_or_has_not_happened(
    filled: Home, tmp_path: Path
) -> None:
    shutil.copytree(filled.folder, tmp_path / "kills" / "before" / "home")
    places = killed_at_every_step("append", tmp_path / "kills")
    heads = [len(revisions(place / "home")) for place in places]
    assert set(heads) == {3, 4}
    assert heads == sorted(heads)
