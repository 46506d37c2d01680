"""What can stand in the place of a right value, so that one constraint is broken.

A substitute is made from a case and the value that it replaces; None where there is none.
"""

import re

from pyoxigraph import Literal, NamedNode
from rdflib import RDF, XSD

from tests.guard.planting.case import Case
from tests.guard.planting.ground import TYPE, Term

_STRING, _LANG_STRING = NamedNode(XSD.string), NamedNode(RDF.langString)
_BOOLEAN, _DATE, _DECIMAL = NamedNode(XSD.boolean), NamedNode(XSD.date), NamedNode(XSD.decimal)
_ILL_FORMED = {
    _DATE: "2021-13-01",
    _BOOLEAN: "perhaps",
    _DECIMAL: "1,5",
    NamedNode(XSD.integer): "a dozen",
}
_ODD_IRIS = ("https://example.org/elsewhere", "urn:example:elsewhere")
_ODD_TEXTS = ("elsewhere", " outer blanks ", "-", "POINT(200 100)")
#: A property with fewer values than this does not show what else could be its value.
_FEW = 6


def dangling(case: Case, _: Term) -> Term:
    return case.ground.nobody()


def text(case: Case, _: Term) -> Term:
    return case.ground.text()


def of_another_class(case: Case, _: Term) -> Term | None:
    wanted = [case.constraint.value]
    if case.constraint.parameter == "or":
        members = case.ground.members(case.constraint.value)
        wanted = [kind for member in members for kind in case.ground.demands(member, "class")]
    if not wanted:
        return None
    right = set().union(*(case.ground.instances(kind) for kind in wanted))
    described = {quad.subject for quad in case.ground.statements(None, TYPE)}
    return case.dice.choice(sorted(described - right, key=str))


def of_another_datatype(case: Case, model: Term) -> Term:
    if case.constraint.value == _LANG_STRING:
        return Literal(model.value)
    if case.constraint.value == _STRING:
        return Literal(model.value, language="en")
    return Literal(model.value, datatype=NamedNode(XSD.token))


def ill_formed(case: Case, _: Term) -> Term | None:
    # pySHACL is no measure where an ill-formed literal is compared: see test_planted_faults.
    text = _ILL_FORMED.get(case.constraint.value)
    if text is None or case.property in case.ground.compared:
        return None
    return Literal(text, datatype=case.constraint.value)


def odd(case: Case, model: Term) -> Term:
    flags = case.ground.demands(case.constraint.shape, "flags")
    pattern = re.compile(case.constraint.value.value, re.DOTALL if flags else 0)
    if isinstance(model, Literal):
        candidates = [like(model, text) for text in _ODD_TEXTS]
    else:
        candidates = [NamedNode(iri) for iri in _ODD_IRIS]
    return case.dice.choice([it for it in candidates if not pattern.search(it.value)])


def too_long(case: Case, model: Term) -> Term:
    return like(model, "x" * (case.limit + 1))


def too_small(case: Case, model: Term) -> Term:
    return like(model, str(case.limit - 1))


def too_large(case: Case, model: Term) -> Term:
    return like(model, f"{case.limit}.5" if model.datatype == _DECIMAL else str(case.limit + 1))


def no_number(_case: Case, _: Term) -> Term:
    return Literal("many")


def not_listed(case: Case, _: Term) -> Term | None:
    listed = case.ground.members(case.constraint.value)
    others = [it for it in case.ground.pool(TYPE) if it not in listed]
    return case.dice.choice(others) if listed else None


def such_values(case: Case) -> list[Term]:
    """Values such as a property has."""
    pool = case.ground.pool(case.property)
    if len(pool) >= _FEW:
        return pool
    if not isinstance(pool[0], Literal):
        kinds = {quad.object for value in pool for quad in case.ground.statements(value, TYPE)}
        return [
            *pool,
            *sorted({it for kind in kinds for it in case.ground.instances(kind)}, key=str),
        ]
    if pool[0].datatype == _BOOLEAN:
        return [Literal(True), Literal(False)]
    return [*pool, *(like(value, f"{value.value}1") for value in pool)]


def like(model: Literal, text: str) -> Literal:
    if model.language is not None:
        return Literal(text, language=model.language)
    return Literal(text, datatype=model.datatype)


def below(literal: Literal) -> Literal:
    if literal.datatype == _DATE:
        return like(literal, f"{int(literal.value[:4]) - 1}{literal.value[4:]}")
    return like(literal, str(int(literal.value) - 1))
