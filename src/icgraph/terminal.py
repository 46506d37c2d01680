"""What a person at a terminal sees: progress, errors, and how a command ends.

Progress and errors go to the standard error, so that results can be piped. Exit codes:
0 done, 1 the answer is no, 2 bad input or usage, 3 a defect of ours, 130 stopped by Ctrl-C.
"""

import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Final

import click
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TaskID, TextColumn

from icgraph.errors import ICGraphError

DEFECT: Final = 3
STOPPED: Final = 130


@contextmanager
def shown_progress() -> Iterator[Callable[[str, int, int], None]]:
    """A function that shows how far a long task is, on a terminal only."""
    console = Console(stderr=True)
    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn())
    with Progress(
        *columns, console=console, transient=True, disable=not console.is_terminal
    ) as bars:
        tasks: dict[str, TaskID] = {}

        def show(label: str, done: int, total: int) -> None:
            if label not in tasks:
                tasks[label] = bars.add_task(label, total=total)
            bars.update(tasks[label], completed=done, total=total)

        yield show


def run_command(command: click.Command) -> int:
    """Run a command and give its exit code; every error becomes one message."""
    try:
        code = command.main(standalone_mode=False)
    except click.ClickException as error:
        error.show()
        return error.exit_code
    except (KeyboardInterrupt, click.Abort):
        _tell("stopped before it was done; what was there before is untouched.")
        return STOPPED
    except ICGraphError as error:
        _tell(error.detail)
        if error.advice:
            click.echo(f"  {error.advice}", err=True)
        return error.exit_code
    except BrokenPipeError:
        sys.stderr.close()  # who read us has gone; Python would complain while closing
        return 0
    except Exception as error:  # a person sees no traceback
        _tell(f"this is a defect of icgraph: {type(error).__name__}: {error}")
        click.echo("  Please report it, with the command you gave.", err=True)
        return DEFECT
    return code if isinstance(code, int) else 0


def _tell(message: str) -> None:
    # A file's name may hold bytes that are no text.
    readable = message.encode("utf-8", "backslashreplace").decode()
    click.echo(f"icgraph: {readable}", err=True)
