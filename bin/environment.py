"""The virtual environment in .venv: made once, filled from a lock with hashes, reused after.

`python bin/environment.py` fills it for development, `--production` for serving only. Stdlib only.
"""

import hashlib
import os
import shutil
import subprocess
import sys
from pathlib import Path
from typing import NoReturn

ROOT = Path(__file__).resolve().parent.parent
VENV = ROOT / ".venv"
VAR = ROOT / "var"
PYTHON = VENV / "bin" / "python"
#: What pyproject.toml asks for, as it is imported. A package can be lost though pip counts it.
PACKAGES = (
    *("allauth", "brotli", "crispy_forms", "csp", "django", "django_permissions_policy"),
    *("environs", "gunicorn", "markdown_it", "nh3", "psycopg2", "python_calamine", "rules"),
    *("typst", "whitenoise", "xlsxwriter"),
)


def stop(sentence: str) -> NoReturn:
    """End with one clear sentence and no traceback."""
    sys.exit(f"\n{sentence}")


def ensure(*, development: bool) -> None:
    """Afterwards .venv holds exactly what the lock says. Asks no network when it already does."""
    VAR.mkdir(exist_ok=True)
    lock = ROOT / ("requirements-dev.txt" if development else "requirements.txt")
    _ensure_venv()
    stamp = VENV / f".filled-from-{lock.name}"
    if stamp.exists() and stamp.read_text() == _fingerprint(lock):
        if not (lost := _lost()):
            return
        print(f"The environment in .venv has lost {lost}; making it anew.", flush=True)
        _remove_venv()
        _ensure_venv()
    print(f"Installing the packages of {lock.name} into .venv ...", flush=True)
    log = VAR / "install.log"
    command = [str(PYTHON), "-m", "pip", "install", "--disable-pip-version-check", "--no-input"]
    with log.open("w") as out:
        done = subprocess.run(
            [*command, "--quiet", "--require-hashes", "-r", str(lock)],
            cwd=ROOT,
            stdout=out,
            stderr=subprocess.STDOUT,
            check=False,
        )
    if done.returncode:
        print(log.read_text()[-2000:], file=sys.stderr)
        stop(
            "The packages could not be installed (above: the end of var/install.log). "
            "Check the network and try again; if it persists, remove .venv first."
        )
    if lost := _lost():
        stop(f"The environment in .venv has lost {lost}. Remove .venv and try again.")
    for old in VENV.glob(".filled-from-*"):
        old.unlink()
    stamp.write_text(_fingerprint(lock))
    if development:  # the development lock contains the production one
        production = ROOT / "requirements.txt"
        (VENV / f".filled-from-{production.name}").write_text(_fingerprint(production))


def _ensure_venv() -> None:
    """Make .venv unless a working one of a supported Python is there."""
    if _works():
        return
    if VENV.exists():
        print("The environment in .venv does not work any more; making it anew.", flush=True)
        _remove_venv()
    made = subprocess.run(
        [sys.executable, "-m", "venv", str(VENV)], capture_output=True, text=True, check=False
    )
    if made.returncode or not _works():
        shutil.rmtree(VENV, ignore_errors=True)
        stop(
            f"{sys.executable} cannot make a virtual environment. On Debian or Ubuntu install its "
            "venv package (for example: apt-get install python3-venv), then try again."
        )


def _works() -> bool:
    """There is a .venv, its Python starts and has pip."""
    if not PYTHON.exists():
        return False
    probe = [str(PYTHON), "-c", "import pip, sys; sys.exit(not (3, 11) <= sys.version_info[:2])"]
    try:
        return subprocess.run(probe, capture_output=True, check=False).returncode == 0
    except OSError:
        return False


def _remove_venv() -> None:
    """Remove .venv; of a link to an environment elsewhere only the link."""
    if VENV.is_symlink():
        VENV.unlink()
    else:
        shutil.rmtree(VENV)


def _lost() -> str:
    """The packages that the environment should have and does not find; none are imported."""
    probe = (
        "import sys; from importlib.util import find_spec; "
        "print(*(name for name in sys.argv[1:] if not (found := find_spec(name)) "
        "or not found.origin), sep=', ')"  # the empty folder of a package has no origin
    )
    found = subprocess.run(
        [str(PYTHON), "-c", probe, *PACKAGES], capture_output=True, text=True, check=False
    )
    return found.stdout.strip()


def _fingerprint(lock: Path) -> str:
    """Changes when the lock does, or the Python that the packages were chosen for."""
    home = (VENV / "pyvenv.cfg").read_bytes()
    return hashlib.sha256(lock.read_bytes() + home).hexdigest()


def in_environment(**extra: str) -> dict[str, str]:
    """The variables for a command of the environment: .venv first, plus `extra`."""
    path = os.pathsep.join([str(VENV / "bin"), os.environ.get("PATH", "")])
    return {**os.environ, "PATH": path, "VIRTUAL_ENV": str(VENV), **extra}


if __name__ == "__main__":
    ensure(development="--production" not in sys.argv[1:])
