"""How the framework's own apps are set up here."""

from django.contrib.admin.apps import AdminConfig


class PortalAdminConfig(AdminConfig):
    """The Django admin, with the portal's own site: its doors, its words, its event log."""

    default_site = "priorities.admin.site.PortalAdminSite"
