"""What lib/rescue/ stands on: copies of other modules, so that no update of those can break it."""

import ast
from pathlib import PurePosixPath

import zopfli.gzip

from ..errors import ToolkitError

_RESCUE = PurePosixPath("lib/rescue")
_EDITED = PurePosixPath("lib/datalogger")
_FILES = (
    "lib/ehttpserver.py",
    "lib/adafruit_ticks.py",
    "lib/datalogger/nonvolatile.py",
    "lib/datalogger/last_known.py",
    "lib/datalogger/rare/toml_subset.py",
)
_ROOMS = ("lib/datalogger/update",)


def complete(files: dict[PurePosixPath, bytes]) -> None:
    """Add to the payload what lib/rescue/ needs; nothing for a project without it."""
    if _RESCUE / "__init__.py" not in files:
        return
    for name in (*_FILES, _RESCUE / "page.html"):
        if PurePosixPath(name) not in files:
            raise ToolkitError(f"{name} is missing; the rescue page needs it. Put it back.")
    for name in _FILES:
        files[_RESCUE / PurePosixPath(name).name] = files[PurePosixPath(name)]
    for room in map(PurePosixPath, _ROOMS):
        for path in [path for path in files if path.is_relative_to(room)]:
            files[_RESCUE / room.name / path.relative_to(room)] = files[path]
    page = files.pop(_RESCUE / "page.html")
    files[_RESCUE / "page.html.gz"] = zopfli.gzip.compress(page)


def bare(files: dict[PurePosixPath, bytes]) -> None:
    """Leave comments and docstrings out of the sources that nobody edits on a board: they would fill its drive."""
    for path, content in files.items():
        if path.suffix == ".py" and path.parts[0] == "lib" and not path.is_relative_to(_EDITED):
            files[path] = _bare(content)


def _bare(source: bytes) -> bytes:
    tree = ast.parse(source)
    for node in ast.walk(tree):
        documented = isinstance(node, (ast.Module, ast.ClassDef, ast.FunctionDef))
        if documented and ast.get_docstring(node) is not None:
            node.body[:1] = [] if len(node.body) > 1 else [ast.Pass()]
    return ast.unparse(tree).encode() + b"\n"
