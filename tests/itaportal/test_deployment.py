"""The files that put the portal on a server agree with the settings and with each other."""

import itertools
import os
import re
import shutil
import subprocess
from pathlib import Path
from typing import Any

import pytest
import yaml
from django.conf import settings

from tests.itaportal.proxy import nginx, rendered

ROOT = Path(settings.BASE_DIR)
COMPOSE = ROOT / "docker-compose.yml"
EXAMPLE = ROOT / ".env.example"

#: What the two files read with their own means, beside the settings.
SERVER_ONLY = {"BIND", "WEB_CONCURRENCY"}
COMPOSE_ONLY = {
    "POSTGRES_PASSWORD",
    "SERVER_NAME",
    "HTTP_PORT",
    "HTTPS_PORT",
    "CERTIFICATES_FOLDER",
}


def explained() -> dict[str, str]:
    """Each variable of .env.example with its value."""
    lines = EXAMPLE.read_text().splitlines()
    return dict(line.split("=", 1) for line in lines if re.match(r"[A-Z_]+=", line))


def read_by_settings() -> set[str]:
    """Each variable that settings.py reads through a helper."""
    source = (ROOT / "itaportal" / "settings.py").read_text()
    helpers = r"(?:boolean|integer|words|secret|time_zone|web_address|mail|database|env\.str)"
    return set(re.findall(helpers + r'\(\s*"([A-Z_]+)"', source))


def compose() -> dict[str, Any]:
    loaded: dict[str, Any] = yaml.safe_load(COMPOSE.read_text())
    return loaded


def test_each_setting_is_explained_and_nothing_else() -> None:
    assert len(read_by_settings()) > 10
    assert set(explained()) == read_by_settings() | SERVER_ONLY | COMPOSE_ONLY


def test_each_variable_has_a_comment_above_it() -> None:
    lines = EXAMPLE.read_text().splitlines()
    bare = [
        line
        for before, line in itertools.pairwise(lines)
        if re.match(r"[A-Z_]+=", line)
        and not before.startswith("#")
        and not re.match(r"[A-Z_]+=", before)
    ]
    assert bare == []


def test_gunicorn_reads_what_is_explained() -> None:
    source = (ROOT / "deploy" / "gunicorn.conf.py").read_text()
    read = set(re.findall(r'environ\.get\("([A-Z_]+)"', source))
    assert read == SERVER_ONLY | {"LOG_LEVEL"}


def test_compose_uses_only_explained_variables() -> None:
    used = set(re.findall(r"\$\{([A-Z_]+)", COMPOSE.read_text()))
    assert used <= set(explained())
    assert used >= COMPOSE_ONLY


#: Settings that compose leaves out, and why.
NOT_PASSED = {
    "STATIC_ROOT": "the image gathers the static files where the proxy's image takes them from",
}


def test_compose_gives_the_portal_every_setting() -> None:
    for service in ("web", "migrate"):
        given = compose()["services"][service]["environment"]
        assert read_by_settings() - set(given) == set(NOT_PASSED), service


def test_compose_passes_a_setting_under_its_own_name() -> None:
    fixed = {"DEBUG": "false", "HTTPS": "true", "BEHIND_PROXY": "true"}
    given = compose()["services"]["web"]["environment"]
    passed = {
        name: value
        for name, value in given.items()
        if not re.match(rf"\$\{{{name}:[-?]", value) and name != "DATABASE_URL"
    }
    assert passed == fixed


def test_no_file_holds_a_secret() -> None:
    assert {explained()[name] for name in ("SECRET_KEY", "POSTGRES_PASSWORD")} == {""}
    for service in compose()["services"].values():
        for name, value in service.get("environment", {}).items():
            if re.search(r"SECRET|PASSWORD", name):
                assert value.startswith("${")


@pytest.mark.parametrize(
    "name", ["SECRET_KEY", "POSTGRES_PASSWORD", "ALLOWED_HOSTS", "SERVER_NAME"]
)
def test_compose_refuses_to_start_without(name: str) -> None:
    assert f"${{{name}:?{name} is not set." in COMPOSE.read_text()


def test_the_portal_waits_for_its_database_and_its_migrations() -> None:
    services = compose()["services"]
    assert services["migrate"]["depends_on"]["database"]["condition"] == "service_healthy"
    assert services["migrate"]["restart"] == "no"
    needed = services["web"]["depends_on"]
    assert needed["migrate"]["condition"] == "service_completed_successfully"
    assert services["proxy"]["depends_on"]["web"]["condition"] == "service_healthy"


def test_only_the_proxy_is_open_to_the_world() -> None:
    services = compose()["services"]
    assert [name for name, service in services.items() if "ports" in service] == ["proxy"]
    assert compose()["networks"]["inside"] == {"internal": True}
    for name in ("web", "migrate", "proxy"):
        assert (services[name]["read_only"], services[name]["cap_drop"]) == (True, ["ALL"])


def test_the_images_run_as_ordinary_users() -> None:
    stages = (ROOT / "Dockerfile").read_text().split("\nFROM ")
    users = [re.findall(r"^USER (\S+)", stage, re.MULTILINE) for stage in stages]
    assert users == [[], [], ["10001"], ["www-data"]]


def test_everything_the_image_copies_is_let_in() -> None:
    allowed = set(re.findall(r"^!(\S+)", (ROOT / ".dockerignore").read_text(), re.MULTILINE))
    copied = re.findall(r"^COPY (?!--from)(\S+)", (ROOT / "Dockerfile").read_text(), re.MULTILINE)
    assert {path.split("/")[0] for path in copied} == allowed
    assert [path for path in copied if not (ROOT / path).exists()] == []


def test_nginx_accepts_its_configuration(tmp_path: Path) -> None:
    command = [nginx(), "-t", "-q", "-c", str(rendered(tmp_path))]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert (done.returncode, done.stderr) == (0, "")


def test_the_proxy_fills_in_every_name_of_its_configuration() -> None:
    text = (ROOT / "deploy" / "nginx.conf.template").read_text()
    script = (ROOT / "deploy" / "start-proxy").read_text()
    listed = re.search(r"envsubst '([^']+)'", script)
    assert listed
    filled = set(re.findall(r"\$\{([A-Z_]+)\}", listed[1]))
    assert filled == set(re.findall(r"\$\{([A-Z_]+)\}", text)) - {"NAMES"}
    given = set(compose()["services"]["proxy"]["environment"])
    assert filled - {"CERTIFICATES", "PUBLIC_HTTPS"} <= given


@pytest.mark.parametrize(
    ("port", "leads_to"),
    [
        ("443", "https://priorities.example.org"),
        ("8443", "https://priorities.example.org:8443"),
        ("127.0.0.1:8443", "https://priorities.example.org:8443"),
    ],
)
def test_plain_http_leads_to_the_port_that_is_open(
    tmp_path: Path, port: str, leads_to: str
) -> None:
    """The script as the image runs it, with a program in the place of nginx that does nothing."""
    if not shutil.which("envsubst"):
        pytest.skip("install envsubst (Debian: gettext-base)")
    (tmp_path / "nginx").symlink_to("/bin/true")
    for name in ("portal.crt", "portal.key"):
        (tmp_path / name).write_text("made up")
    given = compose()["services"]["proxy"]["environment"]
    here = {
        "SERVER_NAME": "priorities.example.org",
        "PUBLIC_PORT": port,
        "RELEASE": "a1b2c3d",
        "RUN": str(tmp_path),
        "CERTIFICATES": str(tmp_path),
        "TEMPLATE": str(ROOT / "deploy" / "nginx.conf.template"),
        "PATH": f"{tmp_path}:{os.environ['PATH']}",
    }
    subprocess.run([ROOT / "deploy" / "start-proxy"], env=given | here, check=True)
    filled = (tmp_path / "nginx.conf").read_text()
    assert f"return 301 {leads_to}$request_uri;" in filled
    assert 'proxy_cache_key "a1b2c3d $http_host' in filled
    assert re.findall(r"\$\{(?!NAMES)", filled) == []
