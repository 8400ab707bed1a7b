"""What can be known of a payload before it travels: a board that gets it can at least start."""

import json
from pathlib import Path, PurePosixPath

from ..errors import ToolkitError
from . import mpy, own_names

NEEDED = ("boot.py", "code.py", "www/index.html")
SCHEMA = PurePosixPath("lib/datalogger/settings_schema.json")

_KINDS = {"bool": (bool,), "choice": (str,), "float": (int, float), "int": (int,), "text": (str,)}
_FIELDS = {
    "key": (str,),
    "group": (str,),
    "type": (str,),
    "label": (str,),
    "help": (str,),
    "secret": (bool,),
    "restart": (bool,),
}
_LEFT_OUT = {"help": "", "restart": False}  # as the app fills them in
_FIRST_LINE = '{"groups": ['
_ROW = '{"key"'


def refuse_missing(root: Path) -> None:
    """Raise ToolkitError unless the project has what every board needs."""
    for name in NEEDED:
        if not (root / name).is_file():
            raise ToolkitError(
                f"{name} is missing in {root}. It is never removed from a board; put it back."
            )


def refuse_broken(files: dict[PurePosixPath, bytes]) -> None:
    """Raise ToolkitError that names each file which the board could not read, or whose names another one lacks, with line
    and reason."""
    problems = []
    for path, content in files.items():
        if path.suffix == ".py":
            problems.append(mpy.problem(path, content))
        elif path.suffix == ".json":
            problems += json_problems(path, content)
    found = [problem for problem in problems if problem] or own_names.problems(files)
    if found:
        raise ToolkitError("\n".join(found))


def json_problems(path: PurePosixPath, content: bytes) -> list[str]:
    """Return what is wrong with a JSON file."""
    try:
        value = json.loads(content)
    except UnicodeDecodeError as error:
        return [f"{path}: not UTF-8 text (byte {error.start})."]
    except RecursionError:
        return [f"{path}: nested too deeply."]
    except json.JSONDecodeError as error:
        return [f"{path}, line {error.lineno}: {error.msg}."]
    return schema_problems(content.decode(), value) if path == SCHEMA else []


def schema_problems(text: str, schema) -> list[str]:
    """Return what is wrong with the schema of the settings, which the board reads line by line."""
    lines = text.splitlines()
    rows = [line.strip().rstrip(",") for line in lines if line.startswith(_ROW)]
    if not isinstance(schema, dict) or not isinstance(schema.get("settings"), list):
        return [f"{SCHEMA}: it has no list of settings."]
    if not lines[0].startswith(_FIRST_LINE) or len(rows) != len(schema["settings"]):
        return [f"{SCHEMA}: the groups belong on the first line, each setting on one of its own."]
    groups = {group.get("name") for group in schema["groups"] if isinstance(group, dict)}
    problems = []
    keys = set()
    for number, line in enumerate(lines, 1):
        if not line.startswith(_ROW):
            continue
        row = json.loads(line.strip().rstrip(","))
        problem = _row_problem(row, groups)
        if not problem and row["key"] in keys:
            problem = f"{row['key']} is there twice"
        keys.add(row.get("key"))
        if problem:
            problems.append(f"{SCHEMA}, line {number}: {problem}.")
    return problems


def _row_problem(row: dict, groups: set) -> str:
    for name, kinds in _FIELDS.items():
        if not isinstance(row.get(name, _LEFT_OUT.get(name)), kinds):
            return f"{row.get('key')}: {name} is missing or of the wrong type"
    if row["type"] not in _KINDS:
        return f"{row['key']}: there is no type {row['type']}"
    if row["group"] not in groups:
        return f"{row['key']}: there is no group {row['group']}"
    return _default_problem(row)


def _default_problem(row: dict) -> str:
    key, kind, default = row["key"], row["type"], row.get("default")
    if not isinstance(default, _KINDS[kind]) or (kind != "bool" and isinstance(default, bool)):
        return f"{key}: the default {default!r} is not of type {kind}"
    if kind == "choice" and default not in row.get("choices", ()):
        return f"{key}: the default {default!r} is none of the choices"
    if kind in ("int", "float", "text"):
        limits = row.get("min"), row.get("max")
        if not all(isinstance(limit, (int, float)) for limit in limits):
            return f"{key}: min or max is missing"
        size = len(default.encode()) if kind == "text" else default
        fits = limits[0] <= size <= limits[1] or (
            kind == "text" and row.get("optional") and not size
        )
        if not fits:
            return f"{key}: the default {default!r} is outside min and max"
    return ""
