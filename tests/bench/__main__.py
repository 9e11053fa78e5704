"""`python -m tests.bench [--sizes 40,400,1500]`: prepares databases, runs scenarios, prints the table."""

from __future__ import annotations

import argparse
import json
import os
import subprocess
import sys
import tempfile
import time
from pathlib import Path

SCENARIOS = ["pages", "submission", "imports", "tallies", "report", "events"]
PEOPLE_A_PLACE, RESPONSES_A_PLACE = 25, 15


def main() -> int:
    parser = argparse.ArgumentParser()
    parser.add_argument("--sizes", default="40,400,1500", help="organisations in each municipality")
    parser.add_argument("--only", default=",".join(SCENARIOS))
    options = parser.parse_args()
    sizes = [int(size) for size in options.sizes.split(",")]
    with tempfile.TemporaryDirectory(prefix="metodset-bench-") as folder:
        for size in sizes:
            prepare(Path(folder) / str(size), size)
        print(f"\n{'':58} {'value':>10} {'floor':>10} {'ratio':>8}  peak memory")
        for scenario in options.only.split(","):
            for size in sizes:
                run(scenario, Path(folder) / str(size), size)
    return 0


def environment(folder: Path) -> dict[str, str]:
    return {
        **{k: v for k, v in os.environ.items() if k not in ("DATABASE_URL", "REDIS_URL")},
        "VAR_DIR": str(folder),
        "SECRET_KEY": "only for benchmarks",
        "DEMO": "1",
        "DEBUG": "0",
        "LOG_LEVEL": "WARNING",
        "HTTPS": "0",
        "ALLOWED_HOSTS": "testserver",
        "DJANGO_SETTINGS_MODULE": "config.settings",
    }


def prepare(folder: Path, size: int) -> None:
    folder.mkdir()
    started = time.perf_counter()
    for command in (
        ["migrate", "-v0"],
        ["collectstatic", "--noinput", "-v0"],
        [
            "demo",
            f"--organisations={size}",
            f"--people={size * PEOPLE_A_PLACE}",
            f"--responses={size * RESPONSES_A_PLACE}",
        ],
    ):
        subprocess.run(
            [sys.executable, "manage.py", *command],
            env=environment(folder), check=True, stdout=subprocess.DEVNULL,
        )  # fmt: skip
    print(f"municipality of {size} organisations made in {time.perf_counter() - started:.1f} s", flush=True)


def run(scenario: str, folder: Path, size: int) -> None:
    code = f"from tests.bench.measure import child; child({scenario!r}, {size})"
    done = subprocess.run(
        [sys.executable, "-c", code], env=environment(folder), capture_output=True, text=True
    )
    if done.returncode:
        print(f"{scenario} at {size}: failed\n{done.stderr[-3000:]}", flush=True)
        return
    answer = json.loads(done.stdout.splitlines()[-1])
    for name, value, floor, unit in answer["figures"]:
        ratio = f"{value / floor:8.2f}" if floor else ""
        memory = f"{answer['peak_mb']:.0f} MB"
        print(
            f"{f'{name}, {size} org.':58} {value:>7.4g} {unit:2} {floor:>7.4g} {unit:2} {ratio}  {memory}",
            flush=True,
        )


if __name__ == "__main__":
    sys.exit(main())
