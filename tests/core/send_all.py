"""Sends what is due once all senders are ready; prints how many letters it sent."""

from __future__ import annotations

import json
import os
import sys
import time
from pathlib import Path

import django

if __name__ == "__main__":
    django.setup()
    from core.letters import send_due

    folder = Path(sys.argv[1])
    (folder / f"ready {os.getpid()}").touch()
    while not (folder / "go").exists():
        time.sleep(0.001)
    print(json.dumps(send_due()))
