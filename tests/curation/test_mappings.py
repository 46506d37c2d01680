import pytest

from icgraph.curation.mappings import keyed, read_table
from icgraph.errors import FileUnusable, InputError


def table(tmp_path, text):
    (tmp_path / "t.csv").write_text(text, encoding="utf-8")
    return read_table(tmp_path, "t", ("word", "type"))


def test_rows_know_their_cells_and_their_line(tmp_path):
    rows = table(tmp_path, 'word,type\n"a, b", c | d \n')
    assert (rows[0]["word"], rows[0].listed("type")) == ("a, b", ["c", "d"])
    assert rows[0].where.endswith("t.csv:2")


@pytest.mark.parametrize(
    "text", ["word\nx\n", "word,type\nx\n", "word,type\nx,y,z\n", 'word,type\n"x,y\n']
)
def test_a_table_that_cannot_be_read_is_named_with_advice(tmp_path, text):
    with pytest.raises(InputError, match=r"t\.csv:\d") as caught:
        table(tmp_path, text)
    assert caught.value.advice


def test_a_missing_table_is_an_error(tmp_path):
    with pytest.raises(FileUnusable, match=r"t\.csv"):
        read_table(tmp_path, "t", ("word", "type"))


def test_two_rows_of_one_key_are_refused(tmp_path):
    rows = table(tmp_path, "word,type\nx,a\nx,b\n")
    with pytest.raises(InputError, match="already"):
        keyed(rows, lambda row: row["word"])
