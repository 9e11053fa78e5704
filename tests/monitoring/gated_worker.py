"""Included by a worker that a test kills: stops for good at the named places of building a report, once each.

`$GATES` is a folder with files «stop at <place>».
"""

from __future__ import annotations

import os
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

from monitoring import tasks

# The last is inside the transaction that ends the job, when the files are in place already.
GATES = ["collect", "docx", "xlsx", "pdf", "publish"]


def gate(name: str) -> None:
    stop_here = Path(os.environ["GATES"]) / f"stop at {name}"
    if stop_here.exists():
        stop_here.rename(stop_here.with_name(f"stopped at {name}"))
        time.sleep(600)


def after(name: str, function: Callable[..., Any]) -> Callable[..., Any]:
    """The function, with a gate when it has done its work."""

    def gated(*args: Any, **kwargs: Any) -> Any:
        result = function(*args, **kwargs)
        gate(name)
        return result

    return gated


if "GATES" in os.environ:
    tasks.collect = after("collect", tasks.collect)
    for file_format, builder in tasks.BUILDERS.items():
        tasks.BUILDERS[file_format] = after(file_format, builder)
    tasks.publish_edition = after("publish", tasks.publish_edition)
