"""Do something again and again in processes of its own, each killed one step later.

    python -m tests.faults.at_every_step backup|restore|append FOLDER

A step is whatever changes a disk, as Python's audit events and the progress of the work tell.
For each step it prints its number; what is in the folder `step-N` then is for the test to judge.
"""

import os
import shutil
import signal
import sys
from collections.abc import Callable
from pathlib import Path

from icgraph.store.backup import make_backup, restore_backup
from icgraph.store.home import Home
from icgraph.store.log import now, open_log
from tests.store.conftest import change

EVENTS = {
    "open",
    "os.mkdir",
    "os.remove",
    "os.rename",
    "os.rmdir",
    "shutil.rmtree",
    "sqlite3.connect",
}


def backup(folder: Path, step: Callable[..., None]) -> None:
    make_backup(Home(folder / "home"), folder / "saved", made=now(), progress=step)


def restore(folder: Path, step: Callable[..., None]) -> None:
    restore_backup(folder / "saved", folder / "restored", progress=step)


def append(folder: Path, step: Callable[..., None]) -> None:
    log = open_log(Home(folder / "home").log, None)
    step()
    head = log.head()
    log.append(change(add=tuple(range(1000, 3000))), after=head, time=now())
    step()


def killed_at(number: int, work: Callable[..., None], folder: Path) -> bool:
    """Whether the work was killed, at the step of that number, and not done before."""
    child = os.fork()
    if not child:
        left = number

        def step(*_: object) -> None:
            nonlocal left
            left -= 1
            if left < 0:
                os.kill(os.getpid(), signal.SIGKILL)

        sys.addaudithook(lambda event, _: step() if event in EVENTS else None)
        try:
            work(folder, step)
        except BaseException:
            os._exit(3)
        os._exit(0)
    _, status = os.waitpid(child, 0)
    if os.WIFSIGNALED(status):
        return True
    if os.waitstatus_to_exitcode(status):
        raise SystemExit(f"step {number} failed")
    return False


def main(name: str, folder: Path) -> None:
    work = {"backup": backup, "restore": restore, "append": append}[name]
    number, going = 0, True
    while going:
        place = folder / f"step-{number}"
        shutil.copytree(folder / "before", place)
        going = killed_at(number, work, place)
        number += 1
    sys.stdout.write(f"{number - 1}\n")


if __name__ == "__main__":
    main(sys.argv[1], Path(sys.argv[2]))
