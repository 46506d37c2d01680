"""Dumps of the real graph: whole, alike each time, and what they say of themselves is true."""

import csv
import gzip
import io
import json
import random
import zipfile
from collections import Counter
from hashlib import sha256

import pytest
from pyoxigraph import DefaultGraph, Literal, NamedNode, Quad, RdfFormat, Store, parse

from icgraph.catalogue.dumping import Dumper, ask_for_dump, newest_dump
from icgraph.catalogue.dumps import (
    FILE_NAME,
    Dump,
    DumpFile,
    dump_path,
    prune_dumps,
    read_dump,
    read_dumps,
)
from icgraph.catalogue.tables import COLUMNS, METADATA, SEPARATOR, Tables, heads
from icgraph.model.kinds import KINDS
from icgraph.model.terms import DEFAULT_BASE, FOREIGN_PREFIXES
from icgraph.store.embedded import EmbeddedEngine, checkpoint_path, open_checkpoint
from icgraph.store.home import Home
from icgraph.store.sorted_quads import write_sorted_quads
from tests.conftest import wait_until

TYPE = FOREIGN_PREFIXES["rdf"] + "type"


@pytest.fixture(scope="session")
def files(dumped_home):
    dump = newest_dump(dumped_home)
    folder = dump_path(dumped_home.dumps, dump.revision)
    return {file.form: (folder / file.name).read_bytes() for file in dump.files}


@pytest.fixture(scope="session")
def held(dumped_home):
    store = open_checkpoint(checkpoint_path(dumped_home.projection, 1)).store
    return frozenset(store)


@pytest.fixture(scope="session")
def tables(files):
    archive = zipfile.ZipFile(io.BytesIO(files["csv.zip"]))
    return {name: archive.read(name).decode() for name in archive.namelist()}


def rows(tables, kind):
    return list(csv.DictReader(io.StringIO(tables[f"{KINDS[kind].path}.csv"], newline="")))


def test_the_nquads_are_all_of_the_graph_in_order(files, held):
    text = gzip.decompress(files["nq.gz"])
    lines = text.splitlines()
    assert lines == sorted(lines)
    assert frozenset(parse(text, format=RdfFormat.N_QUADS)) == held


@pytest.mark.parametrize(
    ("form", "format_"), [("ttl.gz", RdfFormat.TURTLE), ("jsonld.gz", RdfFormat.JSON_LD)]
)
def test_turtle_and_jsonld_are_the_default_graph(files, held, form, format_):
    found = frozenset(parse(gzip.decompress(files[form]), format=format_))
    assert found == {quad for quad in held if quad.graph_name == DefaultGraph()}


def test_sizes_and_checksums_are_those_of_the_files(dumped_home, files):
    for file in newest_dump(dumped_home).files:
        body = files[file.form]
        assert (file.size, file.sha256) == (len(body), sha256(body).hexdigest())
        assert FILE_NAME.fullmatch(file.name)


def test_the_checksum_file_names_every_other_file(dumped_home, files):
    others = [file for file in newest_dump(dumped_home).files if file.form != "sha256"]
    assert files["sha256"].decode() == "".join(f"{f.sha256}  {f.name}\n" for f in others)


@pytest.mark.parametrize("kind", KINDS)
def test_a_table_has_one_row_for_each_record(tables, held, kind):
    kind_class = NamedNode(KINDS[kind].type_iri("https://w3id.org/icgraph/"))
    records = {
        quad.subject.value
        for quad in held
        if quad.predicate.value.endswith("#type")
        and quad.object == kind_class
        and quad.subject.value.startswith(f"https://w3id.org/icgraph/id/{kind}/")
        and "#" not in quad.subject.value
    }
    assert [row["iri"] for row in rows(tables, kind)] == sorted(records)


def test_a_row_says_what_the_graph_says(tables):
    found = {row["iri"].rpartition("/")[2]: row for row in rows(tables, "practice")}
    row = found["lublin-for-all"]
    assert row["country_name"] == "Poland"
    assert row["place"] == "https://w3id.org/icgraph/id/place/pl-lublin"
    assert row["start_year"] == "2012"
    assert row["status_name"] == "permanent"
    organisations = row["organisation"].split(SEPARATOR)
    assert "https://w3id.org/icgraph/id/organisation/pl-lublin-municipality" in organisations
    assert len(organisations) == len(row["organisation_name"].split(SEPARATOR))


def test_names_stand_beside_their_links_in_the_same_number(tables):
    for kind in KINDS:
        for row in rows(tables, kind):
            for name in row:
                if f"{name}_name" in row:
                    links, names = row[name], row[f"{name}_name"]
                    assert links.count(SEPARATOR) == names.count(SEPARATOR), (kind, name)


@pytest.mark.parametrize("text", ["=1+1", "+1", "-1", "@SUM(A1)", "\t=1", "\r=1", "\n=1"])
def test_no_cell_of_a_table_is_a_formula(text):
    store = Store()
    practice = NamedNode("https://w3id.org/icgraph/id/practice/hostile")
    for name, value in (
        (TYPE, NamedNode("https://w3id.org/icgraph/ns/Practice")),
        (FOREIGN_PREFIXES["rdfs"] + "label", Literal(text, language="en")),
        (FOREIGN_PREFIXES["dcterms"] + "abstract", Literal(text, language="en")),
    ):
        store.add(Quad(practice, NamedNode(name), value))
    table = io.StringIO(newline="")
    Tables(EmbeddedEngine(store), DEFAULT_BASE).write(KINDS["practice"], table)
    (row,) = csv.DictReader(io.StringIO(table.getvalue(), newline=""))
    assert {row["name"], row["name_en"], row["summary"]} == {f"'{text}"}


def test_every_column_is_explained_and_no_other(tables):
    told = json.loads(tables[METADATA])
    for table, kind in zip(told["tables"], KINDS.values(), strict=True):
        assert table["url"] == f"{kind.path}.csv"
        explained = [column["name"] for column in table["tableSchema"]["columns"]]
        assert explained == heads(kind.name)
        assert all(column["dc:description"] for column in table["tableSchema"]["columns"])


def test_every_column_is_used_somewhere_in_the_real_graph(tables):
    filled = Counter(
        (kind, name) for kind in KINDS for row in rows(tables, kind) for name in row if row[name]
    )
    unused = {(kind, column.name) for kind in KINDS for column in COLUMNS[kind]} - filled.keys()
    assert not unused


def test_parts_sorted_alone_are_merged(tmp_path):
    store = Store()
    quads = [
        Quad(NamedNode(f"urn:{number % 17}"), NamedNode("urn:p"), Literal(f"é\n{number}"))
        for number in random.Random(5).sample(range(1000), 100)
    ]
    store.bulk_extend(quads)
    path = tmp_path / "sorted.nq"
    assert write_sorted_quads(EmbeddedEngine(store), path, lines_at_once=7) == 100
    lines = path.read_bytes().splitlines()
    assert lines == sorted(lines)
    assert frozenset(parse(path=str(path), format=RdfFormat.N_QUADS)) == frozenset(quads)
    assert list(tmp_path.iterdir()) == [path]


def test_a_dump_without_its_manifest_is_none(tmp_path):
    (tmp_path / "00000001").mkdir()
    assert read_dump(tmp_path / "00000001") is None
    assert read_dumps(tmp_path) == []


def put(folder, revision, size):
    path = dump_path(folder, revision)
    path.mkdir(parents=True)
    file = DumpFile("x", "nq.gz", size, "")
    dump = Dump(revision, "", "2026-11-22T00:00:00+00:00", 0, (file,))
    told = {"revision": dump.revision, "hash": "", "time": dump.time, "statements": 0}
    entry = {"name": "x", "form": "nq.gz", "size": size, "sha256": ""}
    (path / "manifest.json").write_text(json.dumps({**told, "files": [entry]}))


@pytest.mark.parametrize(("limit", "kept"), [(0, [3]), (19, [3]), (20, [3, 2]), (99, [3, 2, 1])])
def test_old_dumps_make_way_and_the_newest_stays(tmp_path, limit, kept):
    for revision in (1, 2, 3):
        put(tmp_path, revision, 10)
    prune_dumps(tmp_path, limit)
    assert [dump.revision for dump in read_dumps(tmp_path)] == kept


def test_a_dump_is_made_when_somebody_asks_with_the_bytes_of_any_other(home, files):
    place = Home(home)
    dumper = Dumper(place, 0)
    dumper.look()
    assert newest_dump(place) is None
    ask_for_dump(place)

    def made():
        dumper.look()
        return newest_dump(place) is not None

    assert wait_until(made, 60)
    dumper.close()
    assert [path.name for path in place.dumps.iterdir()] == ["00000001"]
    folder = place.dumps / "00000001"
    made_here = {file.form: (folder / file.name).read_bytes() for file in newest_dump(place).files}
    assert made_here == files


def test_what_an_interrupted_dump_left_is_swept(home):
    place = Home(home)
    (place.dumps / "00000001.new").mkdir(parents=True)
    (place.dumps / "00000001.new" / "quads.new").write_bytes(b"half")
    Dumper(place, 0)
    assert list(place.dumps.iterdir()) == []
