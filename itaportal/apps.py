"""How the framework's own apps are set up here."""

from importlib import import_module

from django.apps import AppConfig
from django.contrib import admin
from django.contrib.admin.apps import AdminConfig

#: Apps whose rows are nobody's to edit: sign-in has its own pages, with their own rules.
NOT_IN_THE_ADMIN = {"account", "mfa", "socialaccount", "usersessions"}


class PortalConfig(AppConfig):
    """The commands that need both floors; no table and no template of its own."""

    name = "itaportal"


class PortalAdminConfig(AdminConfig):
    """The Django admin, with the portal's own site: its doors, its words, its event log."""

    default_site = "priorities.admin.site.PortalAdminSite"

    def ready(self) -> None:
        """Find the admin pages.

        Ours come first: their package also holds the site, and were it made while they are
        imported, they would register with another one.
        """
        import_module("priorities.admin")
        super().ready()
        for model in list(admin.site._registry):
            if model._meta.app_label in NOT_IN_THE_ADMIN:
                admin.site.unregister(model)
