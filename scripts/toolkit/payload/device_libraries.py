"""The device libraries from PyPI that go into lib/ beside the project's own."""

import sys
from pathlib import Path, PurePosixPath

from .. import downloads, environment

REQUIREMENTS = environment.ROOT / "scripts" / "device-requirements.txt"


def device_libraries(report) -> dict[PurePosixPath, bytes]:
    """Return {path on the drive: content} of the libraries pinned in device-requirements.txt."""

    def make(folder):
        report("Fetching the board's libraries from PyPI ...")
        pip = [sys.executable, "-m", "pip", "install", "--disable-pip-version-check"]
        options = ["--no-deps", "--no-compile", "--only-binary=:all:", "--require-hashes"]
        what = "The board's libraries"
        downloads.run([*pip, *options, "--target", folder, "-r", REQUIREMENTS], what)

    folder = downloads.folder(environment.BUILD / "libraries", [REQUIREMENTS.read_bytes()], make)
    return {
        PurePosixPath("lib", file.relative_to(folder).as_posix()): file.read_bytes()
        for file in sorted(folder.rglob("*.py"))
        if not _is_metadata(file.relative_to(folder))
    }


def paths(report) -> frozenset[PurePosixPath]:
    """Return the paths on the drive of those libraries that are one file, as sources and compiled."""
    return frozenset(path for path in forms(report) if not path.parts[2:])


def forms(report) -> frozenset[PurePosixPath]:
    """Return the paths on the drive of all files of those libraries, as sources and compiled."""
    found = device_libraries(report)
    return frozenset(found) | {path.with_suffix(".mpy") for path in found}


def _is_metadata(path: Path) -> bool:
    return path.parts[0].endswith(".dist-info") or "__pycache__" in path.parts
