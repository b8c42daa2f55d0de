"""The read side: pages that anyone can read. No tables, no writes."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class DashboardsConfig(AppConfig):
    """The public dashboards."""

    name = "dashboards"
    verbose_name = _("Dashboards")
