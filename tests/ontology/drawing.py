"""The drawing of the model, ontology/model.svg.

`python -m tests.ontology.drawing` writes it; test_drawing.py fails when it is not up to date
or names a term that does not exist. Only what one needs on the first day is drawn.
"""

from dataclasses import dataclass
from html import escape

from tests.ontology.graphs import ROOT

SVG = ROOT / "ontology/model.svg"

TITLE = "The model: eight kinds of record, what they hold and how they point at each other"
ALTERNATIVE = (
    "A practice lies in places (dcterms:spatial) and names other cities it works with "
    "(ic:partnerPlace). Places lie in larger places up to the country (geo:sfWithin) and "
    "belong to networks, which are organisations (ic:memberOf). A practice points at "
    "participations (ic:participation), each of which names one organisation (org:member) and "
    "its role; ic:involves is the short way from the practice to that organisation. "
    "Partnerships, projects, activities and bodies of organisations use participations in the "
    "same way. A practice may be about a partnership, an activity or a body (ic:centresOn), "
    "belong to a project (ic:withinProject), and grow out of something earlier "
    "(ic:grewOutOf). An activity is part of a partnership, project or practice "
    "(dcterms:isPartOf). A project has a grant (ic:grant) under a funding programme "
    "(ic:underProgramme), or belongs to one without a known grant (ic:partOfProgramme). "
    "Every record cites its sources (dcterms:source); a source may have "
    "been written within a project (ic:draftedWithin), which says nothing of what it "
    "describes."
)

_WIDTH, _HEIGHT = 1180, 800
_STYLE = """
  text { font: 14px system-ui, "Segoe UI", "DejaVu Sans", sans-serif; fill: #1b1b1b }
  .name { font-weight: 700; font-size: 17px }
  .term { font-size: 13px; font-family: ui-monospace, "DejaVu Sans Mono", monospace }
  .edge { font-size: 13px; font-family: ui-monospace, "DejaVu Sans Mono", monospace;
          paint-order: stroke; stroke: #fff; stroke-width: 5px; stroke-linejoin: round }
  .record { fill: #e8f1fb; stroke: #14477d; stroke-width: 2 }
  .part { fill: #fff7e0; stroke: #8a6100; stroke-width: 1.5; stroke-dasharray: 2 2 }
  .arrow { fill: none; stroke: #333; stroke-width: 1.6; marker-end: url(#head) }
  .short { stroke-dasharray: 7 5 }
"""
_HEAD = (
    '<marker id="head" viewBox="0 0 10 10" refX="9" refY="5" markerWidth="8" markerHeight="8" '
    'orient="auto"><path d="M0 0L10 5L0 10z" fill="#333"/></marker>'
)


@dataclass(frozen=True, slots=True)
class Box:
    """A record or, with a dotted edge, a part of one; `lines` are terms it holds."""

    x: int
    y: int
    width: int
    name: str
    lines: tuple[str, ...] = ()
    part: bool = False

    def svg(self) -> str:
        """The box with its words."""
        height = 34 + 18 * len(self.lines)
        kind = "part" if self.part else "record"
        place = f'x="{self.x}" y="{self.y}" width="{self.width}"'
        found = [
            f'<rect class="{kind}" {place} height="{height}" rx="{14 if self.part else 4}"/>',
            f'<text class="name" x="{self.x + 12}" y="{self.y + 23}">{escape(self.name)}</text>',
        ]
        found += [
            f'<text class="term" x="{self.x + 12}" y="{self.y + 43 + 18 * number}">'
            f"{escape(line)}</text>"
            for number, line in enumerate(self.lines)
        ]
        return "\n".join(found)


@dataclass(frozen=True, slots=True)
class Arrow:
    """A property from one box to another; a dashed one is a short way past a part."""

    path: str
    label: str
    x: int
    y: int
    short: bool = False

    def svg(self) -> str:
        """The arrow and its label."""
        kind = "arrow short" if self.short else "arrow"
        return (
            f'<path class="{kind}" d="{self.path}"/>\n'
            f'<text class="edge" x="{self.x}" y="{self.y}" text-anchor="middle">'
            f"{escape(self.label)}</text>"
        )


BOXES = (
    Box(470, 40, 240, "Source", ("ic:SourceDocument", "schema:url", "ic:retrievedAt")),
    Box(
        60,
        250,
        240,
        "Place",
        (
            "ic:City, ic:Country …",
            "geo:hasCentroid",
            "ic:population",
            "ic:membership",
            "ic:indexResult",
        ),
    ),
    Box(
        470,
        250,
        240,
        "Practice",
        ("ic:Practice", "dcterms:subject", "ic:startYear, ic:status", "ic:period", "ic:figure"),
    ),
    Box(
        900,
        250,
        220,
        "Organisation",
        ("org:Organization", "org:classification", "org:unitOf", "org:resultedFrom"),
    ),
    Box(733, 281, 146, "Participation", ("org:role", "ic:period"), part=True),
    Box(110, 530, 220, "Activity", ("ic:Activity", "dcterms:type")),
    Box(470, 530, 240, "Partnership", ("ic:Partnership",)),
    Box(900, 530, 220, "Project", ("ic:Project", "ic:budget")),
    Box(925, 645, 170, "Grant", ("dcterms:identifier",), part=True),
    Box(470, 700, 240, "Programme", ("ic:FundingProgramme",)),
)

ARROWS = (
    Arrow("M590 250 V134", "dcterms:source", 590, 215),
    Arrow("M470 300 H304", "dcterms:spatial", 387, 292),
    Arrow("M470 345 H304", "ic:partnerPlace", 387, 337, short=True),
    Arrow("M120 250 C100 195 200 195 182 246", "geo:sfWithin", 150, 200),
    Arrow("M270 250 C380 120 840 120 948 246", "ic:memberOf", 770, 168, short=True),
    Arrow("M710 320 H730", "", 0, 0),
    Arrow("M879 320 H896", "", 0, 0),
    Arrow("M680 374 C720 440 880 440 930 360", "ic:involves", 805, 437, short=True),
    Arrow("M560 374 V526", "ic:centresOn", 560, 480),
    Arrow("M640 374 C680 470 820 500 900 540", "ic:withinProject", 745, 497),
    Arrow("M330 560 H466", "dcterms:isPartOf", 397, 552),
    Arrow("M710 560 H896", "ic:withinProject", 803, 577),
    Arrow("M530 582 C500 650 630 650 606 586", "ic:grewOutOf", 567, 652),
    Arrow("M1010 600 V641", "ic:grant", 1052, 628),
    Arrow("M925 680 C860 725 800 728 714 728", "ic:underProgramme", 830, 745),
    Arrow("M912 600 C890 665 780 660 690 696", "ic:partOfProgramme", 800, 645),
    Arrow("M710 75 H1150 V555 H1124", "ic:draftedWithin", 930, 68),
)

NOTES = (
    (730, 270, "ic:participation →"),
    (800, 370, "→ org:member"),
    (60, 470, "Partnerships, projects, activities and bodies"),
    (60, 488, "have participations like a practice."),
)


def drawn() -> str:
    """The drawing as it should be."""
    body = [arrow.svg() for arrow in ARROWS] + [box.svg() for box in BOXES]
    body += [f'<text class="edge" x="{x}" y="{y}">{escape(text)}</text>' for x, y, text in NOTES]
    body.append(
        '<text x="60" y="785">Blue: records, each with an address of its own. Dotted: parts, which '
        "live and die with their record. Dashed arrows: short ways past a part.</text>"
    )
    size = f'viewBox="0 0 {_WIDTH} {_HEIGHT}" width="{_WIDTH}" height="{_HEIGHT}"'
    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" {size} role="img" aria-labelledby="title desc">',
        f'<title id="title">{escape(TITLE)}</title>',
        f'<desc id="desc">{escape(ALTERNATIVE)}</desc>',
        f"<style>{_STYLE}</style>",
        f"<defs>{_HEAD}</defs>",
        f'<rect width="{_WIDTH}" height="{_HEIGHT}" fill="#fff"/>',
        *body,
        "</svg>",
    ]
    return "\n".join(parts) + "\n"


if __name__ == "__main__":
    SVG.write_text(drawn())
