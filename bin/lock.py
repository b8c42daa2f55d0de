"""Pin what pyproject.toml asks for: one lock for serving, one that adds the developers' tools.

The locks hold for Python 3.11 and later on any system, carry hashes, and name no package host.
"""

import subprocess

from environment import ROOT, in_environment

COMMON = [
    "uv",
    "pip",
    "compile",
    "--quiet",
    "--universal",
    "--python-version",
    "3.11",
    "--generate-hashes",
    "--no-emit-index-url",
    "--custom-compile-command",
    "make lock",
    "pyproject.toml",
]

for extra in (
    ["--output-file", "requirements.txt"],
    [
        "--group",
        "dev",
        "--constraints",
        "requirements.txt",
        "--output-file",
        "requirements-dev.txt",
    ],
):
    subprocess.run([*COMMON, *extra], cwd=ROOT, env=in_environment(), check=True)
