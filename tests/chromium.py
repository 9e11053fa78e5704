"""The Chromium of the browser tests: an installed one, else a fetched one, else a loud word of its lack."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

NAMES = ["chromium", "chromium-browser", "google-chrome", "google-chrome-stable"]
LAUNCH_ARGS = ["--no-sandbox", "--disable-dev-shm-usage", "--disable-gpu"]


def find() -> str | None:
    """Path of a Chromium: `CHROMIUM`, then the system's, then the one Playwright fetched."""
    named = os.environ.get("CHROMIUM")
    if named:
        return named
    for name in NAMES:
        if path := shutil.which(name):
            return path
    cache = Path(os.environ.get("PLAYWRIGHT_BROWSERS_PATH") or Path.home() / ".cache" / "ms-playwright")
    return next((str(path) for path in sorted(cache.glob("chromium-*/chrome-linux*/chrome"))), None)


def fetch() -> None:
    """Try Debian's package (as root), then Playwright's own build; a failure is told by `find` afterwards."""
    attempts = [[sys.executable, "-m", "playwright", "install", "chromium"]]
    if os.geteuid() == 0 and shutil.which("apt-get"):
        attempts.insert(0, ["apt-get", "install", "-y", "-qq", "--no-install-recommends", "chromium"])
    for command in attempts:
        print("Chromium is not installed, trying:", " ".join(command), flush=True)
        try:
            subprocess.run(command, timeout=600, check=False, stdin=subprocess.DEVNULL)
        except (OSError, subprocess.TimeoutExpired) as error:
            print(f"  {error}")
        if find():
            return


def main() -> None:
    if find() is None:
        fetch()
    if find() is None:
        line = "!" * 78
        print(
            f"{line}\n  BROWSER TESTS ARE SKIPPED: no Chromium, and none could be fetched.\n{line}",
            flush=True,
        )


if __name__ == "__main__":
    main()
