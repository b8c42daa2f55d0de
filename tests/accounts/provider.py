"""A real identity provider for a test: a project of its own, served on a loopback port.

Run as ``python -m tests.accounts.provider PORT FOLDER REDIRECT_URI``; it says "ready" when it is.
Its people are named by what the test wants of them.
"""

from __future__ import annotations

import logging
import os
import sys
from pathlib import Path
from typing import Any
from wsgiref.simple_server import WSGIRequestHandler, make_server

from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import rsa
from django.conf import settings
from django.urls import include, path

CLIENT_ID, CLIENT_SECRET = "portal", "the portal's secret"
PASSWORD = "City-2024-demo"
#: Each person with the address that the provider knows, and whether it has verified it.
PEOPLE = {
    "known@example.org": True,
    "unverified@example.org": False,
    "stranger@example.org": True,
    "closed@example.org": True,
    "administrator@example.org": True,
}


def addresses() -> tuple[Any, ...]:
    """The provider's addresses; they need its settings."""
    return path("accounts/", include("allauth.urls")), path("", include("allauth.idp.urls"))


def private_key() -> str:
    """A key to sign with, new at each start."""
    key = rsa.generate_private_key(public_exponent=65537, key_size=2048)
    return key.private_bytes(
        serialization.Encoding.PEM,
        serialization.PrivateFormat.PKCS8,
        serialization.NoEncryption(),
    ).decode()


def configure(folder: Path) -> None:
    """The settings of the provider."""
    settings.configure(
        ALLOWED_HOSTS=["127.0.0.1"],
        AUTHENTICATION_BACKENDS=["allauth.account.auth_backends.AuthenticationBackend"],
        ACCOUNT_LOGIN_METHODS={"email"},
        ACCOUNT_EMAIL_VERIFICATION="none",
        ACCOUNT_SIGNUP_FIELDS=["email*", "password1*"],
        DATABASES={
            "default": {"ENGINE": "django.db.backends.sqlite3", "NAME": folder / "city.sqlite3"}
        },
        DEFAULT_AUTO_FIELD="django.db.models.BigAutoField",
        IDP_OIDC_PRIVATE_KEY=private_key(),
        INSTALLED_APPS=[
            "django.contrib.auth",
            "django.contrib.contenttypes",
            "django.contrib.sessions",
            "django.contrib.messages",
            "allauth",
            "allauth.account",
            "allauth.idp.oidc",
        ],
        LOGIN_URL="account_login",
        MIDDLEWARE=[
            "django.contrib.sessions.middleware.SessionMiddleware",
            "django.contrib.auth.middleware.AuthenticationMiddleware",
            "django.contrib.messages.middleware.MessageMiddleware",
            "allauth.account.middleware.AccountMiddleware",
        ],
        SECRET_KEY="the provider's " + "x" * 50,
        TEMPLATES=[
            {
                "BACKEND": "django.template.backends.django.DjangoTemplates",
                "APP_DIRS": True,
                "OPTIONS": {
                    "context_processors": [
                        "django.template.context_processors.request",
                        "django.contrib.auth.context_processors.auth",
                        "django.contrib.messages.context_processors.messages",
                    ]
                },
            }
        ],
        USE_TZ=True,
    )


def fill(redirect_uri: str) -> None:
    """Its people, and the portal as the one client."""
    from allauth.account.models import EmailAddress
    from allauth.idp.oidc.models import Client
    from django.contrib.auth import get_user_model

    for email, verified in PEOPLE.items():
        user = get_user_model().objects.create_user(email, email, PASSWORD)
        EmailAddress.objects.create(user=user, email=email, verified=verified, primary=True)
    client = Client(id=CLIENT_ID, name="Portal", scopes="openid\nprofile\nemail")
    client.redirect_uris, client.skip_consent = redirect_uri, True
    client.set_secret(CLIENT_SECRET)
    client.save()


class Quiet(WSGIRequestHandler):
    """Says nothing of each request."""

    def log_message(self, *_args: object) -> None:
        """Nothing."""


def main() -> None:
    """Make the provider and serve it until it is stopped."""
    port, folder, redirect_uri = sys.argv[1:]
    os.environ["OAUTHLIB_INSECURE_TRANSPORT"] = "1"  # a loopback address has no certificate
    logging.disable(logging.CRITICAL)
    configure(Path(folder))
    import django
    from django.core.management import call_command
    from django.core.wsgi import get_wsgi_application

    django.setup()
    settings.ROOT_URLCONF = addresses()
    call_command("migrate", verbosity=0)
    fill(redirect_uri)
    with make_server("127.0.0.1", int(port), get_wsgi_application(), handler_class=Quiet) as server:
        sys.stdout.write("ready\n")
        sys.stdout.flush()
        server.serve_forever()


if __name__ == "__main__":
    main()
