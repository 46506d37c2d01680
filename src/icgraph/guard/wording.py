"""The words of a report in English and French, and the short names of IRIs.

Messages are not here: shapes carry them. Nothing here decides anything.
"""

from collections.abc import Callable
from types import MappingProxyType
from typing import Final

from pyoxigraph import NamedNode

from icgraph.guard.report import Report, Severity
from icgraph.guard.terms import Term
from icgraph.model.terms import DEFAULT_BASE, prefixes

LANGUAGES: Final = ("en", "fr")

SEVERITY_NAMES: Final = MappingProxyType(
    {
        "en": {
            Severity.VIOLATION: ("Violation", "Violations"),
            Severity.WARNING: ("Warning", "Warnings"),
            Severity.INFO: ("Info", "Infos"),
        },
        "fr": {
            Severity.VIOLATION: ("Violation", "Violations"),
            Severity.WARNING: ("Avertissement", "Avertissements"),
            Severity.INFO: ("Information", "Informations"),
        },
    }
)

WORDS: Final = MappingProxyType(
    {
        "en": {
            "title": "Validation report",
            "valid": "The data is valid.",
            "invalid": "The data is not valid.",
            "accepted": "accepted: {reason}",
            "accepted-count": "accepted Warnings: {count}",
            "finding": "{severity}: {message}",
            "more": "and {count} more",
            "value": "value {value}",
            "rule": "Rule:",
            "place": "Where:",
            "none": "There is nothing to report.",
            "hidden": "Findings of a lesser severity are counted, and not shown.",
            "cut": "{shape}, {component}: {shown} of {found} shown.",
            "by-reference": "Validated by pySHACL: {shape} ({reason}).",
        },
        "fr": {
            "title": "Rapport de validation",
            "valid": "Les données sont valides.",
            "invalid": "Les données ne sont pas valides.",
            "accepted": "accepté : {reason}",
            "accepted-count": "avertissements acceptés : {count}",
            "finding": "{severity} : {message}",
            "more": "et {count} de plus",
            "value": "valeur {value}",
            "rule": "Règle :",
            "place": "Où :",
            "none": "Il n’y a rien à signaler.",
            "hidden": "Les constats de moindre gravité sont comptés, mais ne sont pas affichés.",
            "cut": "{shape}, {component} : {shown} affichés sur {found}.",
            "by-reference": "Validé par pySHACL : {shape} ({reason}).",
        },
    }
)


def severity_name(severity: Severity, language: str, count: int = 1) -> str:
    """The name of a severity, in the plural where the language wants it."""
    one, many = SEVERITY_NAMES[language][severity]
    singular = count == 1 or (count == 0 and language == "fr")
    return one if singular else many


def counted(report: Report, language: str) -> str:
    """How many findings there are of each severity, on one line."""
    parts = [
        f"{count} {severity_name(severity, language, count)}"
        for severity, count in report.counts.items()
    ]
    if report.accepted:
        parts.append(WORDS[language]["accepted-count"].format(count=report.accepted))
    return ", ".join(parts)


def verdict(report: Report, language: str) -> str:
    """Whether the data is valid, as a sentence."""
    return WORDS[language]["valid" if report.conforms else "invalid"]


def notes(report: Report, language: str, name: Callable[[str], str]) -> list[str]:
    """What there is to know of the report itself: what it leaves out, what pySHACL validated."""
    words = WORDS[language]

    def shown(shape: Term) -> str:
        return name(shape.value) if isinstance(shape, NamedNode) else str(shape)

    cuts = [
        words["cut"].format(
            shape=shown(cut.shape),
            component=cut.component.rpartition("#")[2],
            shown=_number(cut.shown),
            found=_number(cut.found),
        )
        for cut in report.cuts
    ]
    return cuts + [
        words["by-reference"].format(shape=shown(shape), reason=reason)
        for shape, reason in report.by_reference
    ]


def _number(number: int) -> str:
    return f"{number:,}".replace(",", "\N{NO-BREAK SPACE}")


def short_names(base: str = DEFAULT_BASE) -> Callable[[str], str]:
    """A function that writes an IRI as `prefix:name`, or in angle brackets when it cannot."""
    known = sorted(prefixes(base).items(), key=lambda item: -len(item[1]))

    def shortened(iri: str) -> str:
        for prefix, start in known:
            if iri.startswith(start) and len(iri) > len(start) and "/" not in iri[len(start) :]:
                return f"{prefix}:{iri[len(start) :]}"
        return f"<{iri}>"

    return shortened
