"""``manage.py renew_secrets``: after a new ``SECRET_KEY``, before the former one is forgotten."""

from __future__ import annotations

from typing import Any

from allauth.mfa.models import Authenticator
from allauth.mfa.utils import decrypt, encrypt
from cryptography.fernet import InvalidToken
from django.core.management.base import BaseCommand, CommandError
from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

#: Where the kinds of second factors keep their secret.
SECRETS = ("secret", "seed")


class Command(BaseCommand):
    """Encrypts the secrets of second factors with the key of now; nobody notices."""

    help = _("Encrypt the secrets of second factors anew with the present SECRET_KEY.")

    def handle(self, *args: Any, **options: Any) -> None:
        """All of them or none; an error says whose secret no key opens."""
        renewed = 0
        with transaction.atomic():
            rows = Authenticator.objects.select_for_update().select_related("user")
            for row in rows.order_by("pk"):
                for name in SECRETS:
                    if name in row.data:
                        row.data[name] = encrypt(self._opened(row, row.data[name]))
                        row.save(update_fields=["data"])
                        renewed += 1
        if options["verbosity"]:
            words = ngettext(
                "%(count)s secret is encrypted anew.",
                "%(count)s secrets are encrypted anew.",
                renewed,
            )
            self.stdout.write(words % {"count": renewed})

    def _opened(self, row: Authenticator, kept: str) -> str:
        try:
            return str(decrypt(kept))
        except InvalidToken:
            raise CommandError(
                _(
                    "No key opens the second factor of %(email)s. Put the former SECRET_KEY into "
                    "SECRET_KEY_FALLBACKS, or take the second factor off their account."
                )
                % {"email": row.user.email}
            ) from None
