"""The documentation of the ontology, the page at `/ns/`: made from the ontology and the shapes."""

from flask import Response, make_response, render_template

from icgraph.discovery.ontology import read_ontology
from icgraph.discovery.reading import Reading
from icgraph.web.model_drawing import model_drawing


def ontology_page(reading: Reading) -> Response | None:
    """The page in the reader's language; None where the graph has no ontology."""
    notes = read_ontology(reading)
    if notes is None:
        return None
    return make_response(
        render_template("ontology.html", notes=notes, about=notes.about, drawing=model_drawing())
    )
