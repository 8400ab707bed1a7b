"""Compiling the libraries with CircuitPython's mpy-cross, when one that fits the board is there."""

import re
import shutil
import subprocess
import tempfile
from pathlib import Path, PurePosixPath

from ..errors import ToolkitError

PROGRAM = "mpy-cross"
DOWNLOADS = "https://adafruit-circuit-python.s3.amazonaws.com/index.html?prefix=bin/mpy-cross/"


def unusable(version: tuple[int, int]) -> str:
    """Return why the mpy-cross on PATH can't compile for a board with this CircuitPython; empty when it can."""
    program = shutil.which(PROGRAM)
    if program is None:
        return f"there is no mpy-cross on PATH (CircuitPython's is at {DOWNLOADS})"
    try:
        output = subprocess.run([program, "--version"], capture_output=True, text=True, check=False)
    except OSError as error:
        return f"mpy-cross does not run ({error.strerror})"
    match = re.search(r"CircuitPython (\d+)\.(\d+)", output.stdout)
    if match is None:
        return f"the mpy-cross on PATH is not CircuitPython's, which is at {DOWNLOADS}"
    if int(match.group(1)) != version[0]:
        return f"mpy-cross is for CircuitPython {match.group(1)}, the board has {version[0]}"
    return ""


def compiled(files: dict[PurePosixPath, bytes]) -> dict[PurePosixPath, bytes]:
    """Return the files with every module below lib/ compiled: NAME.mpy in place of NAME.py."""
    result = {}
    with tempfile.TemporaryDirectory() as folder:
        for path, content in files.items():
            if path.parts[0] == "lib" and path.suffix == ".py":
                result[path.with_suffix(".mpy")] = _compile(path, content, Path(folder))
            else:
                result[path] = content
    return result


def _compile(path: PurePosixPath, content: bytes, folder: Path) -> bytes:
    source, target = folder / "module.py", folder / "module.mpy"
    source.write_bytes(content)
    command = [shutil.which(PROGRAM), "-s", path.name, "-o", str(target), str(source)]
    result = subprocess.run(command, capture_output=True, text=True, check=False)
    if result.returncode:
        lines = (result.stderr or result.stdout).strip().splitlines() or ["no message"]
        raise ToolkitError(f"{path} can't be compiled: {lines[-1]}")
    return target.read_bytes()
