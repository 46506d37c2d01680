"""What in a page of HTML could run, or lead to something that runs."""

from html.parser import HTMLParser
from urllib.parse import urlsplit

#: An element that our hostile texts would make if they were not text.
MARK = "made-by-a-hostile-text"
MARKUP = f'"\'></script></title></textarea><b id="{MARK}" onclick="alert(1)">&lt;b&gt;'
_ADDRESSES = {"href", "src", "action", "formaction", "data", "poster", "xlink:href", "srcset"}
_SCHEMES = {"", "http", "https", "mailto"}
_DATA_BLOCKS = {"application/ld+json", "application/json"}


def dangers(page: str) -> list[str]:
    """What is dangerous in a page, each in a few words; nothing in a page that is safe."""
    found = _Found()
    found.feed(page)
    found.close()
    return found.dangers


class _Found(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.dangers: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = {name: value or "" for name, value in attrs}
        if tag == "script" and "src" not in given and given.get("type") not in _DATA_BLOCKS:
            self.dangers.append("a script that stands in the page")
        if given.get("id") == MARK:
            self.dangers.append("a text that became an element")
        for name, value in given.items():
            if name.startswith("on"):
                self.dangers.append(f"{tag} has {name}")
            elif name in {"style", "srcdoc"}:
                self.dangers.append(f"{tag} has {name}, which the content policy forbids")
            elif name in _ADDRESSES and _scheme(value) not in _SCHEMES:
                self.dangers.append(f"{tag} leads to {value[:60]}")


def _scheme(address: str) -> str:
    # Browsers leave out tabs and line breaks, and what is blank at the beginning.
    plain = "".join(each for each in address if each > " ")
    return urlsplit(plain).scheme.lower()
