"""The write side and the domain: plans, priorities, initiatives, metrics and their facts."""

from django.apps import AppConfig
from django.db import connection
from django.utils.translation import gettext_lazy as _


class PrioritiesConfig(AppConfig):
    """Strategic plans and what is known about them."""

    name = "priorities"
    verbose_name = _("Strategic plans")

    def ready(self) -> None:
        """Let no reader wait for a writer.

        Django finds out whether SQLite knows JSON by trying it in a transaction, on the first
        connection of each thread. Transactions begin with the write lock here, so while somebody
        else writes for long the trial fails, and JSON counts as unknown from then on. Every
        SQLite that Django takes has JSON.
        """
        if connection.vendor == "sqlite":
            type(connection.features).supports_json_field = True
