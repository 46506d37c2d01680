"""What the kinds of record, and of whatever else is found, are called in the page's language."""

from flask import Flask

from icgraph.discovery.entries import CONCEPT, sort_of
from icgraph.model.iris import RecordName
from icgraph.web.languages import gettext


def register(app: Flask) -> None:
    """Give the application's templates these words."""
    for function in (kind_name, list_names):
        app.jinja_env.globals[function.__name__] = function


def kind_name(name: RecordName) -> str:
    """What one of this kind is called; a topic is told from other concepts."""
    names = {
        "practice": gettext("Practice"),
        "place": gettext("Place"),
        "organisation": gettext("Organisation"),
        "project": gettext("Project"),
        "partnership": gettext("Partnership"),
        "activity": gettext("Activity"),
        "programme": gettext("Funding programme"),
        "source": gettext("Source"),
        "topic": gettext("Topic"),
        CONCEPT: gettext("Concept"),
    }
    return names.get(sort_of(name)) or names.get(name.kind, name.kind)


def list_names() -> dict[str, str]:
    """What the lists are called, by kind."""
    return {
        "practice": gettext("Practices"),
        "place": gettext("Places"),
        "organisation": gettext("Organisations"),
        "project": gettext("Projects"),
        "partnership": gettext("Partnerships"),
        "activity": gettext("Activities"),
        "programme": gettext("Funding programmes"),
        "source": gettext("Sources"),
        CONCEPT: gettext("Topics and other concepts"),
    }
