"""Gunicorn: the command line gives the address, everything else stands here."""

import gc
import os
import shutil
import tempfile
from pathlib import Path
from typing import Any

from config.logs import LOGGING

worker_class = "gthread"
workers = int(os.environ.get("WEB_WORKERS", "2"))
threads = int(os.environ.get("WEB_THREADS", "4"))
timeout = 60
graceful_timeout = 8
max_requests = 5000
max_requests_jitter = 500
preload_app = True
# A heartbeat file on a slow disk blocks the worker; memory does not.
worker_tmp_dir = "/dev/shm" if Path("/dev/shm").is_dir() else None
forwarded_allow_ips = os.environ.get("FORWARDED_ALLOW_IPS", "127.0.0.1")
# Requests are logged by the application, by route: an access log would hold personal links.
accesslog = None
logconfig_dict = {**LOGGING, "loggers": {"gunicorn.error": {"level": "WARNING"}}}

# Counters of all web processes are added up through files of this run.
_metrics = Path(tempfile.mkdtemp(prefix="metodset-metrics-"))
os.environ["PROMETHEUS_MULTIPROC_DIR"] = str(_metrics)


def when_ready(server: Any) -> None:
    """What is loaded stays until the end: it is not looked through again for garbage, and workers share its memory.

    Looking through it took a seventh of the time of a long page.
    """
    gc.collect()
    gc.freeze()


def child_exit(server: Any, worker: Any) -> None:
    from prometheus_client import multiprocess

    multiprocess.mark_process_dead(worker.pid)


def on_exit(server: Any) -> None:
    shutil.rmtree(_metrics, ignore_errors=True)
