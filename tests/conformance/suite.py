"""The W3C SPARQL 1.1 suites: their manifests, read into cases."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from rdflib import RDF, RDFS, Graph, Namespace, URIRef
from rdflib.term import Node

SUITE = Path(__file__).parents[2] / "../shared/suites/sparql11"
#: Where the suites say that they lie; relative names in the files are resolved against it.
BASE = "http://www.w3.org/2009/sparql/docs/tests/data-sparql11/"

MF = Namespace("http://www.w3.org/2001/sw/DataAccess/tests/test-manifest#")
QT = Namespace("http://www.w3.org/2001/sw/DataAccess/tests/test-query#")
UT = Namespace("http://www.w3.org/2009/sparql/tests/test-update#")

#: The files of a dataset by the IRIs of their graphs; None is the default graph.
Dataset = Mapping[str | None, Path]


@dataclass(frozen=True)
class Case:
    """One test; `before` and `after` are empty where the test has no data."""

    suite: str
    name: str
    kind: str
    request: Path
    before: Dataset
    after: Dataset
    result: Path | None

    def __str__(self) -> str:
        return f"{self.suite}/{self.name}"

    @property
    def text(self) -> str:
        """The request, with a base only where it names a file of its data.

        All others go as they are written, so that nothing is mended on their way.
        """
        text = self.request.read_bytes().decode()
        named = any(f"<{path.name}>" in text for path in self.before.values())
        return f"BASE <{file_iri(self.request)}>\n{text}" if named else text


def file_iri(path: Path) -> str:
    """The IRI by which the suites know a file."""
    return BASE + path.relative_to(SUITE).as_posix()


def cases() -> list[Case]:
    """Every test of every suite, those on the same data beside each other."""
    found = [case for path in sorted(SUITE.glob("*/manifest.ttl")) for case in _cases_of(path)]
    return sorted(found, key=lambda case: (case.suite, case.kind, _dataset_key(case.before)))


def _dataset_key(dataset: Dataset) -> str:
    return " ".join(sorted(str(path) for path in dataset.values()))


def _cases_of(path: Path) -> Iterator[Case]:
    manifest = Graph().parse(path, format="turtle", publicID=file_iri(path))
    (listed,) = manifest.objects(None, MF.entries)
    for test in manifest.items(listed):
        action = manifest.value(test, MF.action)
        result = manifest.value(test, MF.result)
        request = manifest.value(action, QT.query) or manifest.value(action, UT.request) or action
        yield Case(
            suite=path.parent.name,
            name=str(test).rpartition("#")[2],
            kind=str(manifest.value(test, RDF.type)).rpartition("#")[2],
            request=_file(request),
            before={**_dataset(manifest, action, QT), **_dataset(manifest, action, UT)},
            after=_dataset(manifest, result, UT),
            result=_file(result) if isinstance(result, URIRef) else None,
        )


def _dataset(manifest: Graph, node: Node | None, words: Namespace) -> dict[str | None, Path]:
    graphs: dict[str | None, Path] = {}
    if node is None:
        return graphs
    for data in manifest.objects(node, words.data):
        assert None not in graphs, f"two default graphs in {node}"
        graphs[None] = _file(data)
    for named in manifest.objects(node, words.graphData):
        if isinstance(named, URIRef):
            graphs[str(named)] = _file(named)
        else:
            label = manifest.value(named, RDFS.label)
            graphs[str(label)] = _file(manifest.value(named, words.graph))
    return graphs


def _file(node: Node | None) -> Path:
    assert isinstance(node, URIRef), node
    path = SUITE / str(node).removeprefix(BASE)
    assert path.is_file(), path
    return path
