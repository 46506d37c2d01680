"""The page `docs/questions.md`: every stored question, with the first rows of its answer.

`python -m icgraph.discovery.questions FILE` writes the page from the packaged graph.
"""

import re
import sys
from collections.abc import Iterable
from pathlib import Path
from typing import Final

from pyoxigraph import Literal, NamedNode, Quad, QuerySolutions

from icgraph.discovery.stored import StoredQuery, stored_queries
from icgraph.model.terms import DEFAULT_BASE, prefixes
from icgraph.store.packaged import packaged_dataset
from icgraph.store.scratch import scratch_store

ROWS_SHOWN: Final = 3
_HEAD: Final = f"""# Questions to the graph

Each is a query of `queries/`, ready to be changed and asked at `/sparql`; shown are the first
{ROWS_SHOWN} rows of its answer. Those with a number are the 25 questions the graph was designed
to answer. Written by `make docs`, do not edit.
"""
#: What only a home can answer: the packaged graph has no history yet.
_ONLY_IN_A_HOME: Final = "No rows in the packaged graph: a home answers it, once it is loaded."


def questions_page(quads: Iterable[Quad]) -> str:
    """The page, in Markdown: the 25 questions in their order, then the other everyday ones."""
    evaluate = scratch_store(quads)
    stored = sorted(stored_queries(), key=lambda query: (query.question or "~", query.name))
    parts = [_HEAD]
    for query in stored:
        solutions = evaluate(query.text, {})
        assert isinstance(solutions, QuerySolutions)
        parts.append(_section(query, solutions))
    return "\n".join(parts)


def _section(query: StoredQuery, solutions: QuerySolutions) -> str:
    number = f"{query.question} · " if query.question else ""
    head = f"## {number}[{query.title['en']}](../queries/{query.name}.rq)\n\n"
    head += f"{query.description['en']}\n\n"
    columns = [variable.value for variable in solutions.variables]
    rows = [[_cell(row[column]) for column in columns] for row in solutions]
    if not rows:
        return f"{head}{_ONLY_IN_A_HOME}\n"
    table = [columns, ["---"] * len(columns), *rows[:ROWS_SHOWN]]
    more = f"\n… {len(rows)} rows in all.\n" if len(rows) > ROWS_SHOWN else ""
    return head + "\n".join(f"| {' | '.join(row)} |" for row in table) + f"\n{more}"


def _cell(term: object) -> str:
    if isinstance(term, NamedNode):
        return f"`{_short(term.value)}`"
    value = term.value if isinstance(term, Literal) else ""
    return value.replace("|", "\\|").replace("\n", " ")


def _short(iri: str) -> str:
    """A prefixed name where the local part is one segment, else the path below the base."""
    for prefix, namespace in prefixes().items():
        local = iri.removeprefix(namespace)
        if local != iri and re.fullmatch(r"[\w.#-]+", local):
            return f"{prefix}:{local}"
    return iri.removeprefix(DEFAULT_BASE)


if __name__ == "__main__":
    Path(sys.argv[1]).write_text(questions_page(packaged_dataset()), encoding="utf-8")
