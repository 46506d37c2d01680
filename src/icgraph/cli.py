"""The command line. Each command reads its arguments, calls one function, tells the outcome."""

import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import click

from icgraph import __version__
from icgraph.catalogue.dumping import export as export_dump
from icgraph.config import Settings, load_settings, settings_table
from icgraph.curation.bulk import load_bare
from icgraph.curation.loading import Loaded, check_home, load_into
from icgraph.curation.rdf import format_files
from icgraph.curation.retirement import Retirement
from icgraph.curation.retirement import merge as merge_records
from icgraph.curation.retirement import withdraw as withdraw_record
from icgraph.curation.tables import import_facts
from icgraph.curation.tombstones import Reason
from icgraph.errors import FileUnusable, GraphInvalid
from icgraph.guard.checking import check_files
from icgraph.guard.formats import FORMATS, render
from icgraph.guard.report import Report, Severity
from icgraph.model.labels import LANGUAGES
from icgraph.supervisor import serve as serve_home
from icgraph.terminal import run_command, shown_progress

FILES = click.Path(path_type=Path)


def main() -> None:
    """The console entry point."""
    sys.exit(run_command(icgraph))


@click.group(context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(__version__, prog_name="icgraph")
def icgraph() -> None:
    """The open knowledge graph of intercultural cities.

    Settings can also be given as environment variables (ICGRAPH_PORT=8001) or in icgraph.toml.
    Exit codes: 0 done, 1 the answer is no, 2 bad input or usage, 3 a defect, 130 stopped.
    """


def _setting(name: str, **extra: Any) -> Callable[[Callable[..., Any]], Callable[..., Any]]:
    return click.option(
        f"--{name}", help=Settings.model_fields[name].description, default=None, **extra
    )


@icgraph.command()
@_setting("host")
@_setting("port", type=int)
@_setting("home", type=FILES)
@_setting("base")
@_setting("bare", is_flag=True)
def serve(**given: Any) -> None:
    """Build the graph if the home is empty, and serve it."""
    settings = load_settings(given)
    with shown_progress() as progress:
        serve_home(settings, progress=progress, ready=_ready)


def _ready(address: str) -> None:
    click.echo(f"icgraph serves {address}   (Ctrl-C stops it)")


@icgraph.command()
@click.argument("files", nargs=-1, type=FILES)
@click.option("--agent", default="operator", show_default=True, help="Who makes this change.")
@click.option("--message", default=None, help="Why; by default the names of the files.")
@_setting("home", type=FILES)
@_setting("base")
@_setting("bare", is_flag=True)
def load(files: tuple[Path, ...], agent: str, message: str | None, **given: Any) -> None:
    """Add what FILES say to the graph, as one recorded change; deletes nothing.

    Without FILES the packaged data is loaded. Data with a Violation is refused. With --bare,
    large FILES become several changes, and nothing is refused.
    """
    settings = load_settings(given)
    if settings.bare:
        _load_bare(settings, files, agent, message)
        return
    with _telling_violations(), shown_progress() as progress:
        loaded = load_into(settings, files, agent=agent, message=message, progress=progress)
    published = loaded.published
    if not published.added:
        click.echo(
            f"The graph already says all of this; it stays at revision {published.revision}."
        )
        return
    click.echo(f"Revision {published.revision}: {published.added} statements added.")
    _tell_state(loaded)


@contextmanager
def _telling_violations() -> Iterator[None]:
    try:
        yield
    except GraphInvalid as error:
        report = Report.from_json(error.members["report"])
        click.echo(render(report, severity=Severity.VIOLATION), nl=False, err=True)
        raise


def _tell_state(loaded: Loaded) -> None:
    """Whether readers see it yet, and what the rules warn of."""
    if not loaded.readable:
        click.echo("It is recorded; the server does not show it yet: see its log.", err=True)
    report = loaded.published.report
    if report is not None and not report.conforms:
        click.echo(render(report, severity=Severity.WARNING), nl=False, err=True)


def _load_bare(
    settings: Settings, files: tuple[Path, ...], agent: str, message: str | None
) -> None:
    if not files:
        raise click.UsageError("--bare needs FILES: a bare home has no packaged data.")
    with shown_progress() as progress:
        loaded = load_bare(settings, files, agent=agent, message=message, progress=progress)
    click.echo(f"Revision {loaded.revision}: {loaded.statements} statements recorded.")
    if not loaded.readable:
        click.echo("The server is still applying them.", err=True)


def _reason(command: Callable[..., Any]) -> Callable[..., Any]:
    """The options of a command that takes a record out of the graph."""
    for option in (
        click.option("--reason", required=True, help="Why; readers see it in the record's place."),
        click.option(
            "--language",
            type=click.Choice(LANGUAGES),
            default=LANGUAGES[0],
            show_default=True,
            help="The language of the reason.",
        ),
        click.option(
            "--agent", default="operator", show_default=True, help="Who makes this change."
        ),
        _setting("home", type=FILES),
    ):
        command = option(command)
    return command


@icgraph.command()
@click.argument("record")
@_reason
@click.option("--replaced-by", metavar="RECORD", default=None, help="What to read instead.")
@click.option("--detach", is_flag=True, help="Remove the links of other records to it, too.")
def withdraw(
    record: str,
    reason: str,
    language: str,
    agent: str,
    replaced_by: str | None,
    detach: bool,
    **given: Any,
) -> None:
    """Take RECORD, an IRI or kind/slug, out of the graph; its address tells when and why.

    While other records link to it, it stays, and the links are listed; see --detach.
    """
    with _telling_violations(), shown_progress() as progress:
        retirement = withdraw_record(
            load_settings(given),
            record,
            Reason(agent, reason, language),
            replaced_by=replaced_by,
            detach=detach,
            progress=progress,
        )
    name, published = retirement.name, retirement.loaded.published
    click.echo(f"Revision {published.revision}: {name.kind}/{name.slug} is withdrawn.")
    click.echo(f"{len(retirement.left_behind):6} statements of its own left the graph")
    click.echo(f"{retirement.links:6} statements of others that named it were removed")
    _tell_state(retirement.loaded)


@icgraph.command()
@click.argument("loser")
@click.argument("winner")
@_reason
def merge(loser: str, winner: str, reason: str, language: str, agent: str, **given: Any) -> None:
    """Let WINNER stand for LOSER, too: both are the same thing. IRIs or kind/slug.

    Links to LOSER lead to WINNER, which takes over its names, sources and identities elsewhere.
    What else LOSER said is listed: it is kept in the history only.
    """
    with _telling_violations(), shown_progress() as progress:
        retirement = merge_records(
            load_settings(given),
            loser,
            winner,
            Reason(agent, reason, language),
            progress=progress,
        )
    name, published = retirement.name, retirement.loaded.published
    click.echo(f"Revision {published.revision}: {name.kind}/{name.slug} is merged into {winner}.")
    click.echo(f"{retirement.links:6} statements of others name {winner} now")
    click.echo(f"{retirement.taken_over:6} names, sources and identities were taken over")
    _tell_left_behind(retirement)
    _tell_state(retirement.loaded)


def _tell_left_behind(retirement: Retirement) -> None:
    left = retirement.left_behind
    click.echo(f"{len(left):6} other statements are in the history only{':' if left else ''}")
    for line in left:
        click.echo(f"       {line}")


@icgraph.command("import")
@click.argument("files", nargs=-1, required=True, type=FILES)
@click.option(
    "--output",
    default=Path("data"),
    show_default=True,
    type=FILES,
    help="Folder of the Turtle files.",
)
def import_(files: tuple[Path, ...], output: Path) -> None:
    """Turn facts (JSON lines) into sorted Turtle files; touches no home."""
    with shown_progress() as progress:
        report = import_facts(files, output, progress)
    for kind, number in report.records.items():
        click.echo(f"{number:6} {kind} records")
    click.echo(f"{report.kept_seeds:6} records stand in {output / 'seeds'} and were left alone")
    click.echo(
        f"{report.missing_from_seeds:6} facts those lack: {output / 'missing-from-seeds.md'}"
    )
    for label, notes in report.notes.items():
        click.echo(f"{len(notes):6} {label}: {output / 'unmapped.md'}")
    click.echo(f"Written: {', '.join(str(path) for path in report.files)}")


@icgraph.command()
@click.argument("files", nargs=-1, type=FILES)
@click.option("--alone", is_flag=True, help="Without the packaged data beside the FILES.")
@click.option(
    "--format", "report_format", type=click.Choice(list(FORMATS)), default="text", show_default=True
)
@click.option("--language", type=click.Choice(["en", "fr"]), default="en", show_default=True)
@click.option(
    "--severity",
    type=click.Choice([severity.value for severity in Severity]),
    default=Severity.WARNING.value,
    show_default=True,
    help="The least grave findings to show.",
)
@click.option("--output", type=FILES, default=None, help="A file for the report.")
def validate(
    files: tuple[Path, ...],
    alone: bool,
    report_format: str,
    language: str,
    severity: str,
    output: Path | None,
) -> int:
    """Check FILES, or the packaged data, against the rules.

    Exits with 0 when there is no Violation and no Warning that is not accepted, else with 1.
    """
    seconds = load_settings().validation_seconds
    with shown_progress() as progress:
        report = check_files(files, alone=alone, seconds=seconds, progress=progress)
    text = render(report, report_format, language=language, severity=Severity(severity))
    if output is None:
        click.echo(text, nl=False)
    else:
        _write(output, text)
    return 0 if report.conforms else 1


def _write(path: Path, text: str) -> None:
    try:
        path.write_text(text, encoding="utf-8")
    except OSError as error:
        raise FileUnusable(
            f"{path} cannot be written: {error.strerror or error}.",
            advice="Give another file with --output.",
        ) from None


@icgraph.command()
@click.argument("folder", type=FILES)
@_setting("home", type=FILES)
def export(folder: Path, **given: Any) -> None:
    """Write the newest revision into FOLDER as files: N-Quads, Turtle, JSON-LD and CSV tables."""
    settings = load_settings(given)
    with shown_progress() as progress:
        dump = export_dump(settings, folder, progress)
    click.echo(f"Revision {dump.revision}: {dump.statements} statements.")
    for file in dump.files:
        click.echo(f"{file.size:12} {folder / file.name}")


@icgraph.command("fmt")
@click.argument("files", nargs=-1, required=True, type=FILES)
def format_(files: tuple[Path, ...]) -> None:
    """Write Turtle FILES in the one form that keeps differences small."""
    for changed in format_files(files):
        click.echo(f"formatted {changed}")


@icgraph.command()
@click.option("--rebuild", is_flag=True, help="Make the projection again from the change log.")
@_setting("home", type=FILES)
def check(rebuild: bool, **given: Any) -> None:
    """Check the change log, and that the graph is what the log says."""
    settings = load_settings(given)
    with shown_progress() as progress:
        checked = check_home(settings, rebuild=rebuild, progress=progress)
    click.echo(f"The change log is whole: revision {checked.revision}, {checked.quads} statements.")
    click.echo("The projection was made again." if rebuild else "The projection agrees with it.")


@icgraph.command("settings")
def list_settings() -> None:
    """List the settings, their defaults and what they mean."""
    click.echo(settings_table(), nl=False)
