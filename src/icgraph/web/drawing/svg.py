"""SVG as a tree of elements, and the two forms it leaves in: inside a page, or as a file.

Inside a page its colours are the page's, by classes (`static/drawing.css`), and its links lead to
pages of this site. As a file it carries the same rules and colours of its own, and its links are
the lasting addresses of things. Texts and addresses are escaped by the standard library.
"""

import re
from dataclasses import dataclass
from typing import Final
from xml.etree.ElementTree import Element, tostring

from markupsafe import Markup

Child = Element | str | None

NAMESPACE: Final = "http://www.w3.org/2000/svg"
#: The colours of a file, by the names that pages use; those of a page in its light scheme.
PALETTE: Final = (
    "--text: #251f2b; --soft: #655b6a; --ground: #fcf9f4; --panel: #f5efe5; --edge: #dfd5c5; "
    "--accent: #5e1f50; --accent-text: #ffffff; --mark: #dc9f22; --clay: #c8553d; "
    "--mesh: #8a3a75; --sans: system-ui, 'Noto Sans', 'Liberation Sans', sans-serif;"
)
#: What XML 1.0 cannot hold (section 2.2), even escaped.
_UNWRITABLE: Final = re.compile("[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


@dataclass(frozen=True, slots=True)
class Drawing:
    """A picture: what it is called, what it says in words, its size in pixels, its marks."""

    name: str
    title: str
    description: str
    width: int
    height: int
    marks: tuple[Element, ...]


def element(tag: str, *children: Child, **attributes: str | float | None) -> Element:
    """An element; `class_` is the attribute `class`, `text_anchor` is `text-anchor`.

    Numbers are written with one decimal; an attribute that is None is left out.
    """
    made = Element(tag)
    for name, value in attributes.items():
        if value is not None:
            made.set(name.rstrip("_").replace("_", "-"), _written(value))
    for child in children:
        if isinstance(child, str):
            made.text = _writable((made.text or "") + child)
        elif child is not None:
            made.append(child)
    return made


def figure(value: float) -> str:
    """A number of pixels, as short as one decimal allows."""
    return f"{value:.1f}".removesuffix(".0").replace("-0.", "-.").removeprefix("0") or "0"


def linked(address: str | None, *children: Child, class_: str | None = None) -> Element:
    """Marks that lead somewhere, where there is somewhere to lead.

    Not a stop of the tab key: the table beside each picture holds the same links in order.
    """
    if address is None:
        return element("g", *children, class_=class_)
    return element("a", *children, href=address, tabindex="-1", class_=class_)


def inline(drawing: Drawing) -> Markup:
    """The picture inside a page."""
    return Markup(tostring(_root(drawing), encoding="unicode"))  # noqa: S704 - escaped by ElementTree


def standalone(drawing: Drawing, rules: str) -> bytes:
    """The picture as a file, with these rules of style inside."""
    root = _root(drawing)
    root.set("xmlns", NAMESPACE)
    root.insert(2, element("style", f"svg {{ {PALETTE} }}\n{rules}"))
    root.insert(3, element("rect", class_="ground", width="100%", height="100%"))
    return file_of(root)


def file_of(root: Element) -> bytes:
    """The text of a file with this root, in UTF-8."""
    return tostring(root, encoding="unicode").encode()


def _root(drawing: Drawing) -> Element:
    title, description = f"{drawing.name}-title", f"{drawing.name}-description"
    # A group, not an image: what is inside an image cannot be followed (ARIA 1.2, 5.2.8).
    root = element(
        "svg",
        element("title", drawing.title, id=title),
        element("desc", drawing.description, id=description),
        *drawing.marks,
        role="group",
        class_=f"drawing {drawing.name}",
        aria_labelledby=title,
        aria_describedby=description,
        width=str(drawing.width),
        height=str(drawing.height),
    )
    root.set("viewBox", f"0 0 {drawing.width} {drawing.height}")
    return root


def _written(value: str | float) -> str:
    return _writable(value) if isinstance(value, str) else figure(value)


def _writable(text: str) -> str:
    return _UNWRITABLE.sub("\ufffd", text)
