"""How to cite a record: as a sentence, as BibTeX and as RIS, with the revision and its date.

Titles come from outside, so each form escapes what it reads as its own. Pure functions.
"""

import re
from dataclasses import dataclass
from typing import Final

#: Who publishes the graph: the project, no person.
PUBLISHER: Final = "Intercultural cities graph"

_TEX: Final = str.maketrans(
    {
        "\\": r"\textbackslash{}", "{": r"\{", "}": r"\}", "$": r"\$", "&": r"\&", "%": r"\%",
        "#": r"\#", "_": r"\_", "~": r"\textasciitilde{}", "^": r"\textasciicircum{}",
    }
)  # fmt: skip
_BREAKS: Final = re.compile(r"\s+")


@dataclass(frozen=True, slots=True)
class Citation:
    """What a citation names: `day` is an ISO date, the record's last change, if it is known."""

    title: str
    iri: str
    key: str
    revision: int
    day: str | None
    language: str | None = None

    @property
    def note(self) -> str:
        """The revision, without which the same words may not be found again."""
        return f"Revision {self.revision}"


def bibtex(citation: Citation) -> str:
    """An entry `@misc` that BibTeX and biblatex both read; UTF-8."""
    fields = {
        "title": f"{{{_tex(citation.title)}}}",
        "author": f"{{{_tex(PUBLISHER)}}}",
        "year": (citation.day or "")[:4],
        "date": citation.day or "",
        "version": f"revision {citation.revision}",
        "note": citation.note,
        "langid": citation.language or "",
    }
    lines = [f"  {name} = {{{value}}}," for name, value in fields.items() if value]
    # An address is read verbatim: `\url` and biblatex want no escapes, and IRIs have no braces.
    return "\n".join([f"@misc{{{citation.key},", *lines, f"  url = {{{citation.iri}}}", "}", ""])


def ris(citation: Citation) -> str:
    """A record of RIS, kind DATA, as reference managers import it; lines end in CR LF."""
    day = citation.day or ""
    tags = [
        ("TY", "DATA"),
        ("TI", _one_line(citation.title)),
        ("AU", PUBLISHER),
        ("PB", PUBLISHER),
        ("PY", day[:4]),
        ("DA", day.replace("-", "/") + "/" if day else ""),
        ("ET", citation.note),
        ("LA", citation.language or ""),
        ("UR", citation.iri),
    ]
    lines = [f"{tag}  - {value}" for tag, value in tags if value]
    return "\r\n".join([*lines, "ER  - ", ""])


def _tex(text: str) -> str:
    return _one_line(text).translate(_TEX)


def _one_line(text: str) -> str:
    """One line: a line's end would begin a new tag."""
    return _BREAKS.sub(" ", text).strip()
