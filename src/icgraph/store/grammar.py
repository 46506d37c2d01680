"""What the engine itself takes for a text: asked of its own parser, over an empty store.

The engine offers no parser without an evaluation, so nothing may come here that would reach
out when evaluated; `query.disguises` sees to that.
"""

from typing import Final

from pyoxigraph import Store

from icgraph.errors import SyntaxInvalid
from icgraph.store.embedded import EmbeddedEngine
from icgraph.store.syntax import refusal

_BASE: Final = "http://base.invalid/"
_OTHER_ERRORS: Final = (OSError, RuntimeError, ValueError)


def check_syntax(text: str) -> None:
    """Raise SyntaxInvalid when the text is neither a query nor an update.

    Its members `line` and `column` are those of the reading that got further.
    """
    store = Store()
    try:
        EmbeddedEngine(store).query(text, base_iri=_BASE)
    except SyntaxInvalid as of_query:
        of_update = _update_error(store, text)
        if of_update is None:
            return
        raise max(of_query, of_update, key=_place) from None
    except _OTHER_ERRORS:  # it parses, and cannot be evaluated
        return


def _update_error(store: Store, text: str) -> SyntaxInvalid | None:
    try:
        store.update(text, base_iri=_BASE)
    except SyntaxError as error:
        return refusal(str(error), text, "update", _BASE)
    except _OTHER_ERRORS:
        return None
    return None


def _place(error: SyntaxInvalid) -> tuple[int, int]:
    return error.members.get("line", 1), error.members.get("column", 1)
