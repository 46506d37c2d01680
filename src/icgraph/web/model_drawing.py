"""The drawing of the model, `ontology/model.svg`, as a part of a page.

The file stands on its own, with its own colours and in English; within a page its colours are
those of the stylesheet, in the light and in the dark, and its words those of the page.
"""

from collections.abc import Mapping
from typing import Final
from xml.etree import ElementTree as ET

from markupsafe import Markup

from icgraph.config import packaged

_LEFT_OUT: Final = ("style", "title", "desc")


def model_drawing(words: Mapping[str, str]) -> Markup:
    """The drawing as inline SVG, labelled by `model-title`, which the page must have.

    `words` are the page's for those of the file; what is not among them stays.
    """
    root = ET.fromstring((packaged("ontology") / "model.svg").read_bytes())  # noqa: S314 - ours
    for element in root.iter():
        element.tag = element.tag.rpartition("}")[2]
    for child in list(root):
        if child.tag in _LEFT_OUT or _is_ground(child) or _is_caption(child):
            root.remove(child)
    for name in ("width", "height"):
        del root.attrib[name]
    root.set("aria-labelledby", "model-title")
    for element in root.iter():
        element.text = words.get(element.text or "", element.text)
        if "arrow" in element.get("class", ""):
            element.set("marker-end", "url(#head)")
    return Markup(ET.tostring(root, encoding="unicode"))  # noqa: S704 - escaped by the writer


def _is_ground(element: ET.Element) -> bool:
    return element.tag == "rect" and "class" not in element.attrib


def _is_caption(element: ET.Element) -> bool:
    return element.tag == "text" and "class" not in element.attrib
