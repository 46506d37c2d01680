"""What a finding says to people: the record it belongs to, and the words of its message."""

import re
from collections.abc import Callable, Mapping
from typing import Final

from pyoxigraph import NamedNode

from icgraph.guard.graph import Select
from icgraph.guard.report import record_of
from icgraph.guard.terms import Term

_PLACEHOLDER: Final = re.compile(r"\{[?$](\w+)\}")
_DESCRIBED: Final = "SELECT ?focus WHERE { ?focus ?p ?o } LIMIT 1"
_REFERRING: Final = "SELECT DISTINCT ?s ?focus WHERE {{ ?s ?p ?focus }} ORDER BY ?s LIMIT {}"


def record_finder(select: Select) -> Callable[[Term], str]:
    """A function that tells the record to look at for a focus node.

    A text, a blank node or a thing nobody describes is mended in a record that refers to it.
    """
    known: dict[Term, str] = {}

    def describe(node: Term) -> bool:
        return isinstance(node, NamedNode) and any(
            True for _ in select(_DESCRIBED, {"focus": node})
        )

    def find(focus: Term) -> str:
        node, seen = focus, [focus]
        while not describe(node):
            rows = select(_REFERRING.format(len(seen) + 1), {"focus": node})
            referring = [row[0] for row in rows if row[0] not in seen]
            if not referring:
                break
            node = referring[0]
            seen.append(node)
        return record_of(node)

    def record(focus: Term) -> str:
        if focus not in known:
            known[focus] = find(focus)
        return known[focus]

    return record


def fill(
    messages: tuple[tuple[str, str], ...], bound: Mapping[str, Term]
) -> tuple[tuple[str, str], ...]:
    """The messages with values in place of `{?name}` and `{$name}` (SHACL, section 5.3.2)."""
    values = {name: str(term.value) for name, term in bound.items()}

    def filled(text: str) -> str:
        return _PLACEHOLDER.sub(lambda found: values.get(found[1], found[0]), text)

    return tuple(sorted({(language, filled(text)) for language, text in messages}))
