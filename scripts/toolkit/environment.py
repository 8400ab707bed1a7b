"""The project's own virtual environment: made on first use, found again at once after that.

Needs nothing but Python 3.10 or later with its venv module, so that a fresh clone runs without a
step before.
"""

import hashlib
import importlib.util
import os
import shutil
import subprocess
import sys
from pathlib import Path

from . import locks, package_failures
from .errors import fail

ROOT = Path(__file__).resolve().parents[2]
BUILD = ROOT / "build"

_VENV = ROOT / ".venv"
_PYTHON = _VENV / ("Scripts/python.exe" if os.name == "nt" else "bin/python")
_INSTALLING = _VENV / "installing"  # stays behind when pip is ended in the middle of its work
_LOCK = BUILD / "environment.lock"
_WAITING = "Waiting for another script that sets up the Python environment ..."
_LOG = BUILD / "environment.log"
_REENTRY_MARK = "PROJECT_ENVIRONMENT_ENTERED"
_MINIMUM_PYTHON = (3, 10)

# What a folder's requirements.txt lists is all that is installed, and pip compares each package with
# its hash (scripts/lock.py makes the lists). Device libraries are listed apart: they would otherwise bring along a hardware abstraction for computers that nothing here
# uses.
_REQUIREMENT_FILES = (
    ("requirements.txt", ()),
    ("requirements-without-dependencies.txt", ("--no-deps",)),
)


def ensure(tests=False, benchmark=False):
    """Makes sure that the script runs in the project's virtual environment with the pinned
    packages.

    Creates or completes .venv first if need be (showing progress), then starts the script again
    inside it. Returns when the script runs there. `tests` adds what the test suite needs,
    `benchmark` the servers that bench.py compares with (the tests need them too). On failure: one
    line on stderr, exit code 1.
    """
    if sys.version_info < _MINIMUM_PYTHON:
        fail(f"Python 3.10 or later is needed; this is {sys.version.split()[0]}.")
    folders = [ROOT / "scripts"]
    if benchmark or tests:
        folders.append(ROOT / "scripts" / "benchmark")
    if tests:
        folders.append(ROOT / "tests")
    if any(not _is_installed(folder) for folder in folders):
        try:
            BUILD.mkdir(exist_ok=True)
            with locks.held(_LOCK, _WAITING):
                _install(folders)
        except OSError as error:
            fail(f"The Python environment could not be set up: {error}")
        except KeyboardInterrupt:
            fail("Interrupted; run it again to go on.")
    if Path(sys.prefix).resolve() != _VENV.resolve():
        _restart_inside()


def _restart_inside():
    if os.environ.get(_REENTRY_MARK) == str(_PYTHON):
        fail(f"{_VENV} is damaged; delete it and run the script again.")
    os.environ[_REENTRY_MARK] = str(_PYTHON)
    command = [str(_PYTHON), *sys.argv]
    sys.stdout.flush()
    if os.name != "nt":
        os.execv(command[0], command)
    try:
        sys.exit(subprocess.call(command))
    except KeyboardInterrupt:
        sys.exit(0)


def _fingerprint(folder):
    digest = hashlib.sha256()
    for name, _ in _REQUIREMENT_FILES:
        path = folder / name
        digest.update(path.read_bytes() if path.exists() else b"")
        digest.update(b"\0")
    return digest.hexdigest()


def _stamp(folder):
    return _VENV / f"installed-{folder.name}.sha256"


def _is_installed(folder):
    try:
        return _stamp(folder).read_text() == _fingerprint(folder) and _PYTHON.exists()
    except OSError:
        return False


def _install(folders):
    missing = [folder for folder in folders if not _is_installed(folder)]
    if not missing:
        return  # another script did it while this one waited
    with _Progress() as progress:
        if _INSTALLING.exists() or not _works():
            progress.show("creating the Python environment")
            _create()
        for folder in missing:
            for name, options in _REQUIREMENT_FILES:
                if (folder / name).exists():
                    _INSTALLING.touch()
                    _install_packages(folder / name, options, progress)
                    _INSTALLING.unlink()
            _stamp(folder).write_text(_fingerprint(folder))


def _works():
    """Whether .venv has a Python that starts and a pip: not so after an interrupted creation or a
    system upgrade."""
    if not _PYTHON.exists():
        return False
    check = subprocess.run([_PYTHON, "-c", "import pip"], capture_output=True, check=False)
    return check.returncode == 0


def _create():
    if importlib.util.find_spec("ensurepip") is None or importlib.util.find_spec("venv") is None:
        version = "{}.{}".format(*sys.version_info)
        fail(
            "Python's venv module is incomplete here; install it first "
            f"(Debian, Ubuntu: apt install python{version}-venv)."
        )
    shutil.rmtree(_VENV, ignore_errors=True)
    made = subprocess.run(
        [sys.executable, "-m", "venv", str(_VENV)], capture_output=True, text=True, check=False
    )
    if made.returncode != 0:
        lines = (made.stdout + made.stderr).strip().splitlines() or ["no reason given"]
        fail(f"The Python environment could not be created: {lines[-1]}")


def _install_packages(requirements, options, progress):
    command = [_PYTHON, "-m", "pip", "install", "--disable-pip-version-check", "--no-input"]
    command += ["--progress-bar", "off", *options, "-r", str(requirements)]
    lines = []
    with subprocess.Popen(
        command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, errors="replace"
    ) as pip:
        for line in pip.stdout:
            lines.append(line)
            words = line.split()
            if len(words) > 1 and words[0] in (
                "Collecting",
                "Processing",
                "Downloading",
                "Building",
            ):
                progress.show(f"{words[0].lower()} {words[1].rpartition('/')[2]}")
            elif line.startswith("Installing collected packages"):
                progress.show(f"installing {line.count(',') + 1} packages")
    if pip.returncode != 0:
        _INSTALLING.unlink()
        _LOG.write_text("".join(lines))
        progress.end()
        reason = package_failures.reason("".join(lines))
        fail(f"Python packages could not be installed: {reason} (details: {_LOG})")


class _Progress:
    """One line that changes on a terminal; else one line per new package, without control
    characters."""

    def __init__(self):
        self._terminal = sys.stdout.isatty()
        self._width = 0

    def __enter__(self):
        print(
            "Setting up the Python environment in .venv (only now, takes a minute) ...", flush=True
        )
        return self

    def __exit__(self, error_type, error, traceback):
        self.end()
        if error_type is None:
            print("The Python environment is ready.", flush=True)

    def show(self, step):
        if not self._terminal:
            print(f"  {step}", flush=True)
            return
        columns = shutil.get_terminal_size().columns - 3
        text = f"  {step}"[:columns]
        print("\r" + text.ljust(self._width), end="", flush=True)
        self._width = len(text)

    def end(self):
        if self._terminal and self._width:
            print("\r" + " " * self._width + "\r", end="", flush=True)
            self._width = 0
