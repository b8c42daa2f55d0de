"""For whoever watches the portal: is the process alive, and can it serve."""

import logging

from django.db import DEFAULT_DB_ALIAS, DatabaseError, connections
from django.db.migrations.executor import MigrationExecutor
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

logger = logging.getLogger(__name__)


@never_cache
@require_safe
def healthz(request: HttpRequest) -> HttpResponse:
    """The process answers. Asks nothing of the database, so a database outage restarts nothing."""
    return HttpResponse("ok\n", content_type="text/plain; charset=utf-8")


@never_cache
@require_safe
def readyz(request: HttpRequest) -> JsonResponse:
    """The portal can serve: the database answers and has every migration. Else 503 and which."""
    checks = {"database": "ok", "migrations": "ok"}
    try:
        waiting = _unapplied_migrations()
    except DatabaseError:
        logger.exception("The database does not answer")
        checks = {"database": "does not answer", "migrations": "unknown"}
    else:
        if waiting:
            checks["migrations"] = f"{waiting} not applied; run: python manage.py migrate"
    ready = set(checks.values()) == {"ok"}
    return JsonResponse({"ready": ready, "checks": checks}, status=200 if ready else 503)


def _unapplied_migrations() -> int:
    """How many migrations of this release the database lacks. Two queries."""
    executor = MigrationExecutor(connections[DEFAULT_DB_ALIAS])
    return len(executor.migration_plan(executor.loader.graph.leaf_nodes()))
