"""Settings come from the environment; a mistake there names its variable and the remedy."""

import datetime as dt
import os
import subprocess
import sys
from pathlib import Path

import pytest
from django.conf import settings
from django.db import connection
from django.utils.formats import date_format

ROOT = Path(settings.BASE_DIR)
PRODUCTION = {
    "SECRET_KEY": "Zb5r8vQm1xT7uWc3" * 4,
    "ALLOWED_HOSTS": "priorities.example.org",
    "PATH": os.environ["PATH"],
}


def run(code: str, **env: str) -> subprocess.CompletedProcess[str]:
    """Run Python under the real settings with only these variables in the environment."""
    return subprocess.run(
        [sys.executable, "-W", "error", "-c", code],
        cwd=ROOT,
        env={"DJANGO_SETTINGS_MODULE": "itaportal.settings", **env},
        capture_output=True,
        text=True,
        check=False,
    )


def refusal(**env: str) -> str:
    """The last line that the settings say under `env`; they must refuse."""
    done = run("import itaportal.settings", **env)
    assert done.returncode == 1
    return done.stderr.strip().splitlines()[-1].partition("ImproperlyConfigured: ")[2]


def setting(expression: str, **env: str) -> str:
    """What `expression` over the settings module `s` is under `env`."""
    done = run(f"import itaportal.settings as s; print({expression})", **env)
    assert done.returncode == 0, done.stderr
    return done.stdout.strip()


@pytest.mark.parametrize(
    ("variable", "value", "says"),
    [
        ("DEBUG", "treu", "DEBUG must be true or false, not 'treu'."),
        ("HTTPS", "maybe", "HTTPS must be true or false, not 'maybe'."),
        ("CLOCK_OFFSET_SECONDS", "1h", "CLOCK_OFFSET_SECONDS must be a whole number, not '1h'."),
        ("HSTS_SECONDS", "a year", "HSTS_SECONDS must be a whole number, not 'a year'."),
        ("TIME_ZONE", "Los Angeles", "TIME_ZONE must name a time zone"),
        ("DATABASE_URL", "mysql://x/y", "DATABASE_URL must begin with sqlite:// or postgres://"),
        ("DATABASE_URL", "portal.sqlite3", "DATABASE_URL is not a database URL."),
        ("EMAIL_URL", "mail.example.org", "EMAIL_URL is not a mail URL."),
        ("EMAIL_URL", "pigeon://mail.example.org", "EMAIL_URL is not a mail URL."),
        ("LOG_LEVEL", "LOUD", "LOG_LEVEL must be DEBUG, INFO, WARNING, ERROR or CRITICAL"),
    ],
)
def test_a_mistake_names_its_variable(variable: str, value: str, says: str) -> None:
    assert refusal(**{**PRODUCTION, variable: value}).startswith(says)


def test_production_needs_a_secret_and_says_how_to_make_one() -> None:
    said = refusal(PATH=PRODUCTION["PATH"])
    assert said.startswith("SECRET_KEY is not set.")
    assert "secrets.token_urlsafe(50)" in said


def test_development_needs_no_secret() -> None:
    assert setting("len(s.SECRET_KEY) >= 50, s.ALLOWED_HOSTS, s.HTTPS", DEBUG="true") == (
        "True ['localhost', '127.0.0.1', '[::1]'] False"
    )


def test_nothing_is_served_to_unnamed_hosts() -> None:
    assert setting("s.ALLOWED_HOSTS, s.DEBUG", SECRET_KEY=PRODUCTION["SECRET_KEY"]) == "[] False"


def test_production_passes_the_deployment_check_without_a_remark() -> None:
    done = subprocess.run(
        [sys.executable, "manage.py", "check", "--deploy", "--fail-level", "WARNING"],
        cwd=ROOT,
        env=PRODUCTION,
        capture_output=True,
        text=True,
        check=False,
    )
    assert (done.returncode, done.stdout) == (
        0,
        "System check identified no issues (0 silenced).\n",
    ), done.stderr


def test_postgresql_keeps_its_connections_and_checks_them() -> None:
    url = "postgres://portal:p%40ss@db:5432/portal"
    fields = "'ENGINE', 'HOST', 'PASSWORD', 'CONN_MAX_AGE', 'CONN_HEALTH_CHECKS'"
    told = setting(
        f"[s.DATABASES['default'][k] for k in ({fields})]", **PRODUCTION, DATABASE_URL=url
    )
    assert told == "['django.db.backends.postgresql', 'db', 'p@ss', 60, True]"


@pytest.mark.django_db
@pytest.mark.skipif(
    connection.vendor != "postgresql", reason="PostgreSQL only; the PostgreSQL run has it"
)
def test_a_statement_of_the_served_portal_ends_and_one_of_a_command_may_take_its_time(
    tmp_path: Path,
) -> None:
    server = os.environ["TEST_DATABASE_URL"].rpartition("/")[0]
    url = f"{server}/{connection.settings_dict['NAME']}"
    env = PRODUCTION | {"DATABASE_URL": url, "STATIC_ROOT": str(tmp_path)}
    ask = (
        "import django; django.setup(); from django.db import connection; "
        "cursor = connection.cursor(); cursor.execute('SHOW statement_timeout'); "
        "print(*cursor.fetchone())"
    )
    for door, limit in {"import itaportal.wsgi; ": "1min\n", "": "0\n"}.items():
        done = run(door + ask, **env)
        assert (done.stdout, done.returncode) == (limit, 0), done.stderr


def test_a_relative_sqlite_path_is_within_the_project_wherever_one_stands() -> None:
    told = setting("s.DATABASES['default']['NAME']", **PRODUCTION)
    assert told == str(ROOT / "var" / "portal.sqlite3")


@pytest.mark.django_db
@pytest.mark.skipif(connection.vendor != "sqlite", reason="SQLite only; the SQLite run has it")
def test_sqlite_is_tuned_as_measured() -> None:
    with connection.cursor() as cursor:
        told = {
            name: cursor.execute(f"PRAGMA {name}").fetchone()[0]
            for name in ("synchronous", "cache_size", "busy_timeout", "foreign_keys")
        }
    assert told == {
        "synchronous": 1,
        "cache_size": -65536,
        "busy_timeout": 20000,
        "foreign_keys": 1,
    }
    assert settings.DATABASES["default"]["OPTIONS"]["transaction_mode"] == "IMMEDIATE"


def test_psycopg_3_is_not_installed_where_it_would_silently_win() -> None:
    done = run("import psycopg", **PRODUCTION)
    assert "No module named 'psycopg'" in done.stderr


@pytest.mark.parametrize("lock", ["requirements.txt", "requirements-dev.txt"])
def test_a_lock_pins_with_hashes_and_names_no_host(lock: str) -> None:
    lines = (ROOT / lock).read_text().splitlines()
    assert not [line for line in lines if "://" in line or "index-url" in line]
    pins = [line for line in lines if "==" in line and not line.lstrip().startswith("#")]
    assert len(pins) > 15
    assert all(line.rstrip().endswith("\\") for line in pins)


def test_a_mail_url_is_taken_apart() -> None:
    url = "submission://portal:p%40ss@mail.example.org"
    parts = "s.EMAIL_HOST, s.EMAIL_PORT, s.EMAIL_HOST_PASSWORD, s.EMAIL_USE_TLS"
    expected = "('mail.example.org', 587, 'p@ss', True)"
    assert setting(f"({parts})", **PRODUCTION, EMAIL_URL=url) == expected


def test_without_a_mail_server_mail_is_written_out() -> None:
    assert setting("s.EMAIL_BACKEND", **PRODUCTION).endswith("console.EmailBackend")


@pytest.mark.parametrize(
    ("env", "origins"),
    [
        ({}, []),
        ({"OIDC_ISSUER": "https://id.example.org/realm/"}, ["https://id.example.org"]),
        (
            {"OIDC_ISSUER": "https://id.example.org", "OIDC_ORIGINS": "https://a.example.org"},
            ["https://a.example.org"],
        ),
    ],
)
def test_the_sign_in_leads_to_the_identity_provider_only(
    env: dict[str, str], origins: list[str]
) -> None:
    allowed = setting("s.CONTENT_SECURITY_POLICY['DIRECTIVES']['form-action']", **PRODUCTION, **env)
    assert allowed == str(["'self'", *origins])


def test_production_requires_a_second_factor() -> None:
    assert setting("s.REQUIRE_SECOND_FACTOR", **PRODUCTION) == "True"


def test_the_framework_writes_dates_as_the_portal_does() -> None:
    moment = dt.datetime(2022, 12, 31, 9, 5)
    assert date_format(moment.date()) == "31 Dec 2022"
    assert date_format(moment, "DATETIME_FORMAT") == "31 Dec 2022, 09:05"
