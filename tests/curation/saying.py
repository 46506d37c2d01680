"""What the facts and the data say of one thing, side by side, found without the importer.

The facts are read as JSON and the data as Turtle; nothing of the importer is used but its
reviewable tables in data/mappings and the ledger. A record must say what its line says and no
more; a hand-made record may say more.
"""

import csv
import re
from collections import defaultdict
from functools import cache
from pathlib import Path

import pytest
from pyoxigraph import Literal, parse

from tests.queries.facts import numbered, record, tidy

DATA = Path(__file__).parents[2] / "data"
FACTS = Path(__file__).parents[3] / "shared" / "data"
BASE = "https://w3id.org/icgraph/"
needs_facts = pytest.mark.skipif(
    not FACTS.is_dir(), reason="the facts (../shared/data) are not beside the checkout"
)


# What the data say


def short(iri):
    """`practice/x` for a record, `scheme/…` for a concept, the rest as it is."""
    return iri.removeprefix(BASE).removeprefix("id/")


@cache
def said(folder="."):
    """What the Turtle files of a folder say: (value, language), by subject and local name."""
    found = defaultdict(lambda: defaultdict(set))
    for path in (DATA / folder).glob("*.ttl"):
        for quad in parse(path=path):
            tag = quad.object.language if isinstance(quad.object, Literal) else None
            predicate = re.split("[/#]", quad.predicate.value)[-1]
            value = (short(quad.object.value), tag or "")
            found[short(quad.subject.value)][predicate].add(value)
    return found


def tagged(subject, predicate):
    """The texts that the importer's files and the seeds say, with their languages."""
    return {
        value
        for folder in (".", "seeds")
        if subject in said(folder)
        for value in said(folder)[subject].get(predicate, ())
    }


def values(subject, predicate):
    return {value for value, _ in tagged(subject, predicate)}


def one(subject, predicate):
    """The one value, or None where nothing is said."""
    found = values(subject, predicate)
    assert len(found) <= 1, (subject, predicate, found)
    return next(iter(found), None)


def names(subject):
    """Every name of a record, in small letters."""
    return {folded(name) for key in ("label", "altLabel") for name in values(subject, key)}


def folded(name):
    """A name in small letters, with straight apostrophes."""
    return straight(tidy(name)).casefold()


def straight(text):
    return text.replace("’", "'")


# What is compared with what


@cache
def table(name):
    with (DATA / "mappings" / f"{name}.csv").open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def differences(pairs):
    """Those of (record, what the facts say, what the data say) that are not as they should be."""
    found = {}
    for subject, expected, got in pairs:
        by_hand = subject in said("seeds")
        if not (expected == got or (by_hand and expected <= got)):
            found.setdefault(subject, []).append({"facts": expected, "data": got})
    return found


def without_reason(lacking):
    """Of (record, predicate, value) those that seeds-differ.csv gives no reason for."""
    told = {
        (row["record"].replace(":", "/", 1), row["predicate"], row["value"])
        for row in table("seeds-differ")
    }
    return set(lacking) - told


def set_of(value):
    return set() if value is None else {str(value)}


def described(file):
    """Each line with the record that it is of."""
    for number, line in numbered(file):
        yield number, record(file, number, "name", line["name"]), line


def number(value):
    return None if value is None else float(value)


def seen(line, key):
    """The value, unless it was written from memory."""
    return None if line.get(f"{key}_basis") == "memory" else line.get(key)
