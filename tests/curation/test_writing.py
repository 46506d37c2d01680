import pytest

from icgraph.curation.writing import replace_files
from icgraph.errors import FileUnusable


def test_files_are_written_whole_and_nothing_is_left_beside_them(tmp_path):
    replace_files({tmp_path / "a": "é", tmp_path / "new" / "b": "x"})
    assert (tmp_path / "a").read_bytes() == "é".encode()
    assert sorted(path.name for path in tmp_path.rglob("*")) == ["a", "b", "new"]


def test_a_path_that_cannot_be_written_leaves_all_files_as_they_were(tmp_path):
    old, blocked = tmp_path / "old", tmp_path / "file"
    old.write_text("old")
    blocked.write_text("in the way")
    with pytest.raises(FileUnusable) as caught:
        replace_files({old: "new", blocked / "below": "x"})
    assert caught.value.advice
    assert old.read_text() == "old"
    assert sorted(path.name for path in tmp_path.iterdir()) == ["file", "old"]
