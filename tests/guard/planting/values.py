"""How a property shape is broken: for each component of SHACL Core the ways to do so at a node.

A way takes a case and says which statements to remove and which to add, or None where the node
offers no hold.
"""

import random
from collections.abc import Callable, Iterator

from pyoxigraph import Literal, Quad

from tests.guard.planting import substitutes
from tests.guard.planting.case import Case, starts
from tests.guard.planting.ground import Change, Constraint, Ground, Term

#: Constraints that a node can break by a statement of a kind it did not have before.
_BY_ADDING = {
    *("class", "datatype", "in", "maxCount", "maxInclusive", "maxLength", "minInclusive"),
    *("nodeKind", "or", "pattern"),
}
Statements = tuple[list[Quad], list[Quad]]


def ways_at_values(constraint: Constraint) -> dict[str, Callable[..., Iterator[Change]]]:
    """The ways to break a constraint of a property shape, by their names."""
    found = _WAYS.get(constraint.parameter, {})
    return {name: _wherever(way) for name, way in found.items()}


def _wherever(way: Callable[[Case], Statements | None]) -> Callable[..., Iterator[Change]]:
    def changes(ground: Ground, constraint: Constraint, dice: random.Random) -> Iterator[Change]:
        targets = ground.targets(constraint.shape)
        for focus in [*dice.sample(targets, len(targets)), *_further(ground, constraint, dice)]:
            found = way(Case(ground, constraint, focus, dice))
            if found is not None:
                yield Change(focus, frozenset(found[0]), frozenset(found[1]))

    return changes


def _further(ground: Ground, constraint: Constraint, dice: random.Random) -> list[Term]:
    """Nodes that the shape is about as soon as they have the property."""
    start = starts(constraint.path)[0][0]
    aims = ground.demands(constraint.shape, "targetSubjectsOf")
    if constraint.parameter not in _BY_ADDING or start not in aims:
        return []
    alike = ground.alike(start)
    return dice.sample(alike, len(alike))


def _missing(case: Case) -> Statements | None:
    statements = case.held()
    left = case.limit - 1
    return (statements[left:], []) if len(statements) > left else None


def _one_too_many(case: Case) -> Statements | None:
    there = [quad.object for quad in case.said()]
    others = [value for value in substitutes.such_values(case) if value not in there]
    needed = case.limit + 1 - len(there)
    if not 0 < needed <= len(others):
        return None
    chosen = case.dice.sample(others, needed)
    return [], [Quad(case.focus, case.property, value) for value in chosen]


def _replaced(make: Callable[[Case, Term], Term | None]) -> Callable[[Case], Statements | None]:
    """A way that puts something else into the place of one value, or beside none."""

    def way(case: Case) -> Statements | None:
        if isinstance(case.focus, Literal):
            return None
        statements = case.said()
        chosen = [case.dice.choice(statements)] if statements else []
        model = chosen[0].object if chosen else case.dice.choice(case.ground.pool(case.property))
        value = make(case, model)
        if value is None or any(quad.object == value for quad in statements):
            return None
        return chosen, [Quad(case.focus, case.property, value)]

    return way


def _twice_in_a_language(case: Case) -> Statements | None:
    tagged = [quad for quad in case.held() if quad.object.language]
    if not tagged:
        return None
    model = case.dice.choice(tagged)
    again = substitutes.like(model.object, f"{model.object.value} (2)")
    return [], [Quad(case.focus, model.predicate, again)]


def _language_missing(case: Case) -> Statements | None:
    inner, *_ = case.ground.demands(case.constraint.shape, "qualifiedValueShape")
    wanted = {
        tag.value
        for languages in case.ground.demands(inner, "languageIn")
        for tag in case.ground.members(languages)
    }
    tagged = [quad for quad in case.held() if getattr(quad.object, "language", None) in wanted]
    left = case.limit - 1
    return (tagged[left:], []) if len(tagged) > left else None


def _listed_kinds(case: Case) -> list[Term]:
    inner, *_ = case.ground.demands(case.constraint.shape, "qualifiedValueShape")
    lists = case.ground.demands(inner, "in")
    return [kind for listed in lists for kind in case.ground.members(listed)]


def _kind_missing(case: Case) -> Statements | None:
    listed = _listed_kinds(case)
    removed = [quad for quad in case.held() if quad.object in listed]
    return (removed, []) if removed else None


def _of_two_kinds(case: Case) -> Statements | None:
    listed = _listed_kinds(case)
    there = [quad.object for quad in case.held()]
    others = [kind for kind in listed if kind not in there]
    if not listed or len(others) == len(listed):
        return None
    return [], [Quad(case.focus, case.property, case.dice.choice(others))]


def _more_on_the_other_side(case: Case) -> Statements:
    there = case.values()
    others = [value for value in case.ground.pool(case.constraint.value) if value not in there]
    return [], [Quad(case.focus, case.constraint.value, case.dice.choice(others))]


def _less_on_the_other_side(case: Case) -> Statements | None:
    statements = case.other()
    return ([case.dice.choice(statements)], []) if statements else None


def _on_both_sides(case: Case) -> Statements | None:
    values, statements = case.values(), case.other()
    if values:
        return [], [Quad(case.focus, case.constraint.value, case.dice.choice(values))]
    if not statements or not case.constraint.path.iri:
        return None
    return [], [Quad(case.focus, case.property, case.dice.choice(statements).object)]


def _wrong_order(case: Case) -> Statements | None:
    values = case.values()
    if not values:
        return None
    lower = substitutes.below(case.dice.choice(values))
    return case.other(), [Quad(case.focus, case.constraint.value, lower)]


def _nothing_to_compare(case: Case) -> Statements | None:
    if not case.values():
        return None
    return case.other(), [Quad(case.focus, case.constraint.value, Literal("later"))]


def _demanded_missing(case: Case) -> Statements | None:
    removed = [quad for quad in case.said() if quad.object == case.constraint.value]
    return (removed, []) if removed else None


_OF_A_CLASS = {
    "dangling reference": _replaced(substitutes.dangling),
    "thing of another class": _replaced(substitutes.of_another_class),
    "text for a thing": _replaced(substitutes.text),
}
_WAYS = {
    "class": _OF_A_CLASS,
    "datatype": {
        "another datatype": _replaced(substitutes.of_another_datatype),
        "ill-formed": _replaced(substitutes.ill_formed),
        "thing for a text": _replaced(substitutes.dangling),
    },
    "disjoint": {"on both sides": _on_both_sides},
    "equals": {
        "more on the other side": _more_on_the_other_side,
        "less on the other side": _less_on_the_other_side,
    },
    "hasValue": {"demanded value missing": _demanded_missing},
    "in": {"not of the list": _replaced(substitutes.not_listed)},
    "lessThanOrEquals": {"wrong order": _wrong_order, "nothing to compare": _nothing_to_compare},
    "maxCount": {"one too many": _one_too_many},
    "maxInclusive": {"too large": _replaced(substitutes.too_large)},
    "maxLength": {"too long": _replaced(substitutes.too_long)},
    "minCount": {"missing": _missing},
    "minInclusive": {
        "too small": _replaced(substitutes.too_small),
        "no number": _replaced(substitutes.no_number),
    },
    "nodeKind": {"text for a thing": _replaced(substitutes.text)},
    "or": _OF_A_CLASS,
    "pattern": {"odd form": _replaced(substitutes.odd)},
    "qualifiedMaxCount": {"of two kinds": _of_two_kinds},
    "qualifiedMinCount": {"language missing": _language_missing, "kind missing": _kind_missing},
    "uniqueLang": {"twice in a language": _twice_in_a_language},
}
