"""Which file of the project imports which, read off the sources: Python and the pages' JavaScript."""

import ast
import posixpath
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

# A module that serves one request is imported by this function, with a name inside this room.
ON_DEMAND = "on_demand"
RARE = "lib/datalogger/rare"

PAGES = "www"

_PLACES_OF_IMPORTS = ("", "lib", "scripts")
_PATH = r"""['"]((?:\.|/)[\w/.-]*\.js)['"]"""
_JAVASCRIPT_AT_ONCE = re.compile(
    r"^(?:import|export)\b[^'\"();]*?(?:from\s*)?" + _PATH, re.MULTILINE
)
_JAVASCRIPT_PATH = re.compile(_PATH)


@dataclass(frozen=True)
class Import:
    """File `source` imports file `target`, at once or, when `later`, the first time it needs it."""

    source: str
    target: str
    later: bool


def find(root: Path, files: list[str]) -> list[Import]:
    """Return the imports among `files`, which are paths below `root`."""
    found = set()
    for name in files:
        text = (root / name).read_text("utf-8")
        read = _javascript if name.endswith(".js") else _python
        found |= {one for one in read(name, text, set(files)) if one.target != name}
    at_once = {(one.source, one.target) for one in found if not one.later}
    kept = [one for one in found if not one.later or (one.source, one.target) not in at_once]
    return sorted(kept, key=lambda one: (one.source, one.target))


def circles(imports: list[Import]) -> list[list[str]]:
    """Return groups of files that need each other before any of them is complete; none is right."""
    targets: dict[str, set[str]] = {}
    for one in imports:
        if not one.later:
            targets.setdefault(one.source, set()).add(one.target)
    reached = {name: _reached(name, targets) for name in targets}
    groups = {
        tuple(sorted(other for other in found if name in reached.get(other, ())))
        for name, found in reached.items()
        if name in found
    }
    return [list(group) for group in sorted(groups)]


def _reached(start: str, targets: dict[str, set[str]]) -> set[str]:
    found: set[str] = set()
    waiting = [start]
    while waiting:
        new = targets.get(waiting.pop(), set()) - found
        found |= new
        waiting += new
    return found


def _javascript(name: str, text: str, files: set[str]) -> Iterator[Import]:
    """Take each path of a module in the text for an import; it may be one that a function loads."""
    for later, pattern in ((False, _JAVASCRIPT_AT_ONCE), (True, _JAVASCRIPT_PATH)):
        for path in pattern.findall(text):
            below = PAGES if path.startswith("/") else posixpath.dirname(name)
            target = posixpath.normpath(f"{below}/{path}")
            if target in files:
                yield Import(name, target, later)


def _python(name: str, text: str, files: set[str]) -> Iterator[Import]:
    tree = ast.parse(text)
    at_once = _run_at_import(tree)
    for node in ast.walk(tree):
        for target in _targets(node, name, files):
            yield Import(name, target, node not in at_once)


def _run_at_import(tree: ast.AST) -> set:
    """Return the nodes outside functions."""
    found, waiting = set(), [tree]
    while waiting:
        node = waiting.pop()
        found.add(node)
        if not isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef, ast.Lambda)):
            waiting += ast.iter_child_nodes(node)
    return found


def _targets(node: ast.AST, name: str, files: set[str]) -> Iterator[str]:
    if isinstance(node, ast.Import):
        for alias in node.names:
            yield from _file(alias.name.split("."), _PLACES_OF_IMPORTS, files)
    elif isinstance(node, ast.ImportFrom):
        module = node.module.split(".") if node.module else []
        places = _PLACES_OF_IMPORTS
        if node.level:
            places = ("/".join(name.split("/")[: -node.level]),)
        for alias in node.names:
            found = list(_file([*module, alias.name], places, files))
            yield from found or _file(module, places, files)
    elif isinstance(node, ast.Call) and getattr(node.func, "id", "") == ON_DEMAND:
        for part in ast.walk(node.args[0]):
            if isinstance(part, ast.Constant) and isinstance(part.value, str):
                yield from _file([part.value], (RARE,), files)


def _file(module: list[str], places, files: set[str]) -> Iterator[str]:
    for place in places:
        path = "/".join([part for part in (place, *module) if part])
        for candidate in (f"{path}.py", f"{path}/__init__.py"):
            if module and candidate in files:
                yield candidate
                return
