"""The production settings with what tests must have otherwise: their own secret and database."""

import os

# What a developer's shell exports must not change what the tests see.
for _name in (
    "CLOCK_OFFSET_SECONDS",
    "CSRF_TRUSTED_ORIGINS",
    "EMAIL_URL",
    "OIDC_ISSUER",
    "OIDC_ORIGINS",
    "RELEASE",
    "TIME_ZONE",
):
    os.environ.pop(_name, None)
os.environ.update(
    ALLOWED_HOSTS="testserver,localhost,127.0.0.1",
    DATABASE_URL=os.environ.get("TEST_DATABASE_URL", "sqlite:///var/tests.sqlite3"),
    DEBUG="false",
    HTTPS="false",
    LOG_LEVEL="WARNING",
    # What needs it asks for it: a second factor for each sign-in would be most of the tests.
    REQUIRE_SECOND_FACTOR="false",
    SECRET_KEY="only-for-tests-" + "x" * 50,
)

from itaportal.settings import *  # noqa: E402, F403

# Files as they lie in the tree: no collectstatic before a test.
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.InMemoryStorage"},
    "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"},
}
WHITENOISE_AUTOREFRESH = True
WHITENOISE_USE_FINDERS = True

# A password is checked a thousand times in a run; its strength is not what is tested.
PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]

# A test's rows are gone when it ends; nothing read in one may be known in the next.
REVISION_KEPT_SECONDS = 0

# A test looks at what was sent as soon as the page is there.
SEND_MAIL_BESIDE_REQUEST = False
