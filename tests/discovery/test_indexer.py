"""The index follows the graph: by what changed, and anew where that does not do."""

import sqlite3
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest
from pyoxigraph import Literal, NamedNode, Quad

from icgraph.discovery.entries import Entries
from icgraph.discovery.index import (
    CURRENT,
    FileIndex,
    MemoryIndex,
    connect,
    current_file,
)
from icgraph.discovery.index_content import IndexHead, read_head
from icgraph.discovery.indexer import Indexer
from icgraph.discovery.search import Search
from icgraph.errors import ServiceNotReady
from icgraph.model.iris import Base, RecordName
from icgraph.model.terms import DEFAULT_BASE, FOREIGN_PREFIXES
from icgraph.store.changes import Change
from icgraph.store.embedded import checkpoint_path, open_checkpoint, published_head
from icgraph.store.home import Home, open_home
from icgraph.store.log import ChangeLog, now, open_log
from icgraph.store.projection import Projection

BASE = Base(DEFAULT_BASE)
LUBLIN = BASE.record(RecordName("place", "pl-lublin"))
GROUP = BASE.record(RecordName("practice", "support-group"))
LABEL = NamedNode(FOREIGN_PREFIXES["rdfs"] + "label")
TYPE = NamedNode(FOREIGN_PREFIXES["rdf"] + "type")
SPATIAL = NamedNode(FOREIGN_PREFIXES["dcterms"] + "spatial")

FIRST = frozenset(
    {
        Quad(NamedNode(LUBLIN), TYPE, NamedNode(BASE.term("Place"))),
        Quad(NamedNode(LUBLIN), LABEL, Literal("Lublin", language="en")),
        Quad(NamedNode(GROUP), TYPE, NamedNode(BASE.term("Practice"))),
        Quad(NamedNode(GROUP), LABEL, Literal("Support group", language="en")),
        Quad(NamedNode(GROUP), SPATIAL, NamedNode(LUBLIN)),
    }
)


class Followed:
    """A home whose projection and index follow every change at once."""

    def __init__(self, home: Home, log: ChangeLog) -> None:
        self.home = home
        self.log = log
        self.projection = Projection(home.projection, checkpoints=2)
        self.index = FileIndex(home.search)
        self.search = Search(self.index)
        self.indexer = Indexer(home, log)

    def record(self, additions=frozenset(), removals=frozenset()) -> None:
        change = Change("test", "change", frozenset(additions), frozenset(removals))
        self.log.append(change, after=self.log.head(), time=now())
        self.projection.follow(self.log)

    def again(self) -> "Followed":
        """As another process finds it."""
        self.indexer = Indexer(self.home, self.log)
        return self

    def found(self, text: str) -> set[str]:
        return {each.name.slug for each in self.search.find(text).entries}


@pytest.fixture
def followed(tmp_path: Path) -> Iterator[Followed]:
    home = open_home(tmp_path / "home")
    with closing(open_log(home.log, DEFAULT_BASE)) as log:
        followed = Followed(home, log)
        followed.record(FIRST)
        followed.indexer.follow()
        yield followed
        followed.index.close()


def file_of(followed: Followed) -> str:
    return current_file(followed.home.search)


def contents(connection: sqlite3.Connection) -> list[list[tuple]]:
    """What an index holds, apart from how it numbers records."""
    names = "SELECT kind, slug, folded FROM name JOIN record ON id = record ORDER BY 1, 2, 3"
    links = "SELECT kind, slug, thing FROM link JOIN record ON id = record ORDER BY 1, 2, 3"
    words = "SELECT term, doc, cnt FROM vocabulary ORDER BY 1"
    entries = "SELECT kind, slug, entry FROM record ORDER BY 1, 2"
    facts = "SELECT name, value FROM fact ORDER BY 1"
    return [connection.execute(each).fetchall() for each in (names, links, words, entries, facts)]


def test_an_index_says_which_revision_it_is_of(followed):
    head = published_head(followed.home.projection)
    assert followed.search.head() == IndexHead(1, head.hash)
    assert followed.found("support") == {"support-group"}


def test_a_change_mends_the_same_file(followed):
    before = file_of(followed)
    followed.record({Quad(NamedNode(GROUP), LABEL, Literal("Groupe de soutien", language="fr"))})
    assert followed.found("soutien") == set()
    assert followed.indexer.follow()
    assert followed.found("soutien") == {"support-group"}
    assert followed.search.head().number == 2
    assert file_of(followed) == before
    assert not followed.indexer.follow()


def test_a_new_name_of_a_place_is_found_at_what_lies_there(followed):
    followed.record({Quad(NamedNode(LUBLIN), LABEL, Literal("Люблін", language="uk"))})
    followed.indexer.follow()
    assert followed.found("люблін") == {"pl-lublin", "support-group"}


def test_a_concept_that_is_added_is_found_and_follows_its_changes(followed):
    youth = NamedNode(BASE.concept("topic", "youth"))
    concept = NamedNode(FOREIGN_PREFIXES["skos"] + "Concept")
    named = Quad(youth, LABEL, Literal("Youth", language="en"))
    followed.record({Quad(youth, TYPE, concept), named})
    followed.indexer.follow()
    assert followed.found("youth") == {"topic/youth"}
    followed.record({Quad(youth, LABEL, Literal("Young people", language="en"))}, {named})
    followed.indexer.follow()
    assert followed.found("youth") == set()
    assert followed.found("young") == {"topic/youth"}


def test_what_is_removed_is_not_found(followed):
    followed.record(removals={quad for quad in FIRST if quad.subject.value == GROUP})
    followed.indexer.follow()
    assert followed.found("support") == set()
    assert followed.found("lublin") == {"pl-lublin"}


def test_a_mended_index_is_the_same_as_a_new_one(followed):
    part = NamedNode(GROUP + "#phase")
    followed.record(
        {
            Quad(NamedNode(GROUP), NamedNode(BASE.term("phase")), part),
            Quad(part, LABEL, Literal("Pilot with schools", language="en")),
            Quad(NamedNode(LUBLIN), LABEL, Literal("Lublin", language="fr")),
        },
        {Quad(NamedNode(GROUP), LABEL, Literal("Support group", language="en"))},
    )
    followed.record({Quad(NamedNode(GROUP), LABEL, Literal("The group", language="en"))})
    followed.indexer.follow()
    assert followed.found("pilot") == {"support-group"}
    head = published_head(followed.home.projection)
    engine = open_checkpoint(checkpoint_path(followed.home.projection, head.number))
    entries = Entries(engine, BASE)
    anew = MemoryIndex(
        [entry for name in entries.names() if (entry := entries.entry(name))],
        IndexHead(head.number, head.hash),
    )
    with anew.reading() as expected, followed.index.reading() as mended:
        assert contents(mended) == contents(expected)
    anew.close()


def test_readers_keep_one_revision_while_they_read(followed):
    followed.record({Quad(NamedNode(GROUP), LABEL, Literal("Groupe", language="fr"))})
    with followed.index.reading() as reader:
        assert read_head(reader).number == 1
        followed.indexer.follow()
        assert read_head(reader).number == 1
    assert followed.search.head().number == 2


def test_a_deleted_index_is_made_again(followed):
    for path in followed.home.search.iterdir():
        path.unlink()
    with pytest.raises(ServiceNotReady, match="being made"):
        followed.search.head()
    assert followed.indexer.follow()
    assert followed.found("support") == {"support-group"}


@pytest.mark.parametrize("part", ["beginning", "all"])
def test_a_damaged_index_is_noticed_and_made_again(followed, part):
    path = followed.home.search / file_of(followed)
    followed.index.close()
    size = path.stat().st_size
    damage = b"\xff" * (8192 if part == "beginning" else size)
    with path.open("r+b") as file:
        file.write(damage)
    with pytest.raises(ServiceNotReady, match="being made"):
        followed.search.find("support")
    assert file_of(followed) == ""
    assert followed.indexer.follow()
    assert followed.found("support") == {"support-group"}


def test_a_damaged_index_is_not_taken_over(followed):
    path = followed.home.search / file_of(followed)
    followed.index.close()
    path.write_bytes(path.read_bytes()[: path.stat().st_size // 2])
    followed.again().indexer.follow()
    assert file_of(followed) != path.name
    assert followed.found("support") == {"support-group"}


def test_an_index_of_another_program_is_made_again(followed):
    before = file_of(followed)
    with closing(connect(followed.home.search / before, read_only=False)) as connection:
        connection.execute("UPDATE fact SET value = 'another' WHERE name = 'form'")
    followed.again().indexer.follow()
    assert file_of(followed) not in {"", before}


def test_a_whole_index_is_taken_over_as_it_is(followed):
    before = file_of(followed)
    followed.again().indexer.follow()
    assert file_of(followed) == before


def test_an_index_of_another_log_is_made_again(followed):
    with closing(connect(followed.home.search / file_of(followed), read_only=False)) as connection:
        connection.execute("UPDATE fact SET value = 'another' WHERE name = 'hash'")
    before = file_of(followed)
    followed.record({Quad(NamedNode(GROUP), LABEL, Literal("Groupe", language="fr"))})
    followed.again().indexer.follow()
    assert file_of(followed) != before
    assert followed.found("groupe") == {"support-group"}


def test_what_an_interrupted_process_left_is_swept(followed):
    left = followed.home.search / "index-9-abc.sqlite"
    left.write_bytes(b"half an index")
    followed.again()
    assert CURRENT in {path.name for path in followed.home.search.iterdir()}
    assert not left.exists()
    assert followed.found("support") == {"support-group"}


def test_an_empty_home_has_no_index(tmp_path):
    home = open_home(tmp_path / "home")
    with closing(open_log(home.log, DEFAULT_BASE)) as log:
        assert not Indexer(home, log).follow()
    with pytest.raises(ServiceNotReady):
        Search(FileIndex(home.search)).find("lublin")
