"""A SPARQL query as the protocol gives it (SPARQL 1.1 Protocol, section 2.1). Values only."""

from dataclasses import dataclass, fields
from typing import Any, Final, Self


@dataclass(frozen=True, slots=True)
class QueryRequest:
    """What to evaluate and in which form to answer.

    `solutions_type` and `graph_type` are the media types for SELECT/ASK and for
    CONSTRUCT/DESCRIBE; None means the client accepts none of that sort. `default_graphs`
    and `named_graphs` are IRIs; None means the request names no dataset. `shown` is for pages:
    solutions come as TSV, no more than so many rows of them, and their number. `seconds` is the
    wall time it may take, waiting included. Relative IRIs are resolved against `base_iri`.
    `revision` None is the newest; `client` says who asks, for fairness; `id` is the Query-Id.
    """

    text: str
    seconds: float
    solutions_type: str | None
    graph_type: str | None
    default_graphs: tuple[str, ...] | None = None
    named_graphs: tuple[str, ...] | None = None
    shown: int | None = None
    base_iri: str | None = None
    revision: int | None = None
    client: str = ""
    id: str = ""

    def to_json(self) -> dict[str, Any]:
        """The request as JSON values, for a worker."""
        return {name: getattr(self, name) for name in _FIELDS}

    @classmethod
    def from_json(cls, value: dict[str, Any]) -> Self:
        """The request `to_json` described."""
        graphs = {
            name: None if value[name] is None else tuple(value[name])
            for name in ("default_graphs", "named_graphs")
        }
        return cls(**{**value, **graphs})


_FIELDS: Final = tuple(field.name for field in fields(QueryRequest))
