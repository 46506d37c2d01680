"""Validation by the packaged rules: of files for the command line, of quads for everything else.

This module says what is validated by what, and about which records is reported. Whole graphs
go through compiled shapes, the neighbourhood of a few records through pySHACL.
"""

import sys
from collections.abc import Collection, Iterable, Sequence
from pathlib import Path
from typing import Final

from pyoxigraph import NamedNode, Quad

from icgraph.guard.accepted import accept
from icgraph.guard.compiled import validate_compiled
from icgraph.guard.reference import validate_by_reference
from icgraph.guard.report import Report, record_of
from icgraph.guard.rules import packaged_rules
from icgraph.guard.terms import Term
from icgraph.model.terms import DEFAULT_BASE
from icgraph.store.channel import Progress
from icgraph.store.packaged import packaged_records
from icgraph.store.parsing import parse_file

#: Statements up to which pySHACL on some nodes is faster than queries over all.
_SMALL: Final = 2_000


def run_validation(
    data: Iterable[Quad],
    *,
    base: str = DEFAULT_BASE,
    ontology: bool = True,
    records: Collection[str] | None = None,
    progress: Progress = lambda *_: None,
) -> Report:
    """What the packaged rules find in the default graph of the data.

    `ontology` adds the packaged ontology, for data that does not hold it; `records`
    restricts what is looked at and reported, by the IRIs of records. Accepted warnings are
    marked.
    """
    rules = packaged_rules(base)
    extra = rules.ontology if ontology else ()
    if records is None:
        report = validate_compiled(data, rules.shapes, extra, progress=progress)
        return accept(report, rules.accepted, base)
    quads = [*data, *extra]
    if len(quads) > _SMALL:
        report = validate_compiled(quads, rules.shapes, limit=sys.maxsize, progress=progress)
    else:
        validate, only = validate_by_reference(), _nodes_of(records, quads)
        report = validate(quads, rules.shapes, only=only, progress=progress)
    return accept(report, rules.accepted, base).about(records)


def validate_files(
    files: Sequence[Path],
    *,
    alone: bool = False,
    progress: Progress = lambda *_: None,
) -> Report:
    """What the packaged rules find in files, or in the packaged data when none is given.

    Files are validated as `load` would add them: beside the packaged data, unless `alone`.
    Findings on records the files do not speak of are left out. Raises FileUnusable and
    SyntaxInvalid.
    """
    given = _read(files, progress)
    beside = [] if alone and files else packaged_records()
    data = [*given, *beside]
    records = _spoken_of(given, data) if files else None
    return run_validation(data, records=records, progress=progress)


def _read(files: Sequence[Path], progress: Progress) -> list[Quad]:
    quads: list[Quad] = []
    for number, file in enumerate(files, start=1):
        quads += parse_file(file)
        progress("Reading", number, len(files))
    return quads


def _spoken_of(given: Iterable[Quad], data: Iterable[Quad]) -> set[str]:
    # The records described, and those referred to which nobody describes.
    described = {quad.subject for quad in data}
    records = set()
    for subject, _, value, _ in given:
        records.add(record_of(subject))
        if isinstance(value, NamedNode) and value not in described:
            records.add(record_of(value))
    return records


def _nodes_of(records: Collection[str], quads: Iterable[Quad]) -> set[Term]:
    # Shapes target subjects of the records, and what these refer to.
    nodes: set[Term] = set()
    for subject, _, value, _ in quads:
        if record_of(subject) in records:
            nodes |= {subject, value}
        elif record_of(value) in records:
            nodes.add(value)
    return nodes
