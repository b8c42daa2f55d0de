"""Every linter, one after the other; all findings are shown before the end says which failed."""

import os
import subprocess
import sys

from environment import ROOT, in_environment

#: In CI nothing is left out, not even what needs Node and a download.
REQUIRE_ALL = os.environ.get("REQUIRE_ALL", "") not in ("", "0", "false")
TEMPLATES = ["git", "ls-files", "-z", "templates/*.html", "templates/**/*.html"]


def main() -> int:
    """0 when nothing was found."""
    failed = [name for name, command in _linters() if not _clean(name, command)]
    if not REQUIRE_ALL and not (ROOT / "node_modules").exists():
        print("style sheet: left out; `make css` once lets it be compared with its sources")
    print(f"\nLint: {'failed: ' + ', '.join(failed) if failed else 'nothing to say.'}")
    return len(failed)


def _linters() -> list[tuple[str, list[str]]]:
    """What is run, by name."""
    listed = subprocess.run(TEMPLATES, cwd=ROOT, capture_output=True, text=True, check=True)
    templates = sorted(set(listed.stdout.split("\0")) - {""})
    linters = [
        ("ruff check", ["ruff", "check", "--quiet", "."]),
        ("ruff format", ["ruff", "format", "--quiet", "--check", "."]),
        ("mypy", ["mypy"]),
        ("import-linter", ["lint-imports", "--no-cache"]),
    ]
    if REQUIRE_ALL or (ROOT / "node_modules").exists():
        linters.append(("style sheet", ["bin/css", "--check"]))
    if templates:
        linters.append(("djade", ["djade", "--check", "--target-version", "5.2", *templates]))
    return linters


def _clean(name: str, command: list[str]) -> bool:
    """Run one; its output appears only when it found something."""
    done = subprocess.run(
        command, cwd=ROOT, env=in_environment(), capture_output=True, text=True, check=False
    )
    print(f"{name}: {'clean' if done.returncode == 0 else 'FOUND'}", flush=True)
    if done.returncode:
        print(done.stdout + done.stderr, flush=True)
    return done.returncode == 0


if __name__ == "__main__":
    sys.exit(main())
