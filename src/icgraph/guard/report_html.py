"""A report as one complete HTML page that needs nothing else: no script, no other file.

Every text from data is escaped, and every message says which language it is in.
"""

from collections.abc import Iterator
from html import escape
from typing import Final

from icgraph.guard.causes import Cause, by_record
from icgraph.guard.report import Report, Severity
from icgraph.guard.wording import WORDS, counted, notes, severity_name, short_names, verdict
from icgraph.model.terms import DEFAULT_BASE

_STYLE: Final = """
body { font: 1rem/1.5 system-ui, sans-serif; max-width: 60rem; margin: 2rem auto; padding: 0 1rem;
  color: #1b1b1b; background: #fff; }
h2 { font-size: 1.1rem; margin: 2rem 0 0.5rem; overflow-wrap: anywhere; }
h2 a { color: #0b4f8a; }
li { margin-bottom: 0.75rem; overflow-wrap: anywhere; }
p { margin: 0; }
.severity { font-weight: 700; }
.violation .severity { color: #a3001b; }
.warning .severity { color: #7a4a00; }
.info .severity { color: #24507a; }
.detail { color: #4a4a4a; font-size: 0.9rem; }
"""


def report_html(
    report: Report,
    language: str = "en",
    severity: Severity = Severity.INFO,
    base: str = DEFAULT_BASE,
) -> str:
    """The page with the findings of this severity and the graver ones."""
    words = WORDS[language]
    name = short_names(base)
    shown = report.at_least(severity)
    lines = [
        "<!DOCTYPE html>",
        f'<html lang="{escape(language)}">',
        "<head>",
        '<meta charset="utf-8">',
        '<meta name="viewport" content="width=device-width, initial-scale=1">',
        f"<title>{escape(words['title'])}: {escape(verdict(report, language))}</title>",
        f"<style>{_STYLE}</style>",
        "</head>",
        "<body>",
        "<main>",
        f"<h1>{escape(words['title'])}</h1>",
        f"<p><strong>{escape(verdict(report, language))}</strong></p>",
        f"<p>{escape(counted(report, language))}</p>",
    ]
    if len(shown.findings) < len(report.findings):
        lines.append(f"<p>{escape(words['hidden'])}</p>")
    lines += [f"<p>{escape(note)}</p>" for note in notes(report, language, name)]
    if not report.findings:
        lines.append(f"<p>{escape(words['none'])}</p>")
    for number, (record, causes) in enumerate(by_record(shown, language, name), start=1):
        lines.append(f'<section aria-labelledby="r{number}">')
        lines.append(f'<h2 id="r{number}">{_link(record, name(record))}</h2>')
        lines.append("<ul>")
        for cause in causes:
            lines += _cause_lines(cause, language)
        lines += ["</ul>", "</section>"]
    lines += ["</main>", "</body>", "</html>", ""]
    return "\n".join(lines)


def _link(record: str, text: str) -> str:
    # Only web addresses become links: a record may be any IRI, `javascript:` too.
    if record.startswith(("https://", "http://")):
        return f'<a href="{escape(record)}">{escape(text)}</a>'
    return escape(text)


def _cause_lines(cause: Cause, language: str) -> Iterator[str]:
    words = WORDS[language]
    spoken = f' lang="{escape(cause.message_language)}"' if cause.message_language else ""
    yield f'<li class="{cause.severity.value}">'
    yield (
        f'<p><span class="severity">{escape(severity_name(cause.severity, language))}</span> '
        f"<span{spoken}>{escape(cause.message)}</span></p>"
    )
    if cause.accepted:
        accepted = words["accepted"].format(reason=cause.accepted)
        yield f'<p class="detail">{escape(accepted)}</p>'
    for place in cause.places:
        yield f'<p class="detail">{escape(words["place"])} <code>{escape(place)}</code></p>'
    yield f'<p class="detail">{escape(words["rule"])} <code>{escape(cause.shape)}</code></p>'
    yield "</li>"
