"""Asking several questions at once: one text, one answer, and so one revision of the graph.

What reads the graph in steps is an `Asking`: a generator that yields the questions of a step
and is sent their rows. Those that go side by side (`together`) have their questions of one step
asked as one query, since most questions of a page cost less than the way to the engine does.
"""

from collections.abc import Callable, Generator, Hashable, Iterable, Sequence
from dataclasses import dataclass
from typing import Any, Final, TypeVar, cast

from pyoxigraph import Literal, NamedNode

from icgraph.discovery.reading import Reading, Row, fill

Answer = TypeVar("Answer")
Asking = Generator[Sequence["Question"], Sequence[list[Row]], Answer]

#: Texts that would be longer are asked one by one.
_LONGEST: Final = 65_536
_NUMBER: Final = "question"
_BRANCH: Final = '{ {\n%s\n} BIND("%d" AS ?' + _NUMBER + ") }"


@dataclass(frozen=True, slots=True)
class Question:
    """A SELECT whose `VALUES` are filled, without its prefixes."""

    text: str


def question(query: str, **values: Iterable[NamedNode | Literal]) -> Question:
    """A constant SELECT with these terms in its `VALUES`; no variable of it may be ?question."""
    for name, terms in values.items():
        query = fill(query, name, terms)
    return Question(query)


def rows(query: str, **values: Iterable[NamedNode | Literal]) -> Asking[list[Row]]:
    """The solutions of one question, in any order."""
    (found,) = yield [question(query, **values)]
    return found


def together(*askings: Asking[Any]) -> Asking[tuple[Any, ...]]:
    """What each of them finds; their questions are asked side by side."""
    found: list[Any] = [None] * len(askings)
    asked: dict[int, Sequence[Question]] = {}
    for number, asking in enumerate(askings):
        try:
            asked[number] = next(asking)
        except StopIteration as done:
            found[number] = done.value
    while asked:
        answers = iter((yield [one for several in asked.values() for one in several]))
        for number, several in [*asked.items()]:
            try:
                asked[number] = askings[number].send([next(answers) for _ in several])
            except StopIteration as done:
                found[number] = done.value
                del asked[number]
    return tuple(found)


def once(
    reading: Reading,
    key: Hashable,
    asking: Asking[Answer],
    *,
    weight: Callable[[Answer], int] = lambda _: 1,
) -> Asking[Answer]:
    """What an asking finds, which is asked once a revision; see `Kept` for the weight."""
    revision = reading.reader.fingerprint()
    found = reading.kept.find(revision, [key])
    if key in found:
        asking.close()
        return cast("Answer", found[key])
    value = yield from asking
    reading.kept.keep(revision, {key: value}, weight=weight(value))
    return value


def answer(reading: Reading, asking: Asking[Answer]) -> Answer:
    """What an asking finds in the graph."""
    try:
        questions = next(asking)
        while True:
            questions = asking.send(_answers(reading, questions))
    except StopIteration as done:
        return done.value  # type: ignore[no-any-return]  # of the type that the asking has


def _answers(reading: Reading, questions: Sequence[Question]) -> list[list[Row]]:
    whole = "\nUNION ".join(_BRANCH % (one.text, n) for n, one in enumerate(questions))
    if len(questions) < 2 or len(whole) > _LONGEST:
        return [reading.rows(one.text) for one in questions]
    answers: list[list[Row]] = [[] for _ in questions]
    for row in reading.rows(f"SELECT * WHERE {{\n{whole}\n}}"):
        own = {name: value for name, value in row.items() if name != _NUMBER}
        answers[int(row[_NUMBER].value)].append(own)
    return answers
