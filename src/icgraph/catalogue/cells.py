"""Cells of tables for spreadsheets: what a text may not begin with there.

For our own tables only: SPARQL results in CSV stay as the standard has them.
"""

from typing import Final

#: With these a cell begins that a spreadsheet would take for a formula.
_FORMULA: Final = ("=", "+", "-", "@", "\t", "\r", "\n")


def plain_cell(text: str) -> str:
    """The text of a cell; an apostrophe stands before one that a spreadsheet would run."""
    return f"'{text}" if text.startswith(_FORMULA) else text
