"""The door through which gunicorn enters."""

import gc
import os
from typing import Any

from django.conf import settings
from django.core.wsgi import get_wsgi_application
from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.backends.signals import connection_created

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "itaportal.settings")

application = get_wsgi_application()


def bound_statements(connection: BaseDatabaseWrapper, **_more: Any) -> None:
    """Have PostgreSQL end a statement that nobody waits for any more.

    Here and not in the settings, since commands read those too, and they may take their time.
    """
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("SET statement_timeout = %s", [settings.STATEMENT_SECONDS * 1000])


connection_created.connect(bound_statements)

# What was loaded at the start stays for good, and a page leaves no cycles behind: looking for them
# every seven hundred objects, the interpreter's default, took a twentieth of each page.
gc.collect()
gc.freeze()
gc.set_threshold(20_000, 20, 20)
