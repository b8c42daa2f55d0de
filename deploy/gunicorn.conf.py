"""gunicorn: one worker a core, two threads each (more were measured to be slower)."""

import os
from pathlib import Path
from typing import Any

bind = os.environ.get("BIND", "127.0.0.1:8000")
workers = int(os.environ.get("WEB_CONCURRENCY") or os.cpu_count() or 1)
threads = 2
# Replaces a worker that stands still. It ends no request, however long one takes: the worker's main
# thread goes on telling that it is there.
timeout = 30
graceful_timeout = 20
keepalive = 5

# The heartbeat file belongs in memory: on a slow disk a busy worker looks dead.
worker_tmp_dir = "/dev/shm" if Path("/dev/shm").is_dir() else None

# The portal writes its own access line, with the request's id; gunicorn's messages join it as JSON.
accesslog = None
logconfig_dict: dict[str, Any] = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"json": {"()": "itaportal.logging.JsonFormatter"}},
    "handlers": {"stderr": {"class": "logging.StreamHandler", "formatter": "json"}},
    "root": {"handlers": ["stderr"], "level": "INFO"},
    "loggers": {
        "gunicorn.error": {
            "handlers": ["stderr"],
            "level": os.environ.get("LOG_LEVEL", "INFO").upper(),
            "propagate": False,
        },
        # It warns of each HEAD that a Django view answers like a GET, and drops the body: as meant.
        "gunicorn.http.wsgi": {"level": "ERROR"},
    },
}
