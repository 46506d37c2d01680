from pathlib import Path

import pytest

from icgraph.errors import HomeLocked, HomeUnwritable
from icgraph.store.home import Home, open_home, own, write_whole


def test_a_home_that_is_a_file_is_refused(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    with pytest.raises(HomeUnwritable, match="--home"):
        open_home(tmp_path / "file")


def test_a_second_owner_is_told_who_the_first_is(home: Home) -> None:
    with own(home), pytest.raises(HomeLocked, match=r"pid \d+"), own(home):
        pass


def test_a_home_is_free_again_after_its_owner(home: Home) -> None:
    with own(home):
        pass
    with own(home):
        pass


def test_writing_whole_replaces_what_was_there(tmp_path: Path) -> None:
    path = tmp_path / "head"
    write_whole(path, "1\n")
    write_whole(path, "2\n")
    assert path.read_text() == "2\n"
    assert [entry.name for entry in tmp_path.iterdir()] == ["head"]
