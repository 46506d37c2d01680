"""What is asked: each stored question, a cold mix, and a warm mix of texts that come again."""

import itertools
import random
import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from bench.load import CLIENTS, request_bytes
from icgraph.discovery.stored import stored_queries

LOOKUPS: Final = 200
VARIANTS: Final = 200
LOOKED_UP_VARIANTS: Final = 120
NEVER_SEEN: Final = 0.1
_VARIANTS_OF_A_SEED: Final = 20_000
#: Constants of the stored questions, and others to ask about instead.
_OTHERS: Final = {
    "place:pl-lublin": ("place:es-barcelona", "place:it-reggio-emilia", "place:no-oslo"),
    "place:pl": tuple(f"place:{code}" for code in ("es", "it", "pt", "gb", "de", "no", "ca", "ua")),
    "topic:refugees": ("topic:education", "topic:roma", "topic:housing-urban-planning"),
    "topic:welcoming-social-integration": ("topic:education", "topic:anti-rumour"),
    "organisation-type:police": ("organisation-type:school", "organisation-type:foundation"),
    ">= 2020": (">= 2005", ">= 2015", ">= 2023"),
    "ic:year 2017": ("ic:year 2013", "ic:year 2019", "ic:year 2021"),
    "organisation:cosm": ("organisation:intercultural-cities-programme",),
    "programme:rec": ("programme:amif", "programme:cerv"),
}


@dataclass(frozen=True, slots=True)
class Question:
    """A text with a name."""

    name: str
    text: str


def questions() -> list[Question]:
    """The stored questions, in the order of their names."""
    return [Question(query.name, query.text) for query in stored_queries()]


def lookup(record: str) -> str:
    """All that is said of a record; the record as `<IRI>`."""
    return f"SELECT ?property ?value WHERE {{ {record} ?property ?value }}"


def cold_mix(records: list[str]) -> list[str]:
    """Every stored question once, and `LOOKUPS` records."""
    chosen = random.Random(1).sample(records, LOOKUPS)
    return [question.text for question in questions()] + [lookup(record) for record in chosen]


def cold_orders(endpoint: str, records: list[str]) -> list[Iterator[bytes]]:
    """The cold mix without end, for each client in an order of its own."""
    requests = [request_bytes(endpoint, text) for text in cold_mix(records)]

    def order(number: int) -> Iterator[bytes]:
        return itertools.cycle(random.Random(number).sample(requests, len(requests)))

    return [order(number) for number in range(CLIENTS)]


def variants(records: list[str]) -> list[str]:
    """The texts of the warm mix, the one that is asked most first."""
    draw = random.Random(2)
    texts = [question.text for question in questions()]
    others = [
        re.sub(rf"(?<![\w-]){re.escape(constant)}(?![\w-])", other, text)
        for text in texts
        for constant, instead in _OTHERS.items()
        if re.search(rf"(?<![\w-]){re.escape(constant)}(?![\w-])", text)
        for other in instead
    ]
    texts += draw.sample(others, min(len(others), VARIANTS - LOOKED_UP_VARIANTS - len(texts)))
    texts += [lookup(record) for record in draw.sample(records, VARIANTS - len(texts))]
    draw.shuffle(texts)
    return texts


def warm_orders(endpoint: str, records: list[str], seed: int = 0) -> list[Iterator[bytes]]:
    """Texts by Zipf's law; one in ten is a variant that nobody asked before, whatever the seed.

    Such a text is drawn like all others and given a limit and an offset of its own: its answer
    is as much work, and is in no memory. Together they stay below 10 000, more of which Virtuoso
    does not sort.
    """
    texts = variants(records)
    requests = [request_bytes(endpoint, text) for text in texts]
    weights = list(itertools.accumulate(1 / rank for rank in range(1, len(texts) + 1)))
    fresh = itertools.count(_VARIANTS_OF_A_SEED * seed)

    def order(number: int) -> Iterator[bytes]:
        draw = random.Random(1000 * seed + number)
        places = range(len(texts))
        while True:
            place = draw.choices(places, cum_weights=weights)[0]
            if draw.random() < NEVER_SEEN:
                offset, less = divmod(next(fresh), 400)
                page = f"LIMIT {9900 - less} OFFSET {offset}"
                yield request_bytes(endpoint, f"{texts[place]}\n{page}")
            else:
                yield requests[place]

    return [order(number) for number in range(CLIENTS)]


def alone(endpoint: str, text: str, clients: int = CLIENTS) -> list[Iterator[bytes]]:
    """One text again and again."""
    request = request_bytes(endpoint, text)
    return [itertools.repeat(request) for _ in range(clients)]
