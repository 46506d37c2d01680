"""The documentation of the ontology, the page at `/ns/`: made from the ontology and the shapes."""

from types import MappingProxyType
from typing import Final

from flask import Response, make_response, render_template
from pyoxigraph import Literal

from icgraph.discovery.ontology import read_ontology
from icgraph.discovery.reading import Reading
from icgraph.discovery.records import facts
from icgraph.model.labels import choose
from icgraph.web.languages import gettext
from icgraph.web.model_drawing import model_drawing

#: The boxes of the drawing, and the classes whose names stand in them.
_BOXES: Final = MappingProxyType(
    {
        "Activity": "ic:Activity",
        "Grant": "ic:Grant",
        "Organisation": "org:Organization",
        "Participation": "org:Membership",
        "Partnership": "ic:Partnership",
        "Place": "ic:Place",
        "Practice": "ic:Practice",
        "Project": "ic:Project",
        "Source": "ic:SourceDocument",
    }
)


def ontology_page(reading: Reading) -> Response | None:
    """The page in the reader's language; None where the graph has no ontology."""
    notes = read_ontology(reading)
    if notes is None:
        return None
    drawing = model_drawing(_words(reading))
    return make_response(
        render_template("ontology.html", notes=notes, about=notes.about, drawing=drawing)
    )


def _words(reading: Reading) -> dict[str, str]:
    """The words of the drawing in the reader's language."""
    classes = {box: reading.expand(name) for box, name in _BOXES.items()}
    told = facts(reading, classes.values(), ["rdfs:label"])
    words = {
        "Programme": gettext("Programme"),
        "Partnerships, projects, activities and bodies": gettext(
            "Partnerships, projects, activities and bodies"
        ),
        "have participations like a practice.": gettext("have participations like a practice."),
    }
    for box, iri in classes.items():
        labels = told.get(iri, {}).get(reading.expand("rdfs:label"), ())
        chosen = choose([each for each in labels if isinstance(each, Literal)], reading.language)
        if chosen is not None:
            words[box] = chosen.value[:1].upper() + chosen.value[1:]
    return words
