import sqlite3
from contextlib import closing

import pytest

from icgraph.errors import HeadMoved, LogDamaged, SettingInvalid
from icgraph.store.changes import held_quads
from icgraph.store.home import Home
from icgraph.store.log import ChangeLog, open_log
from tests.store.conftest import NOON, change, quad


def test_a_new_log_is_empty_and_has_the_default_base(log: ChangeLog) -> None:
    assert log.head() == 0
    assert log.base == "https://w3id.org/icgraph/"


def test_what_was_recorded_is_read_back(log: ChangeLog) -> None:
    recorded = log.append(change(add=(1, 2)), after=0, time=NOON)
    assert list(log.read()) == [recorded]


def test_the_graph_is_the_sum_of_its_changes(log: ChangeLog) -> None:
    log.append(change(add=(1, 2)), after=0, time=NOON)
    log.append(change(add=(3,), remove=(1,)), after=1, time=NOON)
    assert held_quads(log.read()) == {quad(2), quad(3)}


def test_a_change_made_on_an_older_head_is_refused(log: ChangeLog) -> None:
    log.append(change(add=(1,)), after=0, time=NOON)
    with pytest.raises(HeadMoved):
        log.append(change(add=(2,)), after=0, time=NOON)
    assert log.head() == 1


def test_two_writers_on_one_file_do_not_lose_a_change(log: ChangeLog, home: Home) -> None:
    other = open_log(home.log, None)
    log.append(change(add=(1,)), after=0, time=NOON)
    other.append(change(add=(2,)), after=1, time=NOON)
    other.close()
    assert log.head() == 2


@pytest.mark.parametrize(
    "damage",
    [
        "UPDATE revision SET message = 'another' WHERE number = 1",
        "UPDATE revision SET additions = zeroblob(20) WHERE number = 1",
        "UPDATE revision SET time = '2020-01-01T00:00:00+00:00' WHERE number = 1",
        "DELETE FROM revision WHERE number = 1",
    ],
)
def test_a_changed_row_is_found_and_named(log: ChangeLog, home: Home, damage: str) -> None:
    log.append(change(add=(1,)), after=0, time=NOON)
    log.append(change(add=(2,)), after=1, time=NOON)
    with sqlite3.connect(home.log) as connection:
        connection.execute(damage)
    connection.close()
    with pytest.raises(LogDamaged, match="revision 1"):
        list(log.read())


@pytest.mark.parametrize(
    "damage",
    ["DELETE FROM revision WHERE number = 2", "DELETE FROM revision", "DROP TABLE revision"],
)
def test_lost_newest_revisions_are_noticed(log: ChangeLog, home: Home, damage: str) -> None:
    log.append(change(add=(1,)), after=0, time=NOON)
    log.append(change(add=(2,)), after=1, time=NOON)
    with sqlite3.connect(home.log) as connection:
        connection.execute(damage)
    connection.close()
    with pytest.raises(LogDamaged), closing(open_log(home.log, None)) as opened:
        opened.head()


def test_a_file_that_is_no_database_is_named(home: Home) -> None:
    home.log.write_bytes(b"not a database at all" * 100)
    with pytest.raises(LogDamaged, match=r"change-log\.sqlite"):
        open_log(home.log, None)


def test_a_log_of_an_unknown_format_is_not_touched(log: ChangeLog, home: Home) -> None:
    with sqlite3.connect(home.log) as connection:
        connection.execute("UPDATE fact SET value = '99' WHERE name = 'format'")
    connection.close()
    with pytest.raises(LogDamaged, match="99"):
        open_log(home.log, None)


def test_a_home_keeps_the_base_it_was_made_with(log: ChangeLog, home: Home) -> None:
    with pytest.raises(SettingInvalid, match="other"):
        open_log(home.log, "http://other/")


def test_a_copy_of_the_file_alone_is_a_whole_backup(log: ChangeLog, home: Home) -> None:
    log.append(change(add=(1,)), after=0, time=NOON)
    copy = home.folder / "copy.sqlite"
    copy.write_bytes(home.log.read_bytes())
    with closing(open_log(copy, None)) as restored:
        assert list(restored.read()) == list(log.read())
