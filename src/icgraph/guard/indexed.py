"""An rdflib graph in three dictionaries, for reading much and often.

rdflib's own store in memory keeps contexts and copies of terms, which validation pays for
a million times. This one holds triples, answers patterns, and does no more.
"""

from collections.abc import Generator, Iterator
from typing import Any, Final

from rdflib import Graph
from rdflib.term import Node

_Index = dict[Node, dict[Node, dict[Node, None]]]
_NOTHING: Final[dict[Any, Any]] = {}


class IndexedGraph(Graph):
    """A graph whose lookups by subject, by predicate and by object are dictionary lookups."""

    def __init__(self) -> None:
        super().__init__(bind_namespaces="none")
        self._by_subject: _Index = {}
        self._by_predicate: _Index = {}
        self._by_object: _Index = {}

    def add(self, triple: Any) -> "IndexedGraph":
        """Hold a triple."""
        subject, predicate, value = triple
        self._by_subject.setdefault(subject, {}).setdefault(predicate, {})[value] = None
        self._by_predicate.setdefault(predicate, {}).setdefault(value, {})[subject] = None
        self._by_object.setdefault(value, {}).setdefault(subject, {})[predicate] = None
        return self

    def remove(self, triple: Any) -> "IndexedGraph":
        """Let go of one triple, given in full."""
        subject, predicate, value = triple
        if triple in self:
            del self._by_subject[subject][predicate][value]
            del self._by_predicate[predicate][value][subject]
            del self._by_object[value][subject][predicate]
        return self

    def triples(self, triple: Any) -> Iterator[Any]:  # type: ignore[override]
        """The triples that match a pattern, in which None stands for anything."""
        subject, predicate, value = triple
        if subject is not None:
            yield from self._of_subject(subject, predicate, value)
        elif predicate is not None:
            found = self._by_predicate.get(predicate, _NOTHING)
            for held in list(found) if value is None else (value,):
                for owner in list(found.get(held, _NOTHING)):
                    yield owner, predicate, held
        elif value is not None:
            for owner, predicates in list(self._by_object.get(value, _NOTHING).items()):
                for name in list(predicates):
                    yield owner, name, value
        else:
            for owner in list(self._by_subject):
                yield from self._of_subject(owner, None, None)

    def _of_subject(
        self, subject: Node, predicate: Node | None, value: Node | None
    ) -> Iterator[tuple[Node, Node, Node]]:
        found = self._by_subject.get(subject, _NOTHING)
        for name in list(found) if predicate is None else (predicate,):
            held = found.get(name, _NOTHING)
            if value is None:
                for each in list(held):
                    yield subject, name, each
            elif value in held:
                yield subject, name, value

    def objects(
        self,
        subject: Any = None,
        predicate: Any = None,
        unique: bool = False,
    ) -> Generator[Any, None, None]:
        """The objects of a subject and a predicate; see `rdflib.Graph.objects`."""
        if subject is None or predicate is None:
            yield from super().objects(subject, predicate, unique)
        else:
            yield from list(self._by_subject.get(subject, _NOTHING).get(predicate, ()))

    def subjects(
        self,
        predicate: Any = None,
        object: Any = None,  # noqa: A002
        unique: bool = False,
    ) -> Generator[Any, None, None]:
        """The subjects of a predicate and an object; see `rdflib.Graph.subjects`."""
        if predicate is None or object is None or isinstance(object, list | tuple):
            yield from super().subjects(predicate, object, unique)
        else:
            yield from list(self._by_predicate.get(predicate, _NOTHING).get(object, ()))

    def __contains__(self, triple: Any) -> bool:
        return next(self.triples(triple), None) is not None

    def __len__(self) -> int:
        return sum(len(held) for found in self._by_subject.values() for held in found.values())
