"""What the board will make of a settings.toml, found out by its own code."""

import json
import re
import subprocess
import sys
import tempfile
from dataclasses import dataclass, field
from pathlib import Path

from .. import environment, settings_toml
from ..errors import ToolkitError

_LIB = environment.ROOT / "lib"
_READER = "datalogger/rare/settings_file.py"

# Run in a process of its own: the board's modules have names that Python's own modules have too.
_PROGRAM = """
import json, sys, types
micropython = types.ModuleType("micropython")
micropython.const = lambda value: value
sys.modules["micropython"] = micropython
sys.path.insert(0, sys.argv[1])
from datalogger.on_demand import on_demand
told = []
class Log:
    def __getattr__(self, level):
        return lambda text, *rest: told.append(str(text))
values = on_demand("settings_file").load(sys.argv[2], Log())[0]
print(json.dumps([values, told]))
"""
_LOGIN_OFF = "Login is off"
_LINE = re.compile(r"settings\.toml, line (\d+): ")


@dataclass
class BoardSettings:
    """The values that the board will use, its complaints, and the keys whose values it refuses."""

    values: dict
    problems: list[str] = field(default_factory=list)
    refused: set[str] = field(default_factory=set)


def read(text: str) -> BoardSettings:
    """Return what the board will do with this text. Where it refuses a value it takes the latest good one or the default."""
    if not (_LIB / _READER).is_file():
        return BoardSettings(settings_toml.values(text))
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder, "settings.toml")
        file.write_bytes(text.encode())
        command = [sys.executable, "-I", "-c", _PROGRAM, str(_LIB), str(file)]
        done = subprocess.run(command, capture_output=True, text=True, check=False)
    if done.returncode:
        reason = (done.stderr.strip().splitlines() or ["no reason given"])[-1]
        raise ToolkitError(f"The board's own code can't read settings.toml: {reason}")
    values, problems = json.loads(done.stdout)
    keys = {settings_toml.key_of(_line_of(problem, text)) for problem in problems}
    return BoardSettings(values, problems, keys - {None})


def problems_of_backup(text: str) -> list[str]:
    """Return the complaints about a board's settings as GET /api/settings.toml shows them, secrets left empty."""
    problems = read(text).problems
    return [
        problem
        for problem in problems
        if "" not in settings_toml.values(_line_of(problem, text)).values()
        and not problem.startswith(_LOGIN_OFF)  # the password was left out
    ]


def _line_of(problem: str, text: str) -> str:
    """Return the line that a complaint is about; empty when it is about none."""
    match = _LINE.match(problem)
    lines = settings_toml.lines(text)
    return lines[int(match.group(1)) - 1] if match and int(match.group(1)) <= len(lines) else ""
