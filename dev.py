"""The two commands of the README: `python3 dev.py start` and `python3 dev.py test`.

Only the standard library: this runs before anything of ours is installed.
"""

import hashlib
import os
import shutil
import subprocess
import sys
import time
import venv
from collections.abc import Sequence
from pathlib import Path

ROOT = Path(__file__).resolve().parent
VENV = ROOT / ".venv"
BIN = VENV / ("Scripts" if os.name == "nt" else "bin")
RUNTIME, TESTS = "requirements.txt", "requirements-dev.txt"
BROWSERS = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
CHECKS = (
    ("Formatting", ("ruff", "format", "--check", "--quiet", ".")),
    ("Lint", ("ruff", "check", "--quiet", ".")),
    ("Types", ("mypy", "--no-error-summary")),
    ("Import table", ("lint-imports",)),
    ("Tests and journeys", ("pytest", "-q", "-n", "2", "--dist", "loadgroup")),
)


def main(words: Sequence[str]) -> int:
    if not (3, 11) <= sys.version_info[:2] <= (3, 13):
        sys.exit("Python 3.11, 3.12 or 3.13 is needed; this is " + sys.version.split()[0] + ".")
    match list(words):
        case ["start", *more]:
            return start(more)
        case ["test", *more]:
            return test(more)
    sys.exit("Say `python3 dev.py start` or `python3 dev.py test`.")


def start(more: Sequence[str]) -> int:
    """The console at http://localhost:8501, on the embedded simulator unless told otherwise."""
    install(RUNTIME)
    return run([str(BIN / "streamlit"), "run", "app.py", *more])


def test(more: Sequence[str]) -> int:
    """Everything that must hold; more words go to pytest."""
    install(RUNTIME, TESTS)
    provide_browser()
    for title, (tool, *rest) in CHECKS:
        began = time.monotonic()
        print(f"== {title}", flush=True)
        if code := run([str(BIN / tool), *rest, *(more if tool == "pytest" else ())]):
            print(f"{title} failed.")
            return code
        print(f"   {time.monotonic() - began:.0f} s", flush=True)
    return 0


def install(*files: str) -> None:
    """What these files pin, into .venv; nothing to do when it is there already."""
    wanted = hashlib.sha256(b"".join((ROOT / it).read_bytes() for it in files)).hexdigest()
    stamp = VENV / f"installed-{len(files)}"
    if stamp.exists() and stamp.read_text() == wanted + sys.version:
        return
    print("Installing what the console needs into .venv; this takes a minute.", flush=True)
    try:
        venv.create(VENV, with_pip=True, clear=False)
    except subprocess.CalledProcessError:
        sys.exit("Python can't make a virtual environment here: install the package python3-venv.")
    pip = [str(BIN / "python"), "-m", "pip", "install", "--quiet", "--disable-pip-version-check"]
    if run([*pip, *(word for it in files for word in ("-r", it))]):
        sys.exit("The packages could not be installed: see the lines above.")
    stamp.write_text(wanted + sys.version)


def provide_browser() -> None:
    """Chromium for the journeys: there already, or from Debian's packages where we may."""
    if any(shutil.which(it) for it in BROWSERS):
        return
    may = os.name == "posix" and hasattr(os, "geteuid") and os.geteuid() == 0
    if not (may and shutil.which("apt-get")):
        sys.exit("The journeys need a browser: install the package chromium.")
    print("Installing Chromium for the journeys.", flush=True)
    quiet = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
    for step in (["update"], ["install", "-y", "--no-install-recommends", "chromium"]):
        if run(["apt-get", "-qq", *step], quiet):
            sys.exit("The journeys need a browser, and apt-get could not install chromium.")


def run(command: Sequence[str], environment: dict[str, str] | None = None) -> int:
    try:
        return subprocess.run(command, cwd=ROOT, env=environment, check=False).returncode
    except KeyboardInterrupt:
        return 130


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
