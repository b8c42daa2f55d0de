"""The people who sign in."""

from django.apps import AppConfig
from django.contrib.auth.signals import user_logged_in
from django.utils.translation import gettext_lazy as _

from accounts.sessions import begin


class AccountsConfig(AppConfig):
    """The user model, sign-in and sessions."""

    name = "accounts"
    verbose_name = _("Accounts")

    def ready(self) -> None:
        """Every sign-in, through whatever door, begins a session that ends."""
        user_logged_in.connect(begin, dispatch_uid="accounts.sessions.begin")
