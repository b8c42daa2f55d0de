"""For the container's health check: exit 0 when the portal says that it is ready to serve."""

import os
import sys
import urllib.error
import urllib.request

allowed = os.environ.get("ALLOWED_HOSTS", "").split(",")
host = allowed[0].strip().lstrip(".*") or "localhost"
port = os.environ.get("BIND", "127.0.0.1:8000").rsplit(":", 1)[-1]
request = urllib.request.Request(f"http://127.0.0.1:{port}/readyz", headers={"Host": host})
try:
    with urllib.request.urlopen(request, timeout=4) as answer:
        sys.exit(answer.status != 200)
except (urllib.error.URLError, OSError) as error:
    sys.exit(str(error))
