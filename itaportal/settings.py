"""All settings, in one file. What differs between places comes from the environment.

Every variable read here is explained in `.env.example`; a test compares the two.
"""

from pathlib import Path
from typing import Any
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from csp.constants import NONE, SELF
from django.core.exceptions import ImproperlyConfigured
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from environs import Env, EnvError

BASE_DIR = Path(__file__).resolve().parent.parent

env = Env()


# ── Helpers: each failure says what to do ────────────────────────────────────────────────────


def boolean(name: str, *, default: bool) -> bool:
    """A yes or no from the environment. A typo such as `treu` is an error naming the variable."""
    try:
        return env.bool(name, default)
    except EnvError:
        raise ImproperlyConfigured(
            f"{name} must be true or false, not {env.str(name)!r}. "
            f"Correct {name} in the environment."
        ) from None


def integer(name: str, *, default: int) -> int:
    """A whole number from the environment."""
    try:
        return env.int(name, default)
    except EnvError:
        raise ImproperlyConfigured(
            f"{name} must be a whole number, not {env.str(name)!r}. "
            f"Correct {name} in the environment."
        ) from None


def words(name: str, *, default: str = "") -> list[str]:
    """A comma-separated list from the environment; blanks are dropped."""
    return [word.strip() for word in env.str(name, default).split(",") if word.strip()]


def secret(name: str, *, needed: bool) -> str:
    """A secret that production cannot do without; in development a fixed stand-in serves."""
    value = env.str(name, "")
    if value or not needed:
        return value or "insecure-for-development-only-" + "x" * 40
    raise ImproperlyConfigured(
        f"{name} is not set. Give it 50 or more random characters, for example from: "
        f'python -c "import secrets; print(secrets.token_urlsafe(50))". '
        "On a development machine set DEBUG=true instead."
    )


def time_zone(name: str, *, default: str) -> str:
    """The name of a time zone that exists on this machine."""
    value = env.str(name, default)
    try:
        ZoneInfo(value)
    except (ZoneInfoNotFoundError, ValueError):
        raise ImproperlyConfigured(
            f"{name} must name a time zone such as America/Los_Angeles, not {value!r}."
        ) from None
    return value


def mail(name: str, *, default: str) -> dict[str, Any]:
    """The mail server that a URL names, as Django's settings."""
    refused = ImproperlyConfigured(
        f"{name} is not a mail URL. Write it as submission://user:password@host:587 (STARTTLS), "
        "smtp://user:password@host:465?ssl=true, smtp://host:25, or console:// to send nothing."
    )
    try:
        config: dict[str, Any] = dict(env.dj_email_url(name, default))
    except (EnvError, ValueError):
        raise refused from None
    if "EMAIL_BACKEND" not in config:
        raise refused
    return config


def _origin(url: str) -> list[str]:
    """The scheme, host and port of an address; none of none."""
    parts = urlsplit(url)
    return [f"{parts.scheme}://{parts.netloc}"] if parts.netloc else []


def web_address(name: str, *, default: str) -> str:
    """An address to put a path behind: with its scheme, without a last slash."""
    value = env.str(name, "") or default
    if not value.startswith(("http://", "https://")):
        raise ImproperlyConfigured(
            f"{name} must begin with https:// (or http:// on a loopback address), not {value!r}."
        )
    return value.rstrip("/")


def database(name: str, *, default: str) -> dict[str, Any]:
    """The database that a URL names, tuned for its engine.

    SQLite: write-ahead log, a write lock taken at the start of a transaction (so two writers wait
    for each other instead of failing), 64 MB of cache, memory-mapped reads. PostgreSQL: connections
    kept between requests and checked before use.
    """
    try:
        config = dict(env.dj_db_url(name, default))
    except (EnvError, ValueError):
        raise ImproperlyConfigured(
            f"{name} is not a database URL. Write it as sqlite:///var/portal.sqlite3 "
            "or postgres://user:password@host:5432/name."
        ) from None
    # Opening a connection costs more than most pages, on SQLite too with its pragmas.
    config["CONN_MAX_AGE"] = integer("CONN_MAX_AGE", default=60)
    if config["ENGINE"] == "django.db.backends.sqlite3":
        if config["NAME"] != ":memory:":
            config["NAME"] = str(BASE_DIR / config["NAME"])
            Path(config["NAME"]).parent.mkdir(exist_ok=True)
        config["OPTIONS"] = {
            "timeout": 20,
            "transaction_mode": "IMMEDIATE",
            "init_command": (
                "PRAGMA journal_mode=WAL;"
                "PRAGMA synchronous=NORMAL;"
                "PRAGMA cache_size=-65536;"
                "PRAGMA mmap_size=268435456;"
                "PRAGMA temp_store=MEMORY"
            ),
        }
    elif config["ENGINE"] == "django.db.backends.postgresql":
        config["CONN_HEALTH_CHECKS"] = True
        # As long as SQLite waits: who waits longer is told, and nothing is lost.
        config["OPTIONS"] = {"options": "-c lock_timeout=20s", **config.get("OPTIONS", {})}
    else:
        raise ImproperlyConfigured(
            f"{name} must begin with sqlite:// or postgres://; other databases are not supported."
        )
    return config


# ── What this place is ───────────────────────────────────────────────────────────────────────

DEBUG = boolean("DEBUG", default=False)
SECRET_KEY = secret("SECRET_KEY", needed=not DEBUG)
SECRET_KEY_FALLBACKS = words("SECRET_KEY_FALLBACKS")
ALLOWED_HOSTS = words("ALLOWED_HOSTS", default="localhost,127.0.0.1,[::1]" if DEBUG else "")
CSRF_TRUSTED_ORIGINS = words("CSRF_TRUSTED_ORIGINS")

#: Which build this is: part of every cache key, so a new release never serves an old page.
RELEASE = env.str("RELEASE", "development")

#: How far the portal's clock is moved, for a demonstration that stands in the past. Ordinary
#: places leave it at 0. Sign-in, sessions and tokens use the real time in any case.
CLOCK_OFFSET_SECONDS = integer("CLOCK_OFFSET_SECONDS", default=0)

ROOT_URLCONF = "itaportal.urls"
WSGI_APPLICATION = "itaportal.wsgi.application"
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"


# ── Apps and middleware ──────────────────────────────────────────────────────────────────────

INSTALLED_APPS = [
    "accounts",
    "priorities",
    "dashboards",
    "itaportal.apps.PortalConfig",
    "rules",
    "crispy_forms",
    "csp",
    "itaportal.apps.PortalAdminConfig",
    "allauth.account",
    "allauth.mfa",
    "allauth.socialaccount",
    "allauth.socialaccount.providers.openid_connect",
    "allauth.usersessions",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
]

# Sessions, sign-in and messages are read lazily, so a public page touches none of them and
# carries no `Vary: Cookie`.
MIDDLEWARE = [
    "itaportal.middleware.request_id",
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "csp.middleware.CSPMiddleware",
    "django_permissions_policy.PermissionsPolicyMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "accounts.sessions.SessionsEnd",
    "itaportal.second_factor.SecondFactorFirst",
    "itaportal.middleware.Unkeepable",
]

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "itaportal.frame.chrome",
            ],
            "libraries": {
                "preview": "itaportal.preview",
                "ui": "itaportal.ui",
                "uswds": "itaportal.uswds",
            },
        },
    },
]

# The write side names no public page; where an item is shown is decided here.
ABSOLUTE_URL_OVERRIDES = {
    "priorities.division": lambda row: reverse("dashboards:division", args=[row.code]),
    "priorities.plan": lambda row: reverse("dashboards:plan", args=[row.code]),
    "priorities.priority": lambda row: reverse(
        "dashboards:priority", args=[row.plan.code, row.code]
    ),
    "priorities.initiative": lambda row: reverse(
        "dashboards:initiative", args=[row.plan.code, row.code]
    ),
    "priorities.metric": lambda row: reverse("dashboards:metric", args=[row.code]),
}

CRISPY_TEMPLATE_PACK = "uswds"
CRISPY_ALLOWED_TEMPLATE_PACKS = "uswds"
CRISPY_FAIL_SILENTLY = False

# The admin edits a priority together with its initiatives: more fields than the default of 1,000.
DATA_UPLOAD_MAX_NUMBER_FIELDS = 5000


# ── Database and cache ───────────────────────────────────────────────────────────────────────

DATABASES = {"default": database("DATABASE_URL", default="sqlite:///var/portal.sqlite3")}

CACHES = {
    # What all workers must know of each other: how often somebody tried. A table that a migration
    # makes; it is asked at sign-in and by machines only.
    "default": {
        "BACKEND": "django.core.cache.backends.db.DatabaseCache",
        "LOCATION": "shared_cache",
        "OPTIONS": {"MAX_ENTRIES": 20_000},
    },
}

#: How long a worker takes the newest public event as read. What this worker publishes it shows at
#: once, what another publishes after this many seconds at most; a browser keeps a page longer.
REVISION_KEPT_SECONDS = 1

#: How long PostgreSQL may take for one statement of the served portal: as long as nginx waits for
#: an answer. gunicorn ends no request, however long it takes. Commands have no such limit.
STATEMENT_SECONDS = 60


# ── People ───────────────────────────────────────────────────────────────────────────────────

AUTH_USER_MODEL = "accounts.User"
AUTHENTICATION_BACKENDS = [
    "rules.permissions.ObjectPermissionBackend",
    "allauth.account.auth_backends.AuthenticationBackend",
]
_VALIDATION = "django.contrib.auth.password_validation"
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": f"{_VALIDATION}.UserAttributeSimilarityValidator"},
    {"NAME": f"{_VALIDATION}.MinimumLengthValidator", "OPTIONS": {"min_length": 12}},
    {"NAME": f"{_VALIDATION}.CommonPasswordValidator"},
    {"NAME": f"{_VALIDATION}.NumericPasswordValidator"},
]
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "/"
#: Pages of these namespaces are the same for all: they know of no session.
PUBLIC_NAMESPACES = ("dashboards",)

# Accounts are invited; there is no sign-up. An address is changed by an administrator only.
ACCOUNT_ADAPTER = "itaportal.signin.AccountAdapter"
ACCOUNT_USER_MODEL_USERNAME_FIELD = None
ACCOUNT_LOGIN_METHODS = {"email"}
ACCOUNT_SIGNUP_FIELDS = ["email*", "password1*", "password2*"]
ACCOUNT_EMAIL_VERIFICATION = "none"
ACCOUNT_EMAIL_UNKNOWN_ACCOUNTS = False
ACCOUNT_EMAIL_NOTIFICATIONS = True
ACCOUNT_EMAIL_SUBJECT_PREFIX = ""
# The library's own generator would keep each address in a second table, where it outlives a change.
ACCOUNT_PASSWORD_RESET_TOKEN_GENERATOR = "django.contrib.auth.tokens.PasswordResetTokenGenerator"  # noqa: S105 - a class
PASSWORD_RESET_TIMEOUT = 24 * 60 * 60
ACCOUNT_SESSION_REMEMBER = False
ACCOUNT_FORMS = {
    "login": "accounts.forms.SignInForm",
    "reauthenticate": "accounts.forms.PasswordAgainForm",
    "reset_password": "accounts.forms.ForgottenForm",
    "reset_password_from_key": "accounts.forms.NewPasswordForm",
    "change_password": "accounts.forms.ChangePasswordForm",
    "set_password": "accounts.forms.SetPasswordForm",
}
# Tries, for a person, an address and a machine; counted in the shared cache.
ACCOUNT_RATE_LIMITS = {
    # A whole agency may sit behind one address on the day its reminders come.
    "login": "120/m/ip",
    "login_failed": "60/m/ip,5/5m/key",
    "reset_password": "20/m/ip,3/h/key",
    "reset_password_from_key": "60/m/ip",
    "reauthenticate": "10/m/user",
    "change_password": "5/m/user",
    # A form whose author has to sign in again first, kept in a stranger's session.
    "keep_form": "30/h/ip",
}

# The second factor: an app that makes codes, or a passkey; and codes for the day both are lost.
REQUIRE_SECOND_FACTOR = boolean("REQUIRE_SECOND_FACTOR", default=not DEBUG)
MFA_ADAPTER = "itaportal.signin.SecondFactorAdapter"
MFA_SUPPORTED_TYPES = ["totp", "webauthn", "recovery_codes"]
MFA_PASSKEY_LOGIN_ENABLED = True
MFA_ALLOW_UNVERIFIED_EMAIL = True
MFA_TOTP_ISSUER = "ITA Priorities"
MFA_TOTP_TOLERANCE = 1
MFA_FORMS = {
    "authenticate": "accounts.forms.CodeForm",
    "reauthenticate": "accounts.forms.CodeAgainForm",
    "activate_totp": "accounts.forms.ActivateAppForm",
    "add_webauthn": "accounts.forms.AddPasskeyForm",
    "edit_webauthn": "accounts.forms.RenamePasskeyForm",
}

# The City's identity provider, if there is one. Whoever comes from there must have an account.
SOCIALACCOUNT_ADAPTER = "itaportal.signin.IdentityProviderAdapter"
SOCIALACCOUNT_EMAIL_VERIFICATION = "none"
SOCIALACCOUNT_OPENID_CONNECT_URL_PREFIX = "oidc"
OIDC_ISSUER = env.str("OIDC_ISSUER", "").rstrip("/")
SOCIALACCOUNT_PROVIDERS: dict[str, Any] = {}
if OIDC_ISSUER:
    SOCIALACCOUNT_PROVIDERS["openid_connect"] = {
        "APPS": [
            {
                "provider_id": "city",
                "name": env.str("OIDC_NAME", "") or "City account",
                "client_id": env.str("OIDC_CLIENT_ID", ""),
                "secret": env.str("OIDC_CLIENT_SECRET", ""),
                "settings": {"server_url": OIDC_ISSUER},
            }
        ]
    }

# A session ends after so long without a request, and so long after the sign-in in any case.
SESSION_IDLE_MINUTES = integer("SESSION_IDLE_MINUTES", default=60)
SESSION_HOURS = integer("SESSION_HOURS", default=12)
SESSION_COOKIE_AGE = SESSION_HOURS * 60 * 60

#: For how long the link of an invitation works.
INVITATION_DAYS = integer("INVITATION_DAYS", default=7)


# ── Mail ─────────────────────────────────────────────────────────────────────────────────────

_MAIL = mail("EMAIL_URL", default="console://")
EMAIL_BACKEND = _MAIL["EMAIL_BACKEND"]
EMAIL_HOST, EMAIL_PORT = _MAIL["EMAIL_HOST"], _MAIL["EMAIL_PORT"]
EMAIL_HOST_USER, EMAIL_HOST_PASSWORD = _MAIL["EMAIL_HOST_USER"], _MAIL["EMAIL_HOST_PASSWORD"]
EMAIL_USE_TLS, EMAIL_USE_SSL = _MAIL["EMAIL_USE_TLS"], _MAIL["EMAIL_USE_SSL"]
#: A mail server that does not answer holds nobody up for longer.
EMAIL_TIMEOUT = 10
#: Mail of the sign-in goes out in a thread of its own; tests look into it at once.
SEND_MAIL_BESIDE_REQUEST = True
DEFAULT_FROM_EMAIL = SERVER_EMAIL = env.str("MAIL_FROM", "") or "portal@localhost"


# ── Language and time ────────────────────────────────────────────────────────────────────────

USE_I18N = True
LANGUAGE_CODE = "en"
FORMAT_MODULE_PATH = "itaportal.formats"
LANGUAGES = [("en", _("English"))]
LOCALE_PATHS = [BASE_DIR / "locale"]
USE_TZ = True
TIME_ZONE = time_zone("TIME_ZONE", default="America/Los_Angeles")


# ── Static files ─────────────────────────────────────────────────────────────────────────────

STATIC_URL = "/static/"
STATIC_ROOT = Path(env.str("STATIC_ROOT", "") or BASE_DIR / "staticfiles")
STATICFILES_DIRS = [BASE_DIR / "static"]
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {
        "BACKEND": (
            "django.contrib.staticfiles.storage.StaticFilesStorage"
            if DEBUG
            else "whitenoise.storage.CompressedManifestStaticFilesStorage"
        )
    },
}


#: Who tells what is new about an item: the read side, which the sender of mail does not know.
TELLS_NEWS = "itaportal.news.tell"

# ── Security headers ─────────────────────────────────────────────────────────────────────────

#: False only where nothing but plain HTTP is possible: the demonstration on a loopback address.
HTTPS = boolean("HTTPS", default=not DEBUG)
#: True where a proxy that always sets X-Forwarded-Proto and X-Forwarded-For stands in front.
BEHIND_PROXY = boolean("BEHIND_PROXY", default=False)
#: What whole addresses begin with: in mails, in feeds, on paper, and the canonical one of a page.
PORTAL_URL = web_address(
    "PORTAL_URL",
    default=f"http{'s' * HTTPS}://{ALLOWED_HOSTS[0] if ALLOWED_HOSTS else 'localhost'}",
)

SECURE_SSL_REDIRECT = HTTPS
SECURE_REDIRECT_EXEMPT = [r"^healthz$", r"^readyz$"]
SECURE_HSTS_SECONDS = integer("HSTS_SECONDS", default=31_536_000) if HTTPS else 0
SECURE_HSTS_INCLUDE_SUBDOMAINS = HTTPS
SECURE_HSTS_PRELOAD = HTTPS
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if BEHIND_PROXY else None
ALLAUTH_TRUSTED_PROXY_COUNT = 1 if BEHIND_PROXY else 0
SECURE_REFERRER_POLICY = "same-origin"
ACCOUNT_DEFAULT_HTTP_PROTOCOL = "https" if HTTPS else "http"
MFA_WEBAUTHN_ALLOW_INSECURE_ORIGIN = not HTTPS
SESSION_COOKIE_SECURE = HTTPS
CSRF_COOKIE_SECURE = HTTPS
SESSION_COOKIE_HTTPONLY = True
X_FRAME_OPTIONS = "DENY"
CSRF_FAILURE_VIEW = "itaportal.errors.csrf_failure"

# Nothing from another host, nothing inline, nothing evaluated; no nonces, so pages can be cached.
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [NONE],
        "script-src": [SELF],
        "style-src": [SELF],
        "img-src": [SELF],
        "font-src": [SELF],
        "connect-src": [SELF],
        "manifest-src": [SELF],
        # The sign-in sends the browser on to the City's identity provider.
        "form-action": [SELF, *(words("OIDC_ORIGINS") or _origin(OIDC_ISSUER))],
        "frame-ancestors": [NONE],
        "base-uri": [NONE],
        "object-src": [NONE],
        "upgrade-insecure-requests": HTTPS,
    }
}

PERMISSIONS_POLICY: dict[str, list[str]] = {
    feature: []
    for feature in (
        "accelerometer",
        "autoplay",
        "camera",
        "display-capture",
        "encrypted-media",
        "fullscreen",
        "geolocation",
        "gyroscope",
        "magnetometer",
        "microphone",
        "midi",
        "payment",
        "usb",
    )
}


# ── Logs: one JSON object a line, with the request's id ──────────────────────────────────────

LOG_LEVEL = env.str("LOG_LEVEL", "INFO").upper()
if LOG_LEVEL not in {"DEBUG", "INFO", "WARNING", "ERROR", "CRITICAL"}:
    raise ImproperlyConfigured(
        f"LOG_LEVEL must be DEBUG, INFO, WARNING, ERROR or CRITICAL, not {LOG_LEVEL!r}."
    )
LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {
        "json": {"()": "itaportal.logging.JsonFormatter"},
        "plain": {"format": "%(levelname)s %(name)s: %(message)s"},
    },
    "handlers": {
        "stderr": {
            "class": "logging.StreamHandler",
            "formatter": "plain" if DEBUG else "json",
        },
    },
    "root": {"handlers": ["stderr"], "level": LOG_LEVEL},
    "loggers": {
        # Django's own handlers (mail to admins, colored console) give way to ours.
        "django": {"handlers": [], "level": LOG_LEVEL, "propagate": True},
        "django.server": {"handlers": [], "level": LOG_LEVEL, "propagate": True},
        # Every 404 of a stranger is not a warning of ours; the access line has it.
        "django.request": {"level": "ERROR"},
    },
}
