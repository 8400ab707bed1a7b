"""What the tests of the deployment share."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from deployment import limited_drive, samples
from toolkit import environment
from toolkit.deploy import cable
from toolkit.payload import assembly


@pytest.fixture
def fresh_drive(tmp_path):
    """The folder of a drive as CircuitPython makes it."""
    return limited_drive.fresh(tmp_path / "CIRCUITPY")


@pytest.fixture(autouse=True)
def copies_of_replaced_files(tmp_path, monkeypatch):
    """The folder for copies of files that were edited on the board."""
    monkeypatch.setattr(cable, "FOLDER_OF_REPLACED", tmp_path / "replaced")
    return tmp_path / "replaced"


@pytest.fixture(autouse=True)
def folder_of_locks(tmp_path_factory, monkeypatch):
    """The folder for the scripts' locks (toolkit/locks.py): none stay in the system's."""
    monkeypatch.setenv("XDG_RUNTIME_DIR", str(tmp_path_factory.mktemp("locks")))


class Project:
    """A small project with the scripts, environment and fetched packages of this one."""

    def __init__(self, root: Path):
        self.root = root
        for name in ("www", "lib"):
            (root / name).mkdir(parents=True)
        (root / "www/index.html").write_text("<!doctype html><title>Small</title><p>Hello")
        (root / "lib/app.py").write_text('"""The app."""\n\nVALUE = 1\n')
        reader = "lib/datalogger/rare/toml_subset.py"  # the scripts use it, too
        (root / reader).parent.mkdir(parents=True)
        shutil.copy(environment.ROOT / reader, root / reader)
        (root / "code.py").write_text("import app\n\nprint(app.VALUE)\n")
        (root / "boot.py").write_text("# nothing to do\n")
        (root / "settings.toml").write_bytes(samples.TEMPLATE)
        unwanted = shutil.ignore_patterns("__pycache__", "simulator", "benchmark", "proof")
        shutil.copytree(environment.ROOT / "scripts", root / "scripts", ignore=unwanted)
        (root / "build").mkdir()
        for name in ("node", "npm", "libraries", "assets", "mpy"):
            if (environment.BUILD / name).exists():
                (root / "build" / name).symlink_to(environment.BUILD / name)
        (root / ".venv").symlink_to(sys.prefix)

    def command(self, script: str, *arguments) -> list[str]:
        """Return the command line that runs one of the scripts."""
        return [sys.executable, str(self.root / "scripts" / script), *map(str, arguments)]

    def run(self, script: str, *arguments, **variables) -> subprocess.CompletedProcess:
        """Run a script to its end; `variables` are set in its environment."""
        return subprocess.run(
            self.command(script, *arguments),
            env={**os.environ, **variables},
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            check=False,
        )


@pytest.fixture(scope="session")
def fetched_packages():
    """Makes sure that everything that is fetched once is there."""
    assembly.collect()


@pytest.fixture
def project(tmp_path, fetched_packages):
    """A small project whose scripts can be run and whose files can be changed."""
    return Project(tmp_path / "project")
