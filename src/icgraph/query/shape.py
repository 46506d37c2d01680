"""What queries have in common that ask the same of other things: their shape.

Whoever asks for the practices of one country after the other sends the same text with another
name in it. How long one took says how long the next will take.
"""

import re
from hashlib import sha256
from typing import Final

#: Comments and whitespace, which say nothing; IRIs, literals and numbers, which may be others
#: and more or fewer, as in a list of values.
_VARYING: Final = re.compile(
    r"""
      \#[^\r\n]* | \s+
    | <[^<>"{}|^`\\\x00-\x20]*>
    | "(?:[^"\\\n\r]|\\.)*"
    | '(?:[^'\\\n\r]|\\.)*'
    | (?<![\w?$:.\-])(?:[^\W\d_][\w.\-]*+)?:[\w.\-:%]*
    | (?<![\w?$])[\d.]+
    """,
    re.VERBOSE,
)


def shape(text: str) -> str:
    """A digest that is the same for queries that differ only in names, literals and numbers.

    It serves for guesses: two texts that mean different things may have the same shape.
    """
    return sha256(_VARYING.sub("", text).encode()).hexdigest()
