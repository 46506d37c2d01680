"""Turtle as it lies in the repository: one layout, so that a change shows as its own lines.

Subjects, predicates (`a` first) and objects are sorted, a record's parts follow the record,
and only the prefixes that are used are declared: the same statements always give the same
bytes. Formatting a file keeps the comments at its head and refuses a file with others,
because Turtle has no place for them once the statements are sorted.
"""

import re
from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from pathlib import Path
from typing import Final

from pyoxigraph import (
    BlankNode,
    CanonicalizationAlgorithm,
    Dataset,
    DefaultGraph,
    Literal,
    NamedNode,
    Quad,
    Triple,
)

from icgraph.curation.writing import replace_files
from icgraph.errors import InputError
from icgraph.model.terms import FOREIGN_PREFIXES, prefixes
from icgraph.store.parsing import parse_file, read_text

_RDF_TYPE: Final = FOREIGN_PREFIXES["rdf"] + "type"
_XSD: Final = FOREIGN_PREFIXES["xsd"]
_LOCAL: Final = re.compile(r"(?:[A-Za-z0-9_](?:[A-Za-z0-9_-]|#(?=[A-Za-z0-9_-]))*)?")
_BARE: Final = {
    _XSD + "integer": re.compile(r"[+-]?[0-9]+"),
    _XSD + "decimal": re.compile(r"[+-]?[0-9]*\.[0-9]+"),
    _XSD + "boolean": re.compile(r"true|false"),
}
_ESCAPES: Final = {"\\": "\\\\", '"': '\\"', "\n": "\\n", "\r": "\\r", "\t": "\\t"}
_CONTROL: Final = re.compile(r'[\\"\x00-\x1f\x7f\u0085\u2028\u2029]')
# What a `#` may stand in without beginning a comment: strings, IRIs, escaped local names.
_TOKEN: Final = re.compile(
    r'"""(?:[^"\\]|\\.|"(?!""))*"""|\'\'\'(?:[^\'\\]|\\.|\'(?!\'\'))*\'\'\''
    r'|"(?:[^"\\\n]|\\.)*"|\'(?:[^\'\\\n]|\\.)*\'|<[^<>\s]*>|\\#|(?P<comment>#[^\n]*)',
    re.DOTALL,
)
_HEAD: Final = re.compile(r"(?:[ \t]*(?:#[^\n]*)?\n)*")

Subject = NamedNode | BlankNode | Triple
Object = NamedNode | BlankNode | Literal | Triple


def format_turtle(quads: Iterable[Quad], names: Mapping[str, str]) -> str:
    """The statements as Turtle; `names` maps prefixes to namespaces, only used ones appear.

    Blank nodes are named by RDFC-1.0. Raises InputError for statements in a named graph, and
    for triple terms, which Turtle 1.1 does not know.
    """
    known = _Names(names)
    by_subject: dict[str, dict[str, set[str]]] = defaultdict(lambda: defaultdict(set))
    for quad in _canonical(quads):
        subject = known.render(quad.subject)
        by_subject[subject][known.render_predicate(quad.predicate)].add(known.render(quad.object))
    blocks = [
        _block(subject, by_subject[subject]) for subject in sorted(by_subject, key=known.order)
    ]
    head = "".join(
        f"@prefix {name}: <{namespace}> .\n"
        for name, namespace in sorted(names.items())
        if name in known.used
    )
    return "\n".join(part for part in (head, *blocks) if part)


def format_files(
    files: Sequence[Path], progress: Callable[[str, int, int], None] = lambda *_: None
) -> list[Path]:
    """Put Turtle files into the layout of the repository; the files that were changed.

    All files are read before any is written. Raises FileUnusable, SyntaxInvalid, or InputError
    for a file that is not Turtle or has comments below its head.
    """
    changed: dict[Path, str] = {}
    for number, path in enumerate(files, start=1):
        progress("formatting", number, len(files))
        before = read_text(path)
        if path.suffix.lower() != ".ttl":
            raise InputError(
                f"{path}: only Turtle files are formatted.", advice="Give files that end in .ttl."
            )
        quads = parse_file(path)
        parts = (_head_comments(before, path), format_turtle(quads, prefixes()))
        after = "\n".join(part for part in parts if part)
        if after.encode() != path.read_bytes():
            changed[path] = after
    replace_files(changed)
    return list(changed)


def _head_comments(text: str, path: Path) -> str:
    """The comment lines before the first statement."""
    match = _HEAD.match(text)
    end = match.end() if match else 0
    for token in _TOKEN.finditer(text, end):
        if token["comment"] is not None:
            line = text.count("\n", 0, token.start()) + 1
            raise InputError(
                f"{path}:{line}: a comment between statements would be lost.",
                advice="Move it to the head of the file, or say it with rdfs:comment.",
            )
    lines = [line.strip() for line in text[:end].splitlines()]
    kept = "\n".join(lines).strip()
    return kept + "\n" if kept else ""


def _canonical(quads: Iterable[Quad]) -> Iterable[Quad]:
    statements = list(quads)
    for quad in statements:
        if not isinstance(quad.graph_name, DefaultGraph):
            raise InputError(
                f"A statement stands in the named graph {quad.graph_name}; Turtle has no graphs.",
                advice="Write it as TriG or N-Quads.",
            )
        if isinstance(quad.subject, Triple) or isinstance(quad.object, Triple):
            raise InputError(
                "A statement is about a statement (a triple term), which Turtle 1.1 lacks.",
                advice="Give the statement a part of its own, with an IRI.",
            )
    if any(isinstance(term, BlankNode) for quad in statements for term in (quad[0], quad[2])):
        dataset = Dataset(statements)
        dataset.canonicalize(CanonicalizationAlgorithm.RDFC_1_0)
        return list(dataset)
    return statements


class _Names:
    """Terms in Turtle, noting which prefixes they used."""

    def __init__(self, names: Mapping[str, str]) -> None:
        self.used: set[str] = set()
        self._namespaces = sorted(
            ((namespace, name) for name, namespace in names.items()), key=lambda pair: -len(pair[0])
        )
        self._rendered: dict[str, str] = {}
        self._iris: dict[str, str] = {}

    def render(self, term: Subject | Object) -> str:
        if isinstance(term, NamedNode):
            return self._iri(term.value)
        if isinstance(term, Literal):
            return self._literal(term)
        text = str(term)
        self._iris[text] = "\uffff" + text
        return text

    def render_predicate(self, predicate: NamedNode) -> str:
        return "a" if predicate.value == _RDF_TYPE else self._iri(predicate.value)

    def order(self, rendered: str) -> str:
        """What a subject is sorted by: its IRI, blank nodes last."""
        return self._iris[rendered]

    def _iri(self, iri: str) -> str:
        if iri not in self._rendered:
            rendered, name = self._shorten(iri)
            self._rendered[iri] = rendered
            self._iris[rendered] = iri
            if name is not None:
                self.used.add(name)
        return self._rendered[iri]

    def _shorten(self, iri: str) -> tuple[str, str | None]:
        for namespace, name in self._namespaces:
            if iri.startswith(namespace) and _LOCAL.fullmatch(iri, len(namespace)):
                local = iri[len(namespace) :].replace("#", r"\#")
                return f"{name}:{local}", name
        return f"<{iri}>", None

    def _literal(self, literal: Literal) -> str:
        datatype = literal.datatype.value
        bare = _BARE.get(datatype)
        if bare is not None and bare.fullmatch(literal.value):
            return literal.value
        quoted = f'"{_CONTROL.sub(_escape, literal.value)}"'
        if literal.language is not None:
            return f"{quoted}@{literal.language}"
        if datatype == _XSD + "string":
            return quoted
        return f"{quoted}^^{self._iri(datatype)}"


def _escape(match: re.Match[str]) -> str:
    return _ESCAPES.get(match[0], f"\\u{ord(match[0]):04X}")


def _block(subject: str, statements: Mapping[str, set[str]]) -> str:
    ordered = sorted(statements, key=lambda predicate: (predicate != "a", predicate))
    lines = [f"    {predicate}{_objects(statements[predicate])}" for predicate in ordered]
    return f"{subject}\n" + " ;\n".join(lines) + " .\n"


def _objects(rendered: set[str]) -> str:
    ordered = sorted(rendered)
    if len(ordered) == 1:
        return " " + ordered[0]
    return "\n" + " ,\n".join(f"        {text}" for text in ordered)
