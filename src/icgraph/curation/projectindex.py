"""Which project a name, an acronym or a grant number means."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from icgraph.curation.facts import Fact
from icgraph.curation.funding import grant_number
from icgraph.curation.ledger import Ledger
from icgraph.curation.names import fold
from icgraph.curation.statements import record_iri
from icgraph.model.iris import slugify


@dataclass(frozen=True, slots=True)
class ProjectIndex:
    """Projects by folded name, acronym or grant number."""

    slugs: Mapping[str, str]

    def find(self, fact: Fact) -> str | None:
        """The project that an object within a line names by any of these."""
        for key in ("grant", "acronym", "name"):
            value = fact.optional_text(key)
            if value is not None and fold(value) in self.slugs:
                return self.slugs[fold(value)]
        return None

    def find_name(self, name: str) -> str | None:
        """The project of a name or acronym."""
        return self.slugs.get(fold(name))

    def enter(self, named: Fact, slug: str | None, otherwise: str, ledger: Ledger) -> None:
        """Enter which project an object within a line names, or why it is of none."""
        name = named.text("name")
        if slug is None:
            ledger.enter(named, "name", name, None, "not-a-record", reason=otherwise)
        else:
            by = next(
                key
                for key in ("name", "acronym", "grant")
                if (value := named.optional_text(key)) is not None and fold(value) in self.slugs
            )
            decision, reason = ("same-by-rule", f"its {by} is that of the project")
            if by == "name":
                decision, reason = "same-as-line", "a name that the project's line gives"
            project = record_iri("project", slug)
            ledger.enter(named, "name", name, project, decision, reason=reason)


def is_page_title(fact: Fact) -> bool:
    """Whether a line of the file of projects is the title of a page about a project."""
    return any(True for _ in fact.within("projects"))


def index_projects(
    facts: Sequence[Fact], known: Mapping[str, Sequence[str]], nested: Mapping[str, str]
) -> ProjectIndex:
    """Index the lines, the projects of the seeds (names by slug), and those of practices."""
    slugs = {fold(name): slug for slug, names in sorted(known.items()) for name in names}
    for fact in facts:
        if is_page_title(fact):
            continue
        names = _names(fact)
        slug = next((slugs[fold(name)] for name in names if fold(name) in slugs), None)
        for name in names:
            slugs.setdefault(fold(name), slug or _slug(fact))
    return ProjectIndex({**nested, **slugs})


def _names(fact: Fact) -> list[str]:
    given = [fact.text("name"), *fact.by_language("names").values()]
    given += [value for key in ("acronym",) if (value := fact.optional_text(key)) is not None]
    number = grant_number(fact)
    return given + ([number] if number is not None else [])


def _slug(fact: Fact) -> str:
    return slugify(fact.optional_text("acronym") or fact.text("name"))
