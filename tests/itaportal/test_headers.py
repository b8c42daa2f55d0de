"""What every answer says to the browser: nothing inline, nothing from elsewhere, no frames."""

import subprocess
import sys

import pytest
from django.conf import settings
from django.test import Client

PATHS = ["/healthz", "/accounts/login/", "/no-such-page/"]


@pytest.mark.django_db
@pytest.mark.parametrize("path", PATHS)
def test_the_content_policy_allows_only_our_own_files(client: Client, path: str) -> None:
    policy = client.get(path)["Content-Security-Policy"]
    directives = dict(part.strip().split(" ", 1) for part in policy.split(";"))
    assert directives == {
        "default-src": "'none'",
        "script-src": "'self'",
        "style-src": "'self'",
        "img-src": "'self'",
        "font-src": "'self'",
        "connect-src": "'self'",
        "manifest-src": "'self'",
        "form-action": "'self'",
        "frame-ancestors": "'none'",
        "base-uri": "'none'",
        "object-src": "'none'",
    }


@pytest.mark.django_db
@pytest.mark.parametrize("path", PATHS)
def test_the_other_headers(client: Client, path: str) -> None:
    response = client.get(path)
    assert response["X-Content-Type-Options"] == "nosniff"
    assert response["X-Frame-Options"] == "DENY"
    assert response["Referrer-Policy"] == "same-origin"
    assert response["Cross-Origin-Opener-Policy"] == "same-origin"
    assert "camera=()" in response["Permissions-Policy"]


def test_a_stranger_gets_no_cookie(client: Client) -> None:
    for path in ("/healthz", "/no-such-page/"):
        response = client.get(path)
        assert (dict(response.cookies), response.get("Vary", "")) == ({}, "")


PROBE = """
import django; django.setup()
from django.test import Client
for secure in (False, True):
    answer = Client().get("/no-such-page.json", secure=secure, headers={"host": "a.example.org"})
    print(answer.status_code, answer.get("Location"), answer.get("Strict-Transport-Security"))
print("upgrade-insecure-requests" in answer["Content-Security-Policy"])
print(Client().get("/healthz", headers={"host": "a.example.org"}).status_code)
"""


def test_production_speaks_https_only_but_for_its_health() -> None:
    done = subprocess.run(
        [sys.executable, "-c", PROBE],
        cwd=settings.BASE_DIR,
        env={
            "DJANGO_SETTINGS_MODULE": "itaportal.settings",
            "SECRET_KEY": "x" * 50,
            "ALLOWED_HOSTS": "a.example.org",
            "LOG_LEVEL": "ERROR",
        },
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.stdout.splitlines() == [
        "301 https://a.example.org/no-such-page.json None",
        "404 None max-age=31536000; includeSubDomains; preload",
        "True",
        "200",
    ], done.stderr
