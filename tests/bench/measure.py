"""Measuring inside the process of one scenario.

Times are of the processor: the database is in the process, and a machine that is busy with something else
does not tell.
"""

from __future__ import annotations

import importlib
import json
import resource
import statistics
import time
from collections.abc import Callable

Figure = tuple[str, float, float, str]  # name, value, floor, unit


def child(scenario: str, size: int) -> None:
    import django

    django.setup()
    figures = importlib.import_module(f"tests.bench.{scenario}").measure(size)
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    print(json.dumps({"figures": figures, "peak_mb": peak}))


def milliseconds(action: Callable[[], object], *, seconds: float = 1.5, least: int = 5) -> float:
    """The median time of the action in ms, after one run to warm up."""
    action()
    times: list[float] = []
    end = time.perf_counter() + seconds
    while time.perf_counter() < end or len(times) < least:
        started = time.process_time()
        action()
        times.append((time.process_time() - started) * 1000)
    return statistics.median(times)


def once(action: Callable[[], object]) -> float:
    """Seconds of one run."""
    started = time.process_time()
    action()
    return time.process_time() - started
