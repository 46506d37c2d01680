"""Which names come near one that was mistyped or half remembered.

Pure functions over slugs. Names of any script are compared as their slugs, so that case, marks
and hyphens make no difference; the work is linear in the number of names.
"""

from collections.abc import Iterable, Mapping
from typing import Final, TypeVar

from rapidfuzz import fuzz, process

from icgraph.model.iris import SLUG_LENGTH, slugify

_Key = TypeVar("_Key")

#: Below this likeness (0 to 100) two names have hardly more than letters in common.
_LEAST: Final = 70


def nearest(wanted: str, names: Mapping[_Key, Iterable[str]], most: int = 5) -> list[_Key]:
    """The keys, at most `most`, of which a name is like the wanted one; the likest first.

    The names are slugs. Equally like ones come in the order given.
    """
    pairs = [(key, name) for key, several in names.items() for name in several]
    words = _words(slugify(wanted[: 4 * SLUG_LENGTH]))
    found = process.extract(
        words,
        [_words(name) for _key, name in pairs],
        scorer=fuzz.token_ratio,  # words in any order, and words that are missing
        score_cutoff=_LEAST,
        limit=10 * most,
    )
    # As the words of a short name are soon all there, the whole counts as much.
    likest = sorted(found, key=lambda hit: -(hit[1] + fuzz.ratio(words, hit[0])))
    return list(dict.fromkeys(pairs[index][0] for _name, _score, index in likest))[:most]


def _words(slug: str) -> str:
    return slug.replace("-", " ")
