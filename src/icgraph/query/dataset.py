"""The dataset of a query whose default graph is the merge of several graphs.

The engine reads such graphs one after the other and gives a statement once for each graph that
holds it, so that counts are wrong. The standard asks for the merge (SPARQL 1.1 Query, section
13.2; Protocol, section 2.1.4), in which it stands once. So several graphs are copied into one
before the query, by whoever evaluates it.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from icgraph.query.policy import Token, read_tokens
from icgraph.query.request import QueryRequest
from icgraph.store.scratch import terms_of_empty

_FORMS: Final = frozenset({"SELECT", "ASK", "CONSTRUCT", "DESCRIBE"})
_NAMES: Final = frozenset({"iri", "prefixed"})


@dataclass(frozen=True, slots=True)
class Dataset:
    """The IRIs of the graphs that make up the default graph, and of the named graphs."""

    default_graphs: tuple[str, ...]
    named_graphs: tuple[str, ...]


def merged_dataset(request: QueryRequest) -> Dataset | None:
    """The dataset that the request or else its text names; None when there is nothing to merge."""
    if request.default_graphs is not None or request.named_graphs is not None:
        dataset = Dataset(request.default_graphs or (), request.named_graphs or ())
    else:
        dataset = _dataset_of_text(request.text, request.base_iri)
    return dataset if len(set(dataset.default_graphs)) > 1 else None


def _dataset_of_text(text: str, base_iri: str | None) -> Dataset:
    """What its FROM clauses name; nothing where that is not understood, or not needed."""
    nothing = Dataset((), ())
    if text.upper().count("FROM") < 2:
        return nothing
    before, clauses = _clauses(read_tokens(text))
    start = next((token.start for token in before if _is_word(token, *_FORMS)), None)
    if start is None or not clauses or any(_may_mislead(token) for token in before):
        return nothing
    names = " ".join(f"({name} AS ?graph{number})" for number, (_, name) in enumerate(clauses))
    try:
        iris = terms_of_empty(f"{text[:start]} SELECT {names} {{}}", base_iri)
    except SyntaxError:
        return nothing  # the engine says what is wrong with the query itself
    found = [(named, str(iri.value)) for (named, _), iri in zip(clauses, iris, strict=True)]
    return Dataset(
        tuple(dict.fromkeys(iri for named, iri in found if not named)),
        tuple(dict.fromkeys(iri for named, iri in found if named)),
    )


def _clauses(tokens: Iterator[Token]) -> tuple[list[Token], list[tuple[bool, str]]]:
    """The tokens before the FROM clauses; and of each clause whether it says NAMED, and the name.

    The clauses stand in a row; a FROM after them is something else.
    """
    before, clauses = [], []
    for token in tokens:
        if _is_word(token, "FROM"):
            break
        before.append(token)
    for token in tokens:
        named = _is_word(token, "NAMED")
        name = next(tokens, None) if named else token
        if name is None or name.kind not in _NAMES:
            break
        clauses.append((named, name.text))
        following = next(tokens, None)
        if following is None or not _is_word(following, "FROM"):
            break
    return before, clauses


def _may_mislead(token: Token) -> bool:
    """Whether the engine may read other tokens here: `<` may compare, and then `'` begin a text."""
    return token.text.startswith("\\") or (token.kind == "iri" and "'" in token.text)


def _is_word(token: Token, *words: str) -> bool:
    return token.kind == "word" and token.text.upper() in words
