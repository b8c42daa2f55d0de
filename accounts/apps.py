"""The people who sign in."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class AccountsConfig(AppConfig):
    """The user model, sign-in and sessions."""

    name = "accounts"
    verbose_name = _("Accounts")
