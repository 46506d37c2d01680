"""The commands for files: facts and RDF on their way in, dumps on their way out."""

from pathlib import Path
from typing import Any

import click

from icgraph.catalogue.dumping import export as export_dump
from icgraph.cli.options import FILES, home_option
from icgraph.config import load_settings
from icgraph.curation.rdf import format_files
from icgraph.curation.tables import import_facts
from icgraph.errors import FileUnusable
from icgraph.guard.checking import check_files
from icgraph.guard.formats import FORMATS, render
from icgraph.guard.report import Severity
from icgraph.model.labels import LANGUAGES
from icgraph.terminal import shown_progress


@click.command("import")
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


@click.command()
@click.argument("files", nargs=-1, type=FILES)
@click.option("--alone", is_flag=True, help="Without the packaged data beside the FILES.")
@click.option(
    "--format", "report_format", type=click.Choice(list(FORMATS)), default="text", show_default=True
)
@click.option("--language", type=click.Choice(LANGUAGES), default=LANGUAGES[0], show_default=True)
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


@click.command()
@click.argument("folder", type=FILES)
@home_option
def export(folder: Path, **given: Any) -> None:
    """Write the newest revision into FOLDER as files: N-Quads, Turtle, JSON-LD and CSV tables."""
    settings = load_settings(given)
    with shown_progress() as progress:
        dump = export_dump(settings, folder, progress)
    click.echo(f"Revision {dump.revision}: {dump.statements} statements.")
    for file in dump.files:
        click.echo(f"{file.size:12} {folder / file.name}")


@click.command("fmt")
@click.argument("files", nargs=-1, required=True, type=FILES)
def format_(files: tuple[Path, ...]) -> None:
    """Write Turtle FILES in the one form that keeps differences small."""
    for changed in format_files(files):
        click.echo(f"formatted {changed}")
