"""All desks at work: first every name of the facts is found, then every record is made.

Which tables there are, and in which order the kinds are made, is told here; what a record says
is told by the desk of its kind.
"""

from collections import defaultdict
from collections.abc import Mapping, Sequence

from pyoxigraph import NamedNode, Quad

from icgraph.curation import collaborations, practices, projects
from icgraph.curation.activities import ActivityDesk, add_parties
from icgraph.curation.claims import claimed, name_sources
from icgraph.curation.collaborations import Reader, table_of_lines
from icgraph.curation.entries import enter_mentions
from icgraph.curation.facts import Facts
from icgraph.curation.figures import FigureDesk
from icgraph.curation.funding import Funding
from icgraph.curation.mappings import Row, keyed
from icgraph.curation.memberships import MembershipDesk
from icgraph.curation.mentions import Mention, read_description, read_parent
from icgraph.curation.names import Languages, fold
from icgraph.curation.nested import NestedDesk, NestedProjects, nested_projects
from icgraph.curation.networks import NetworkDesk
from icgraph.curation.networks import gather_mentions as gather_network
from icgraph.curation.organisations import Bodies
from icgraph.curation.partnerships import PartnershipDesk
from icgraph.curation.places import Gazetteer
from icgraph.curation.projectindex import ProjectIndex, index_projects
from icgraph.curation.provenance import provenance
from icgraph.curation.remarks import Remarks
from icgraph.curation.resolution import Resolution, Verdict, resolve, special_cases
from icgraph.curation.seeds import Seeds
from icgraph.curation.sources import Library
from icgraph.curation.statements import Subject, record_iri, slug_of, term
from icgraph.curation.tally import Tally
from icgraph.curation.ties import state_links, state_successions
from icgraph.store.channel import Progress


class Workshop:
    """The tables and facts at work: first every name is found, then every record is made."""

    def __init__(self, facts: Facts, tables: Mapping[str, list[Row]], seeds: Seeds) -> None:
        self.tally = Tally()
        self._facts = facts
        self._tables = tables
        self._seeds = seeds
        self._library = Library(
            {row["page"]: row["source"] for row in tables["seed-pages"]}, self.tally.ledger
        )
        self._gathered: list[Mention] = []
        self._places = Gazetteer(
            keyed(tables["countries"], lambda row: row["code"]),
            tables["places"],
            keyed(tables["place-kinds"], lambda row: row["kind"]),
            self._library,
            self.tally.ledger,
        )
        self._coordinators = keyed(tables["coordinators"], lambda row: row["coordinator"])
        self._languages = Languages(
            {row["name"]: row["language"] for row in tables["name-languages"]},
            {row["word"]: row["language"] for row in tables["name-words"]},
        )

    def drafts(self, progress: Progress) -> dict[str, list[Subject]]:
        """The records of every kind, those that stand in the seeds among them."""
        bodies = self._bodies()
        nested = nested_projects(self._tables["nested-projects"])
        index = index_projects(self._facts.of("projects"), self._seeds.projects(), nested.slugs())
        programmes = keyed(self._tables["programmes"], lambda row: row["name"])
        funding = Funding(programmes, self._languages, self.tally)
        project_desk = projects.ProjectDesk(
            index=index,
            bodies=bodies,
            library=self._library,
            places=self._places,
            languages=self._languages,
            coordinators=self._coordinators,
            funding=funding,
            nested=nested,
            tally=self.tally,
        )
        drafts: dict[str, list[Subject]] = {
            "practice": self._practices(index, nested, bodies, progress)
        }
        drafts["project"] = project_desk.records(self._facts.of("projects"))
        described = {*index.slugs.values()} - {*nested.slugs().values()}
        described |= {slug_of(record) for record in drafts["project"]}
        drafts["project"] += NestedDesk(nested, self._languages, funding, self.tally).records(
            described
        )
        for kind in ("practices", "projects"):
            for fact in self._facts.of(kind):
                address = fact.text("url" if kind == "practices" else "source")
                for named in fact.within("projects"):
                    funding.take_nested(named, {self._library.cite(address, fact)})
        made = {record.node.value for record in drafts["project"]}
        funding.take_claims(self._tables["claims"], made)
        drafts["programme"] = funding.records()
        reader = Reader(
            table_of_lines(self._tables["partnerships"]),
            index,
            bodies,
            self._library,
            self._places,
            self.tally,
        )
        lines = reader.lines(self._facts.of("partnerships"))
        drafts["partnership"] = PartnershipDesk(reader).records(lines)
        drafts["activity"] = ActivityDesk(reader).records(lines)
        drafts["organisation"] = self._organisations(bodies, drafts["practice"])
        network_desk = NetworkDesk(
            self._network_coordinators(), bodies, self._library, self._places, self.tally
        )
        networks, cities = self._facts.of("networks"), self._facts.of("cities")
        network_desk.state(networks, drafts["organisation"])
        state_successions(self._tables["successions"], drafts["organisation"])
        add_parties(reader, lines, drafts)
        drafts["place"] = self._places.records(self.tally)
        MembershipDesk(
            joined=keyed(self._tables["joined"], lambda row: row["what"]),
            exceptions={(row["place"], row["network"]): row for row in self._tables["memberships"]},
            networks=network_desk,
            library=self._library,
            tally=self.tally,
        ).state(cities, networks, drafts["place"])
        state_links(self._tables["links"], drafts)
        name_sources(self._tables["named-sources"], self._library)
        drafts["source"] = self._library.records()
        enter_mentions(
            self._gathered,
            bodies.resolution,
            made={record.node.value.rpartition("/")[2] for record in drafts["organisation"]},
            places=self._places,
            languages=self._languages,
            ledger=self.tally.ledger,
        )
        return drafts

    def said_of_records(
        self, drafts: Mapping[str, Sequence[Subject]]
    ) -> tuple[set[Quad], set[Quad]]:
        """What is said of the records' documents, and the claims of single sources."""
        claims, decisions = claimed(self._tables["claims"], drafts, self._library)
        topics = {row["topic"] for row in self._tables["topics"]}
        return provenance(drafts, self.tally, decisions, topics), claims

    def differences(self) -> dict[tuple[str, str, str], str]:
        """Why hand-made records lack what the facts say, by record, predicate and value."""
        return {
            (row["record"], row["predicate"], row["value"]): row["reason"]
            for row in self._tables["seeds-differ"]
        }

    def reasons(self) -> dict[tuple[str, str], str]:
        """Why keys of the facts are not carried over, by kind of file and key."""
        return {(row["file"], row["key"]): row["reason"] for row in self._tables["unmapped"]}

    def _practices(
        self,
        index: ProjectIndex,
        nested: NestedProjects,
        bodies: Bodies,
        progress: Progress,
    ) -> list[Subject]:
        facts = self._facts.of("practices")
        desk = practices.PracticeDesk(
            topics={fold(row["label"]): row["topic"] for row in self._tables["topics"]},
            texts={(row["practice"], row["key"]): row["text"] for row in self._tables["texts"]},
            index=index,
            bodies=bodies,
            library=self._library,
            places=self._places,
            tally=self.tally,
            shared=practices.shared_addresses(facts),
            pages={fact.text("id"): fact.text("url") for fact in facts},
            figures=FigureDesk(
                context={(row["practice"], row["what"]) for row in self._tables["context-figures"]},
                units={row["word"]: row["unit"] for row in self._tables["units"]},
            ),
            nested=nested,
            languages=self._languages,
        )
        made: dict[str, Subject] = {}
        for number, fact in enumerate(facts, start=1):
            progress("practices", number, len(facts))
            record = desk.record(fact)
            if record.node.value in made:
                raise fact.broken("id", f"is that of another line: {fact.text('id')}", "Keep one.")
            made[record.node.value] = record
        return list(made.values())

    def _organisations(self, bodies: Bodies, made: Sequence[Subject]) -> list[Subject]:
        """All but those that only lines of hand-made practices name, and not the seeds."""
        hand_made = {practice.node.value for practice in made if self._seeds.holds(practice)}
        lines = {
            fact.where
            for fact in self._facts.of("practices")
            if record_iri("practice", fact.text("id")).value in hand_made
        }
        found = bodies.resolution.bodies
        kept = [
            record
            for record in bodies.records()
            if self._seeds.speak_of(record)
            or any(mention.where.where not in lines for mention in found[slug_of(record)].mentions)
        ]
        for record in kept:
            self._list_types(bodies, record)
        return kept

    def _list_types(self, bodies: Bodies, record: Subject) -> None:
        """List a body to which lines give more than one type, and what decided."""
        told, why = bodies.types_told(slug_of(record))
        if len(told) > 1:
            chosen = next(
                slug_of(Subject(quad.object))
                for quad in record.quads
                if quad.predicate == term("org:classification")
                and isinstance(quad.object, NamedNode)
            )
            if self._seeds.holds(record):
                chosen, why = "as in the hand-made record", "it was made by hand"
            self.tally.note(
                "Organisations that lines give more than one type",
                f"{slug_of(record)} ({', '.join(sorted(told))}): {chosen}, since {why}",
            )

    def _bodies(self) -> Bodies:
        for fact in self._facts.of("cities"):
            self._places.describe(fact)
        special = special_cases(self._tables["organisations"])
        types = keyed(self._tables["organisation-types"], lambda row: row["word"])
        self._gathered = self._mentions()
        resolution = resolve(self._gathered, self._seeds.bodies(), special, self._places)
        return Bodies(
            resolution=self._with_types(resolution),
            types=types,
            roles=keyed(self._tables["roles"], lambda row: row["word"]),
            special=special,
            languages=self._languages,
            places=self._places,
            remarks=Remarks(
                {(row["file"], row["name"], row["key"]): row for row in self._tables["remarks"]}
            ),
            tally=self.tally,
        )

    def _mentions(self) -> list[Mention]:
        library, places = self._library, self._places
        found: list[Mention] = []
        for fact in self._facts.of("organisations"):
            sources = {library.cite(fact.text("source"), fact)}
            found.append(read_description(fact, sources, places))
            found += read_parent(fact, sources, places)
        for fact in self._facts.of("practices"):
            found += practices.gather_mentions(fact, library, places)
        for fact in self._facts.of("projects"):
            found += projects.gather_mentions(fact, library, places, self._coordinators)
        for fact in self._facts.of("partnerships"):
            found += collaborations.gather_mentions(fact, library, places)
        for fact in self._facts.of("networks"):
            found += gather_network(fact, self._network_coordinators(), library, places)
        return found

    def _network_coordinators(self) -> dict[str, list[Row]]:
        rows: dict[str, list[Row]] = defaultdict(list)
        for row in self._tables["network-coordinators"]:
            rows[row["network"]].append(row)
        return rows

    def _with_types(self, resolution: Resolution) -> Resolution:
        """Without the bodies of which no line says what they are."""
        typed = {
            slug: body
            for slug, body in resolution.bodies.items()
            if any(mention.word for mention in body.mentions)
        }
        verdicts = {
            spot: verdict
            if verdict.slug is None or verdict.slug in typed
            else Verdict(None, "not-a-record", "no line of the facts says what it is")
            for spot, verdict in resolution.verdicts.items()
        }
        return Resolution(typed, verdicts)
