import re

from rdflib import SH

from tests.ontology.graphs import ROOT, SHAPES, read


def test_the_readme_lists_every_rule_of_every_file_as_it_is() -> None:
    expected = []
    for path in (ROOT / "shapes").glob("*.ttl"):
        rules = read(f"shapes/{path.name}")
        for shape, severity in rules.subject_objects(SH.severity):
            nodes = [shape, *rules.objects(shape, SH.sparql)]
            told = [text for node in nodes for text in rules.objects(node, SH.message)]
            (english,) = {str(text) for text in told if text.language == "en"}
            name = str(shape).removeprefix(SHAPES)
            expected.append((path.name, name, str(severity).rpartition("#")[2], english))
    listed = []
    heading = ""
    for line in (ROOT / "shapes/README.md").read_text().splitlines():
        if line.startswith("## "):
            heading = line[3:]
        if row := re.fullmatch(r"\| `ics:([\w-]+)` \| (\w+) \| (.+) \|", line):
            listed.append((heading, *row.groups()))
    assert sorted(listed) == sorted(expected)
