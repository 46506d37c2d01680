"""JSON-LD for web developers: one object with its parts in it, short keys, no RDF to be known.

The thing asked for is the root; its parts are nested, its neighbours are objects with an `id`
and a `name`, texts are maps from language to text. The context (`ontology/context.jsonld`) is
referred to by address, so that clients fetch and keep it once; `?context=inline` puts it into
the answer. Every statement is told once or more, none is left out: what hangs nowhere on the
root is `included` (JSON-LD 1.1, section 4.13).
"""

import json
from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from functools import cache
from hashlib import sha256
from typing import Any, Final

from pyoxigraph import BlankNode, Literal, NamedNode, Triple

from icgraph.config import packaged
from icgraph.model.terms import DEFAULT_BASE, FOREIGN_PREFIXES

_TYPE: Final = FOREIGN_PREFIXES["rdf"] + "type"
_LABEL: Final = FOREIGN_PREFIXES["rdfs"] + "label"
_PRIMARY_TOPIC: Final = FOREIGN_PREFIXES["foaf"] + "primaryTopic"
_XSD: Final = FOREIGN_PREFIXES["xsd"]
#: Beyond this, a number of JSON loses digits (RFC 8259, section 6).
_SAFE: Final = 2**53

Node = NamedNode | BlankNode
Value = NamedNode | BlankNode | Literal


@dataclass(frozen=True, slots=True)
class _Key:
    """A key of the context: its place there, how values are typed, and how they are contained."""

    name: str
    place: int
    type: str | None = None
    containers: frozenset[str] = frozenset()

    @property
    def names_class(self) -> bool:
        """Whether it is the name of a class, not of a property."""
        return self.name[0].isupper()

    def fits(self, value: Value) -> bool:
        """Whether the value can be written under this key without loss."""
        if "@language" in self.containers:
            return isinstance(value, Literal) and (
                value.language is not None or value.datatype.value == _XSD + "string"
            )
        if self.type == "@id":
            return not isinstance(value, Literal)
        if self.type is not None:
            return isinstance(value, Literal) and value.datatype.value == self.type
        return True


@dataclass(frozen=True, slots=True)
class Context:
    """The context of a graph's JSON-LD: its `text` as served, and an 8-digit `stamp` of it."""

    text: str
    stamp: str
    definitions: Mapping[str, Any]
    keys: Mapping[str, tuple[_Key, ...]]
    classes: Mapping[str, str]
    namespaces: Mapping[str, str]

    def class_name(self, iri: str) -> str:
        """A class by its key, else by its prefixed name, else as it is."""
        return self.classes.get(iri) or self.prefixed(iri)

    def prefixed(self, iri: str) -> str:
        """An IRI by a name that no key has."""
        for prefix, namespace in self.namespaces.items():
            local = iri.removeprefix(namespace)
            if local != iri and local and not local.startswith("//"):
                return f"{prefix}:{local}"
        return iri


@cache
def context_for(base: str) -> Context:
    """The context of a graph with this base."""
    file = packaged("ontology") / "context.jsonld"
    text = file.read_text(encoding="utf-8").replace(DEFAULT_BASE, base)
    definitions: dict[str, Any] = json.loads(text)["@context"]
    namespaces = {
        name: defined["@id"]
        for name, defined in definitions.items()
        if isinstance(defined, dict) and defined.get("@prefix")
    }

    keys: dict[str, list[_Key]] = defaultdict(list)
    for place, (name, defined) in enumerate(definitions.items()):
        entry = {"@id": defined} if isinstance(defined, str) else defined
        if isinstance(entry, dict) and not entry.get("@id", "@").startswith("@"):
            keys[_expanded(entry["@id"], namespaces)].append(_key(name, place, entry, namespaces))
    return Context(
        text=text,
        stamp=sha256(text.encode()).hexdigest()[:8],
        definitions=definitions,
        keys={iri: tuple(several) for iri, several in keys.items()},
        classes={
            iri: key.name for iri, several in keys.items() for key in several if key.names_class
        },
        namespaces=namespaces,
    )


def _key(name: str, place: int, entry: Mapping[str, Any], namespaces: Mapping[str, str]) -> _Key:
    containers = entry.get("@container", [])
    type_ = entry.get("@type")
    return _Key(
        name,
        place,
        _expanded(type_, namespaces) if type_ else None,
        frozenset([containers] if isinstance(containers, str) else containers),
    )


def _expanded(name: str, namespaces: Mapping[str, str]) -> str:
    prefix, _, local = name.partition(":")
    return namespaces[prefix] + local if prefix in namespaces else name


def framed(
    statements: Iterable[Triple], about: str, context: Context, reference: str | None
) -> bytes:
    """The statements as one object about the thing with this IRI.

    `reference` is the address of the context; None puts the context itself there.
    """
    tree = _Tree(statements, about, context)
    root = tree.node(NamedNode(about))
    document: dict[str, Any] = {"@context": reference or context.definitions, **root}
    if included := tree.left():
        document["included"] = included
    return (json.dumps(document, ensure_ascii=False, indent=2) + "\n").encode()


@dataclass(slots=True)
class _Tree:
    """Statements on their way into a tree; those that have been told are remembered."""

    statements: Iterable[Triple]
    about: str
    context: Context
    said: dict[Node, dict[str, list[Value]]] = field(default_factory=dict)
    told: set[tuple[Node, str]] = field(default_factory=set)

    def __post_init__(self) -> None:
        for subject, predicate, value in sorted(self.statements, key=str):
            assert not isinstance(subject, Triple)
            assert not isinstance(value, Triple)
            self.said.setdefault(subject, {}).setdefault(predicate.value, []).append(value)

    def node(self, node: Node) -> dict[str, Any]:
        """A thing with all that is said of it and has not been told."""
        told: dict[str, Any] = {"id": _id(node)}
        waiting = {
            predicate: values
            for predicate, values in self.said.get(node, {}).items()
            if (node, predicate) not in self.told
        }
        self.told.update((node, predicate) for predicate in waiting)
        for type_ in waiting.pop(_TYPE, []):
            told.setdefault("type", []).append(self._type(type_))
        entries = []
        for predicate, values in waiting.items():
            entries += self._entries(predicate, values)
        told |= {key.name: value for key, value in sorted(entries, key=_order)}
        if node == NamedNode(self.about):
            told |= self._documents(node)
        return told

    def left(self) -> list[dict[str, Any]]:
        """What has not been told of anything."""
        return [
            self.node(subject)
            for subject, said in self.said.items()
            if any((subject, predicate) not in self.told for predicate in said)
        ]

    def _type(self, value: Value) -> str:
        return self.context.class_name(value.value) if isinstance(value, NamedNode) else str(value)

    def _entries(self, predicate: str, values: list[Value]) -> list[tuple[_Key, Any]]:
        """The values under the keys that take them."""
        plain = _Key(self.context.prefixed(predicate), len(self.context.definitions))
        groups: dict[_Key, list[Value]] = {}
        for value in values:
            keys = self.context.keys.get(predicate, ())
            key = next((key for key in keys if key.fits(value)), plain)
            groups.setdefault(key, []).append(value)
        return [(key, self._contained(key, several)) for key, several in groups.items()]

    def _contained(self, key: _Key, values: list[Value]) -> Any:
        as_list = "@set" in key.containers
        if "@language" in key.containers:
            texts: dict[str, list[str]] = {}
            for value in values:
                assert isinstance(value, Literal)
                texts.setdefault(value.language or "@none", []).append(value.value)
            return {tag: _one(found, as_list) for tag, found in sorted(texts.items())}
        return _one([self._value(key, value) for value in values], as_list)

    def _value(self, key: _Key, value: Value) -> Any:
        if isinstance(value, Literal):
            return _literal(value, key.type)
        return self._linked(value)

    def _linked(self, node: Node) -> dict[str, Any]:
        """A part with all that is said of it; anything else with its name."""
        if isinstance(node, NamedNode) and node.value.startswith(f"{self.about}#"):
            return self.node(node)
        linked: dict[str, Any] = {"id": _id(node)}
        labels = self.said.get(node, {}).get(_LABEL)
        if labels and _id(node) != self.about:
            self.told.add((node, _LABEL))
            linked |= {key.name: value for key, value in self._entries(_LABEL, labels)}
        return linked

    def _documents(self, node: Node) -> dict[str, Any]:
        """The document about the root, which says so itself: a link told backwards."""
        documents = []
        for subject, said in self.said.items():
            if said.get(_PRIMARY_TOPIC) == [node] and (subject, _PRIMARY_TOPIC) not in self.told:
                self.told.add((subject, _PRIMARY_TOPIC))
                documents.append(self.node(subject))
        return {"document": _one(documents, as_list=False)} if documents else {}


def _order(entry: tuple[_Key, Any]) -> tuple[int, str]:
    return (entry[0].place, entry[0].name)


def _one(values: list[Any], as_list: bool) -> Any:
    return values if as_list or len(values) != 1 else values[0]


def _id(node: Node) -> str:
    return node.value if isinstance(node, NamedNode) else str(node)


def _literal(value: Literal, type_: str | None) -> Any:
    """A literal by JSON's own types where nothing is lost by that, else as a value object."""
    datatype, text = value.datatype.value, value.value
    if value.language:
        return {"@language": value.language, "@value": text}
    if datatype == _XSD + "integer" and text == _as_integer(text):
        return int(text)
    if datatype == _XSD + "boolean" and text in {"true", "false"}:
        return text == "true"
    if datatype == (type_ or _XSD + "string"):
        return text
    return {"@type": datatype, "@value": text}


def _as_integer(text: str) -> str | None:
    try:
        number = int(text)
    except ValueError:
        return None
    return str(number) if abs(number) < _SAFE else None
