"""Whether the modules of the project find what they take from each other: a trial on the board shows only what runs there
within a minute, and no trial shows what boot.py and the rescue page lack."""

import ast
from collections.abc import Iterator
from pathlib import PurePosixPath

_LIB = PurePosixPath("lib")
_OWN = ("datalogger", "rescue")


def problems(files: dict[PurePosixPath, bytes]) -> list[str]:
    """Return a sentence for each name that a module takes from another one of the project, which lacks it."""
    found = []
    trees = {}
    for path, content in files.items():
        if path.suffix == ".py":
            try:
                trees[path] = ast.parse(content)
            except SyntaxError as error:  # not in UTF-8, which the board's compiler doesn't mind
                found.append(f"{path}, line {error.lineno}: {error.msg}.")
    names = {path: set(_names_in(tree)) for path, tree in trees.items()}
    for path, tree in trees.items():
        for line, module, name in _taken(path, tree, names):
            package = module.with_suffix("") / "__init__.py"
            defined = names.get(module) or names.get(package, ())
            if name not in defined and not _is_module(module, name, names):
                place = module if module in names else module.with_suffix("")
                found.append(f"{path}, line {line}: there is no {name} in {place}.")
    return found


def _taken(path: PurePosixPath, tree: ast.Module, names: dict) -> Iterator[tuple]:
    """Yield (line, module, name) of each name that is taken from a module of the project."""
    modules = {}
    for node in ast.walk(tree):
        if isinstance(node, ast.ImportFrom):
            base = _module(path, node)
            if len(base.parts) < 2 or base.parts[1] not in _OWN:
                continue
            for alias in node.names:
                yield node.lineno, base.with_suffix(".py"), alias.name
                if _is_module(base.with_suffix(".py"), alias.name, names):
                    modules[alias.asname or alias.name] = base / f"{alias.name}.py"
    for node in ast.walk(tree):
        if isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name):
            module = modules.get(node.value.id)
            if module in names and isinstance(node.ctx, ast.Load):
                yield node.lineno, module, node.attr


def _module(path: PurePosixPath, node: ast.ImportFrom) -> PurePosixPath:
    """Return what an import names, without its suffix."""
    package = path.parts[1 : len(path.parts) - node.level] if node.level else ()
    return _LIB.joinpath(*package, *(node.module.split(".") if node.module else ()))


def _is_module(package: PurePosixPath, name: str, names: dict) -> bool:
    folder = package.with_suffix("") / name
    return folder.with_suffix(".py") in names or any(one.is_relative_to(folder) for one in names)


def _names_in(tree: ast.Module) -> Iterator[str]:
    """Yield what a module defines, at its top level or below an `if` or `try` there."""
    waiting = list(tree.body)
    while waiting:
        node = waiting.pop()
        if isinstance(node, (ast.FunctionDef, ast.ClassDef)):
            yield node.name
        elif isinstance(node, (ast.Import, ast.ImportFrom)):
            yield from (alias.asname or alias.name.partition(".")[0] for alias in node.names)
        else:
            yield from (one.id for one in ast.walk(node) if isinstance(one, ast.Name))
            waiting += [one for one in ast.iter_child_nodes(node) if isinstance(one, ast.stmt)]
            waiting += [one for handler in getattr(node, "handlers", ()) for one in handler.body]
