"""What the engine's parser says of a text, in words that help whoever wrote it.

The parser tells how far it came and every terminal that could have stood there, most of them
sets of characters; and it looks for undeclared prefixes while it reads, so that it may complain
of another place. This is for texts that were refused: it decides nothing.
"""

import re
from typing import Final
from urllib.parse import urljoin

from icgraph.errors import SyntaxInvalid
from icgraph.model.terms import FOREIGN_PREFIXES, prefixes
from icgraph.store.misfit import PLACE, WHOLE, Misfit, misfit

_SHOWN: Final = 40
_LOOK: Final = "Look at the place named, and at the words just before it."
_CHARACTERS: Final = re.compile(r"\[[^\[\]]*\]")  # sets of characters: no help to people
_EXPECTED: Final = re.compile(r'"(?:[^"\\]|\\.)*"|[^",]+')
#: A cause among the terminals, such as “IRI parsing failed”.
_CAUSE: Final = re.compile(r"[A-Z]\w* .*[a-z].*")
#: Where a colon makes no prefixed name.
_NO_NAMES: Final = re.compile(WHOLE, re.DOTALL)
_DECLARED: Final = re.compile(r"prefix\s+((?:[^\W\d_][\w.-]*)?):", re.IGNORECASE)
_USED: Final = re.compile(r"(?<![\w.:@?$%\\-])((?:[^\W\d_][\w.-]*)?):(?=[\w%\\])")


def refusal(message: str, text: str, kind: str, base_iri: str | None) -> SyntaxInvalid:
    """The error for a `kind` of text, such as a query, that the engine refused with a message."""
    undeclared = _undeclared(text)
    if undeclared is not None:
        return _without_prefix(undeclared, text, kind, base_iri)
    found = misfit(message, text, kind, base_iri)
    if found is None:
        return SyntaxInvalid(f"The {kind} does not parse: {message}.")
    if cause := _cause(message):
        what = f"({cause})"
    else:
        what = f"“{found.word[:_SHOWN]}” cannot stand there" if found.word else "it ends too early"
    line, column = _place(text, found.offset)
    before = text[: found.offset].rpartition("\n")[2][-_SHOWN:].strip()
    after = f", after “{before}”" if before else ""
    return SyntaxInvalid(
        f"The {kind} does not parse at line {line}, column {column}{after}"
        f"{' ' if cause else ': '}{what}.",
        advice=_LOOK if cause else _advice(found),
        line=line,
        column=column,
    )


def _advice(found: Misfit) -> str:
    if found.meant:
        return f"Was {found.meant} meant?"
    if found.instead:
        return f"What could stand there, among others: {' '.join(found.instead)}"
    return _LOOK


def _cause(message: str) -> str | None:
    """The cause that the parser names, if it names one."""
    place = PLACE.match(message)
    if place is None:
        return None
    listed = place[3].removeprefix("expected").strip().removeprefix("one of")
    parts = _EXPECTED.findall(_CHARACTERS.sub("", listed).replace("\n", " "))
    return next(filter(_CAUSE.fullmatch, (part.strip() for part in parts)), None)


def _place(text: str, offset: int) -> tuple[int, int]:
    return text.count("\n", 0, offset) + 1, offset - text.rfind("\n", 0, offset)


def _undeclared(text: str) -> re.Match[str] | None:
    """The first name whose prefix nothing declares."""
    names = _NO_NAMES.sub(lambda found: re.sub(r"[^\n]", " ", found[0]), text)
    declared = set(_DECLARED.findall(names))
    return next((used for used in _USED.finditer(names) if used[1] not in declared), None)


def _without_prefix(
    found: re.Match[str], text: str, kind: str, base_iri: str | None
) -> SyntaxInvalid:
    prefix, start = found[1], found.start()
    line, column = _place(text, start)
    known = prefixes(urljoin(base_iri, ".")) if base_iri else FOREIGN_PREFIXES
    return SyntaxInvalid(
        f"The {kind} does not declare the prefix `{prefix}:` that it uses at line {line}, "
        f"column {column}.",
        advice=f"Begin it with: PREFIX {prefix}: <{known.get(prefix, '…')}>",
        line=line,
        column=column,
    )
