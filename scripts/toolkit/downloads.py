"""Folders below build/ that hold what was fetched from a package registry, made once per list of versions."""

import hashlib
import shutil
import subprocess
import tempfile
from pathlib import Path

from . import locks, package_failures
from .errors import ToolkitError

MARKER = ".complete"


def folder(place: Path, inputs: list[bytes], make) -> Path:
    """Return the folder `place`, filled by `make(folder)` unless that was done before from the same `inputs`.

    It is made beside its place and moved there whole, so that neither an interrupted run nor two at once spoil it.
    """
    fingerprint = hashlib.sha256(b"\0".join(inputs)).hexdigest()
    if _is_made(place, fingerprint):
        return place
    place.parent.mkdir(parents=True, exist_ok=True)
    lock = locks.file_for(place)
    with locks.held(lock, f"Waiting for another script that fetches {place.name} ..."):
        if not _is_made(place, fingerprint):
            _make(place, fingerprint, make)
    return place


def _is_made(folder: Path, fingerprint: str) -> bool:
    marker = folder / MARKER
    return marker.is_file() and marker.read_text() == fingerprint


def _make(folder: Path, fingerprint: str, make) -> None:
    with tempfile.TemporaryDirectory(dir=folder.parent, prefix=folder.name + "-") as temporary:
        made = Path(temporary) / folder.name
        made.mkdir()
        make(made)
        (made / MARKER).write_text(fingerprint)
        shutil.rmtree(folder, ignore_errors=True)
        made.rename(folder)


def run(command: list, what: str, cwd: Path | None = None) -> None:
    """Run a package manager; a failure becomes one line that says what could not be fetched and why."""
    try:
        result = subprocess.run(
            [str(part) for part in command],
            cwd=cwd,
            check=False,
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            errors="replace",
        )
    except OSError as error:
        raise ToolkitError(
            f"{what} could not be fetched: {command[0]}: {error.strerror}."
        ) from None
    if result.returncode:
        raise ToolkitError(
            f"{what} could not be fetched: {package_failures.reason(result.stderr or result.stdout)}"
        )
