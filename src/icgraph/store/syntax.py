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

_PLACE: Final = re.compile(r"error at (\d+):(\d+): (.*)", re.DOTALL)
_SHOWN: Final = 40
_CHARACTERS: Final = re.compile(r"\[[^\[\]]*\]")  # sets of characters: no help to people
_EXPECTED: Final = re.compile(r'"(?:[^"\\]|\\.)*"|[^",]+')
#: A cause among the terminals, such as “IRI parsing failed”.
_CAUSE: Final = re.compile(r"[A-Z]\w* .*[a-z].*")
#: Where a colon makes no prefixed name. A string that is left open ends where it must; were it
#: no match, each quote in it would be tried again up to the end.
_NO_NAMES: Final = re.compile(
    r"""<[^<>"{}|^`\\\s]*>|\"\"\".*?(?:\"\"\"|\Z)|'''.*?(?:'''|\Z)"""
    r"""|"(?:[^"\\\n]|\\.)*"?|'(?:[^'\\\n]|\\.)*'?|\#[^\r\n]*""",
    re.DOTALL,
)
_DECLARED: Final = re.compile(r"prefix\s+((?:[^\W\d_][\w.-]*)?):", re.IGNORECASE)
_USED: Final = re.compile(r"(?<![\w.:@?$%\\-])((?:[^\W\d_][\w.-]*)?):(?=[\w%\\])")


def refusal(message: str, text: str, kind: str, base_iri: str | None) -> SyntaxInvalid:
    """The error for a `kind` of text, such as a query, that the engine refused with a message."""
    undeclared = _undeclared(text)
    if undeclared is not None:
        return _without_prefix(undeclared, text, kind, base_iri)
    place = _PLACE.match(message)
    if place is None:
        return SyntaxInvalid(f"The {kind} does not parse: {message}.")
    line, column = int(place[1]), int(place[2])
    before = "".join(text.splitlines()[line - 1 : line])[: column - 1][-_SHOWN:].strip()
    after = f", after “{before}”" if before else ""
    hint = _hint(place[3])
    return SyntaxInvalid(
        f"The {kind} does not parse at line {line}, column {column}{after}{hint}.",
        advice="Look at the place named, and at the words just before it.",
        line=line,
        column=column,
    )


def _hint(complaint: str) -> str:
    """The cause where the parser names one, else what it would have taken."""
    listed = complaint.removeprefix("expected").strip().removeprefix("one of")
    found = _EXPECTED.findall(_CHARACTERS.sub("", listed).replace("\n", " "))
    parts = [part.strip() for part in found if part.strip(" |")]
    if cause := next(filter(_CAUSE.fullmatch, parts), None):
        return f" ({cause})"
    return f": expected {'one of ' * (len(parts) > 1)}{', '.join(parts)}" if parts else ""


def _undeclared(text: str) -> re.Match[str] | None:
    """The first name whose prefix nothing declares."""
    names = _NO_NAMES.sub(lambda found: re.sub(r"[^\n]", " ", found[0]), text)
    declared = set(_DECLARED.findall(names))
    return next((used for used in _USED.finditer(names) if used[1] not in declared), None)


def _without_prefix(
    found: re.Match[str], text: str, kind: str, base_iri: str | None
) -> SyntaxInvalid:
    prefix, start = found[1], found.start()
    line = text.count("\n", 0, start) + 1
    column = start - text.rfind("\n", 0, start)
    known = prefixes(urljoin(base_iri, ".")) if base_iri else FOREIGN_PREFIXES
    return SyntaxInvalid(
        f"The {kind} does not declare the prefix `{prefix}:` that it uses at line {line}, "
        f"column {column}.",
        advice=f"Begin it with: PREFIX {prefix}: <{known.get(prefix, '…')}>",
        line=line,
        column=column,
    )
