"""The write side and the domain: plans, priorities, initiatives, metrics and their facts."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class PrioritiesConfig(AppConfig):
    """Strategic plans and what is known about them."""

    name = "priorities"
    verbose_name = _("Strategic plans")
