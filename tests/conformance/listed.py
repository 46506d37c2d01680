"""What docs/conformance.md says, read as the tables it says it in."""

import re
from pathlib import Path

PAGE = Path(__file__).parents[2] / "docs" / "conformance.md"
ENGINE_FORMS = "Numbers in another form"
ENGINE_OTHER = "Other answers"
POLICY = "What the policy refuses"
COUNTS = "The suites of the W3C"
NEWER = "SPARQL 1.2"


def listed_under(heading: str) -> frozenset[str]:
    """The tests named in the first column of the table under a heading."""
    named = [name for row in rows_under(heading) for name in re.findall(r"`([^`]+)`", row[0])]
    assert len(named) == len(set(named)), f"a test is listed twice under {heading}"
    return frozenset(named)


def rows_under(heading: str) -> list[list[str]]:
    """The cells of the table under a heading, without its head."""
    page = PAGE.read_text(encoding="utf-8")
    section = re.search(
        rf"^#+ {re.escape(heading)}\n(.*?)(?=^#|\Z)", page, re.MULTILINE | re.DOTALL
    )
    assert section, heading
    lines = [line for line in section[1].splitlines() if line.startswith("|")]
    return [
        [cell.strip().replace(r"\|", "|") for cell in re.split(r"(?<!\\)\|", line)[1:-1]]
        for line in lines[2:]
    ]
