"""The proxy's configuration, filled in for tests."""

import os
import re
import shutil
import subprocess
from pathlib import Path

import pytest
from django.conf import settings

ROOT = Path(settings.BASE_DIR)


def rendered(folder: Path, **names: str) -> Path:
    """The proxy's configuration with its names filled in, and a certificate beside it."""
    values = {
        "SERVER_NAME": "localhost",
        "UPSTREAM": "127.0.0.1:8000",
        "CERTIFICATES": str(folder),
        "STATIC_ROOT": str(folder / "static"),
        "CACHE": str(folder / "cache"),
        "RELEASE": "a1b2c3d",
        "RUN": str(folder),
        "HTTP_PORT": "127.0.0.1:8080",
        "HTTPS_PORT": "127.0.0.1:8443",
        "PUBLIC_HTTPS": "https://localhost",
        **names,
    }
    text = (ROOT / "deploy" / "nginx.conf.template").read_text()
    assert set(re.findall(r"\$\{([A-Z_]+)\}", text)) - {"NAMES"} == set(values)
    for name, value in values.items():
        text = text.replace(f"${{{name}}}", value)
    subprocess.run(
        [
            *("openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "1"),
            *("-subj", "/CN=localhost"),
            *("-keyout", folder / "portal.key", "-out", folder / "portal.crt"),
        ],
        check=True,
        capture_output=True,
    )
    path = folder / "nginx.conf"
    path.write_text(text)
    return path


def nginx() -> str:
    """The path of nginx with its Brotli module; the test is skipped where it is missing."""
    path = shutil.which("nginx", path=os.environ.get("PATH", "") + ":/usr/sbin:/usr/local/sbin")
    if not path or not Path("/usr/lib/nginx/modules/ngx_http_brotli_static_module.so").exists():
        pytest.skip("install nginx and its module (Debian: libnginx-mod-http-brotli-static)")
    return path
