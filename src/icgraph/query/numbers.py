"""How the service stands now, summed over its processes, as gauges."""

import os
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import asdict, dataclass
from typing import Any, Final, Self

from prometheus_client.metrics_core import GaugeMetricFamily, Metric

from icgraph.query.memory import below, memory_of

Figures = Callable[[], dict[str, float]]

#: What a part of a process may tell of itself.
MEANINGS: Final = {
    "cache_bytes": "Memory of the results that are kept, in bytes.",
    "cache_results": "Results that are kept in memory.",
    "spool_bytes": "Size of the large results on their way out, in bytes.",
}


@dataclass(frozen=True, slots=True)
class Numbers:
    """What one process tells: its number, its queries by state, and the figures of its parts."""

    process: int
    states: dict[str, int]
    figures: dict[str, float]

    @classmethod
    def here(cls, states: dict[str, int], parts: Iterable[Figures]) -> Self:
        """The numbers of this process."""
        figures: dict[str, float] = {}
        for part in parts:
            for name, figure in part().items():
                figures[name] = figures.get(name, 0.0) + figure
        return cls(os.getpid(), states, figures)

    def to_json(self) -> dict[str, Any]:
        """The numbers as JSON values, for another process."""
        return asdict(self)

    @classmethod
    def from_json(cls, value: dict[str, Any]) -> Self:
        """The numbers `to_json` described."""
        return cls(**value)


def gauges(numbers: Iterable[Numbers], revision: int, silent: int) -> Iterator[Metric]:
    """The gauges of a service of which these processes answered, and so many were silent."""
    states: Counter[str] = Counter()
    figures: dict[str, float] = dict.fromkeys(MEANINGS, 0.0)
    processes = [number.process for number in numbers]
    for number in numbers:
        states.update(number.states)
        for name, figure in number.figures.items():
            figures[name] += figure
    yield _gauge("queries_now", "Queries and updates on their way, by state.", states, "state")
    answered = {"answering": len(processes), "silent": silent}
    yield _gauge("http_processes", "HTTP processes, by whether they answer.", answered, "state")
    yield _gauge("revision", "The newest revision that can be read.", {"": revision})
    yield _gauge(
        "memory_bytes",
        "Memory of the service by process, shared pages counted once.",
        _memory(processes),
        "process",
    )
    for name, meaning in MEANINGS.items():
        yield _gauge(name, meaning, {"": figures[name]})


def _gauge(name: str, meaning: str, values: Mapping[str, float], label: str = "") -> Metric:
    family = GaugeMetricFamily(f"icgraph_{name}", meaning, labels=[label] if label else [])
    for value, figure in values.items():
        family.add_metric([value] if label else [], figure)
    return family


def _memory(processes: list[int]) -> dict[str, float]:
    workers = [worker for process in processes for worker in below(process)]
    return {
        "http": sum(map(memory_of, processes)),
        "workers": sum(map(memory_of, workers)),
        # The supervisor, unless another server runs the application.
        "parent": memory_of(os.getppid()),
    }
