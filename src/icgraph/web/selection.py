"""The selection in the address of a list: read from it, and written into the links of its page.

Everything a reader chose stands in the address. What cannot be a choice is refused; what could
be one, but is none that the graph has, is named to the reader by the page.
"""

import re
from dataclasses import dataclass
from typing import Any, Final

from flask import request, url_for

from icgraph.discovery.facets import FACETS
from icgraph.discovery.selection import Selection
from icgraph.discovery.tables import SORTS
from icgraph.errors import InputError
from icgraph.model.kinds import Kind
from icgraph.web.languages import PARAMETER, gettext

_CODE: Final = re.compile(r"[A-Za-z0-9][A-Za-z0-9_.#~-]{0,99}")
_TEXT_LENGTH: Final = 200
_MOST_VALUES: Final = 50
_CERTAINTIES: Final = ("possible", "certain")
_KNOWN: Final = frozenset(("q", "sort", "certainty", "page", "format", "all", PARAMETER))


@dataclass(frozen=True, slots=True)
class Asked:
    """What the address of a list says: the selection, the page, and the facet shown whole.

    `stray` are names of parameters that mean nothing here.
    """

    kind: Kind
    selection: Selection
    page: int
    expanded: str
    stray: tuple[str, ...]

    def address(self, selection: Selection | None = None, **values: Any) -> str:
        """The list with another selection, or this one; `page`, `format` and the like besides."""
        chosen = self.selection if selection is None else selection
        parameters: dict[str, Any] = {name: list(codes) for name, codes in chosen.values.items()}
        if chosen.text:
            parameters["q"] = chosen.text
        if chosen.certain:
            parameters["certainty"] = _CERTAINTIES[1]
        if chosen.sort != SORTS[0]:
            parameters["sort"] = chosen.sort
        return url_for(f"browse.{self.kind.path}", **parameters, **values)


def read_asked(kind: Kind) -> Asked:
    """What the address of this request says; raises InputError for what no one could have chosen.

    Fields of the form that were left empty count as not there.
    """
    names = [facet.name for facet in FACETS[kind.name]]
    values = {name: codes for name in names if (codes := _codes(name))}
    return Asked(
        kind,
        Selection(
            values,
            request.args.get("q", "").strip()[:_TEXT_LENGTH],
            _one_of("certainty", _CERTAINTIES) == _CERTAINTIES[1],
            _one_of("sort", SORTS),
        ),
        _number(request.args.get("page", "1")),
        _one_of("all", ("", *names)),
        tuple(sorted(set(request.args) - _KNOWN - set(names))),
    )


def _codes(name: str) -> tuple[str, ...]:
    codes = tuple(dict.fromkeys(code for code in request.args.getlist(name) if code))
    for code in codes:
        if not _CODE.fullmatch(code):
            raise _impossible(name, code, gettext("Choose one from the form."))
    if len(codes) > _MOST_VALUES:
        raise InputError(
            gettext(
                "The parameter %(name)s is given %(count)s times.", name=name, count=len(codes)
            ),
            advice=gettext("Choose at most %(most)s values of one kind.", most=_MOST_VALUES),
        )
    return codes


def _one_of(name: str, allowed: tuple[str, ...]) -> str:
    value = request.args.get(name, "") or allowed[0]
    if value not in allowed:
        words = ", ".join(word for word in allowed if word)
        raise _impossible(name, value, gettext("Choose one of: %(words)s.", words=words))
    return value


def _number(text: str) -> int:
    if text.isascii() and text.isdigit() and 0 < int(text[:9]) < 1_000_000:
        return int(text[:9])
    raise _impossible("page", text, gettext("Pages are counted from 1."))


def _impossible(name: str, value: str, advice: str) -> InputError:
    detail = gettext("The parameter %(name)s cannot be “%(value)s”.", name=name, value=value)
    return InputError(detail, advice=advice)
