"""What a query may not do: reach out of the process.

Oxigraph evaluates SERVICE by calling whatever address the query names, without bound. The
decision is made on the tokens of the SPARQL 1.1 grammar (section 19.8), after codepoint
escapes (section 19.2), so that neither a string, an IRI nor a comment that holds the word
is refused, nor an escaped spelling let through.
"""

import re
from collections.abc import Iterator
from typing import Final

from icgraph.errors import QueryRefused, SyntaxInvalid

#: Terminals inside which a word is no keyword, in the order in which they must be tried.
_TOKEN: Final = re.compile(
    r"""
      (?P<comment> \#[^\r\n]* )
    | (?P<iri> <[^<>"{}|^`\\\x00-\x20]*> )
    | (?P<string> \"\"\"(?:(?:\"|\"\")?(?:[^"\\]|\\.))*\"\"\" | '''(?:(?:'|'')?(?:[^'\\]|\\.))*'''
                | "(?:[^"\\\n\r]|\\.)*" | '(?:[^'\\\n\r]|\\.)*' )
    | (?P<variable> [?$]\w+ )
    | (?P<language> @[A-Za-z]+(?:-[A-Za-z0-9]+)* )
    | (?P<prefixed> (?:[^\W\d_][\w.\-\u00B7]*)?:
                    (?:[\w.\-\u00B7:]|%[0-9A-Fa-f]{2}|\\[_~.\-!$&'()*+,;=/?\#@%])* )
    | (?P<blank> _:[\w.\-\u00B7]+ )
    | (?P<word> [^\W\d]\w* )
    | (?P<other> . )
    """,
    re.VERBOSE | re.DOTALL,
)
_ESCAPE: Final = re.compile(r"\\u([0-9A-Fa-f]{4})|\\U([0-9A-Fa-f]{8})")
_REFUSED: Final = frozenset({"SERVICE", "LOAD"})


def check_query(text: str) -> None:
    """Raise QueryRefused when the query holds a keyword that reaches out of the process."""
    for word in keywords(text):
        if word in _REFUSED:
            raise QueryRefused(
                f"{word} is not allowed here: this service makes no requests to other servers.",
                advice="Query the other endpoint yourself, and join the results.",
                keyword=word,
            )


def keywords(text: str) -> Iterator[str]:
    """The bare words of a SPARQL text, in upper case."""
    for token in _TOKEN.finditer(_unescape(text)):
        if token.lastgroup == "word":
            yield token.group().upper()


def _unescape(text: str) -> str:
    def character(match: re.Match[str]) -> str:
        number = int(match[1] or match[2], 16)
        if number > 0x10FFFF:
            raise SyntaxInvalid(f"There is no character with the codepoint {match[0]}.")
        return chr(number)

    return _ESCAPE.sub(character, text)
