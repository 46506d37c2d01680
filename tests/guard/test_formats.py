import json
from dataclasses import replace
from html.parser import HTMLParser

import pytest
from pyoxigraph import BlankNode, Literal, NamedNode
from rdflib import SH, Graph

from icgraph.guard.formats import FORMATS, render
from icgraph.guard.paths import Path
from icgraph.guard.report import Finding, Report, Severity
from icgraph.guard.wording import SEVERITY_NAMES, WORDS

PRACTICE = "https://w3id.org/icgraph/id/practice/welcome"
LABEL = Path(iri="http://www.w3.org/2000/01/rdf-schema#label")
STATUS = Finding(
    severity=Severity.VIOLATION,
    focus=NamedNode(PRACTICE),
    record=PRACTICE,
    shape=NamedNode("https://w3id.org/icgraph/shapes/Practice-status"),
    component="http://www.w3.org/ns/shacl#MinCountConstraintComponent",
    path=Path(iri="https://w3id.org/icgraph/ns/status"),
    messages=(("en", "State one status."), ("fr", "Indiquez un statut.")),
)
TOPIC = replace(
    STATUS,
    severity=Severity.WARNING,
    shape=NamedNode("https://w3id.org/icgraph/shapes/Practice-topic"),
    path=Path(iri="http://purl.org/dc/terms/subject"),
    messages=(("en", "Give a topic."), ("fr", "Indiquez un thème.")),
    accepted="Not told anywhere.",
)
BOUNDS = [
    replace(
        STATUS,
        severity=Severity.INFO,
        focus=NamedNode(f"{PRACTICE}#{part}"),
        path=LABEL,
        value=Literal("<b>x</b>", language="en"),
        messages=(("en", "A name with <marks>."),),
    )
    for part in ("a", "b", "c", "d", "e")
]
REPORT = Report.of([STATUS, TOPIC, *BOUNDS])


def test_the_text_groups_by_record_and_tells_each_cause_once():
    assert render(REPORT) == (
        "practice:welcome\n"
        "  Violation: State one status. [ics:Practice-status]\n"
        "    ic:status\n"
        "  Warning: Give a topic. [ics:Practice-topic]\n"
        "    accepted: Not told anywhere.\n"
        "    dcterms:subject\n"
        "  Info: A name with <marks>. [ics:Practice-status]\n"
        '    #a · rdfs:label · value "<b>x</b>"@en\n'
        '    #b · rdfs:label · value "<b>x</b>"@en\n'
        '    #c · rdfs:label · value "<b>x</b>"@en\n'
        "    and 2 more\n"
        "\n"
        "The data is not valid.\n"
        "1 Violation, 1 Warning, 5 Infos, accepted Warnings: 1\n"
    )


def test_the_text_in_french():
    text = render(REPORT, language="fr", severity=Severity.WARNING)

    assert "  Violation : Indiquez un statut. [ics:Practice-status]\n" in text
    assert "  Avertissement : Indiquez un thème. [ics:Practice-topic]\n" in text
    assert text.endswith(
        "Les données ne sont pas valides.\n"
        "1 Violation, 1 Avertissement, 5 Informations, avertissements acceptés : 1\n"
        "Les constats de moindre gravité sont comptés, mais ne sont pas affichés.\n"
    )


def test_control_characters_of_the_data_do_not_reach_the_terminal():
    odd = replace(STATUS, messages=(("en", "a\x1b[31mb\rc\u202ed"),))

    text = render(Report.of([odd]))

    assert "a [31mb c d" in text
    assert "\x1b" not in text


def test_the_turtle_is_a_standard_report():
    graph = Graph().parse(data=render(REPORT, "turtle"), format="turtle")

    assert len(list(graph.objects(predicate=SH.result))) == 7
    assert [str(value) for value in graph.objects(predicate=SH.conforms)] == ["false"]


def test_json_holds_the_verdict_over_all_and_the_findings_asked_for():
    value = json.loads(render(REPORT, "json", severity=Severity.VIOLATION))

    assert value["conforms"] is False
    assert value["counts"] == {"violation": 1, "warning": 1, "info": 5}
    assert [finding["shape"]["value"] for finding in value["findings"]] == [STATUS.shape.value]


class Page(HTMLParser):
    def __init__(self):
        super().__init__()
        self.tags, self.open = [], []

    def handle_starttag(self, tag, attributes):
        self.tags.append((tag, dict(attributes)))
        if tag != "meta":
            self.open.append(tag)

    def handle_endtag(self, tag):
        assert self.open.pop() == tag


@pytest.mark.parametrize("language", ["en", "fr"])
def test_the_page_is_whole_escaped_and_says_its_languages(language):
    text = render(REPORT, "html", language=language)
    page = Page()
    page.feed(text)

    assert page.open == []
    assert ("html", {"lang": language}) in page.tags
    assert ("a", {"href": PRACTICE}) in page.tags
    assert "b" not in {tag for tag, _ in page.tags}
    assert "A name with &lt;marks&gt;." in text
    assert ("span", {"lang": "en"}) in page.tags


def test_the_page_links_web_addresses_only():
    odd = replace(STATUS, record="javascript:alert(1)", focus=NamedNode("javascript:alert(1)"))

    assert "href" not in render(Report.of([odd]), "html")


@pytest.mark.parametrize("report_format", FORMATS)
@pytest.mark.parametrize("language", ["en", "fr"])
def test_an_empty_report_can_be_shown(report_format, language):
    assert render(Report(), report_format, language=language)


@pytest.mark.parametrize("report_format", FORMATS)
def test_blank_nodes_and_texts_in_focus_can_be_shown(report_format):
    odd = [replace(STATUS, focus=BlankNode("b"), record="_:b")]
    odd.append(replace(STATUS, focus=Literal("Lublin"), value=Literal("Lublin")))

    assert render(Report.of(odd), report_format)


def test_every_word_exists_in_both_languages():
    assert set(WORDS["en"]) == set(WORDS["fr"])
    assert set(SEVERITY_NAMES["en"]) == set(SEVERITY_NAMES["fr"]) == set(Severity)
