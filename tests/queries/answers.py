"""The stored questions as tests ask them: stores to ask, and answers in short form."""

import csv
import re
from pathlib import Path

from pyoxigraph import Literal, NamedNode, Quad, QuerySolutions, Store

from icgraph.model.terms import DEFAULT_BASE
from icgraph.store.parsing import parse_folder

ROOT = Path(__file__).parents[2]
QUESTIONS = sorted((ROOT / "queries").glob("*.rq"))
EXPECTED = Path(__file__).with_name("expected")


def filled(quads: list[Quad]) -> Store:
    store = Store()
    store.bulk_extend(quads)
    return store


def seed_quads() -> list[Quad]:
    return [*parse_folder(ROOT / "ontology"), *parse_folder(ROOT / "data" / "seeds")]


def short(term: object) -> str:
    """A record as `kind/slug`, a concept as `scheme/slug`, a literal as its text."""
    if isinstance(term, NamedNode):
        return re.sub(r"^(id|scheme)/", "", term.value.removeprefix(DEFAULT_BASE))
    return term.value if isinstance(term, Literal) else ""


def text_of(name: str) -> str:
    return (ROOT / f"queries/{name}.rq").read_text(encoding="utf-8")


def rows(store: Store, name: str, *columns: str) -> list[tuple[str, ...]]:
    found = store.query(text_of(name))
    assert isinstance(found, QuerySolutions)
    wanted = columns or tuple(variable.value for variable in found.variables)
    return [tuple(short(row[column]) for column in wanted) for row in found]


def expected(name: str) -> tuple[tuple[str, ...], list[tuple[str, ...]]]:
    """The columns and rows that were worked out by hand from the seeds."""
    with (EXPECTED / f"{name}.csv").open(encoding="utf-8", newline="") as file:
        columns, *found = map(tuple, csv.reader(file))
    return columns, found
