"""Short names for what is private in compiled modules, and for parameters.

MicroPython keeps every name that it has met in a module, also in one that it loads for a single request and drops:
some ten bytes each, in tables of which the next is twice as large as the one before. With a thousand names that is an
eighth of the memory. So the modules of the app share a few short names for what is private in each of them, and those
of the ladder, which is never in memory with it. So do the parameters of functions, of which MicroPython keeps the names,
too. Sources that travel as they are keep theirs.
"""

import ast
import contextlib
import itertools
import re
import symtable
from collections import Counter
from pathlib import PurePosixPath

_ROOMS = ("lib/datalogger", "lib/rescue")  # anybody may subclass the other libraries
_PRIVATE = re.compile(r"(?<!\w)_[A-Za-z]\w*")
_FIELDS = ("id", "attr", "name", "arg", "asname")


def shortened(sources: dict[PurePosixPath, bytes]) -> dict[PurePosixPath, bytes]:
    """Return the files with short names in the modules of the app and of the ladder; lines stay where they are.

    A name is shortened where nothing else can mean it: it is in no string, and occurs in one module alone, or else each
    module of the app that has it takes it of no other object than `self`. Modules whose classes inherit from each other
    share no short name, and what two of them name stays: their objects have the names of all of them. A parameter's name
    is shortened unless a call names it, or might: it has a default.
    """
    trees = {}
    for path, source in sources.items():
        if path.suffix == ".py":
            # The compiler will say what is wrong.
            with contextlib.suppress(SyntaxError, ValueError):
                trees[path] = ast.parse(source.decode())
    result = dict(sources)
    named = {
        node.arg
        for tree in trees.values()
        for node in ast.walk(tree)
        if isinstance(node, ast.keyword)
    }
    for room in _ROOMS:
        others = [other for other in _ROOMS if other != room]
        near = {path: trees[path] for path in trees if not any(map(path.is_relative_to, others))}
        for path, short in _short_names(PurePosixPath(room), near).items():
            text = sources[path].decode()
            parameters = _parameters(text, trees[path]) - named - set(short)
            text = _with_short_parameters(text, trees[path], parameters, set(short.values()))
            result[path] = _renamed(text, short).encode()
    return result


def _short_names(room: PurePosixPath, trees: dict) -> dict[PurePosixPath, dict[str, str]]:
    """Return {module of the room: {name: short name}}; trees: of all that is in memory with it."""
    own = [path for path in sorted(trees) if path.is_relative_to(room)]
    private = {path: _private(tree) for path, tree in trees.items()}
    modules = Counter(name for names in private.values() for name in names)
    kept = {name for tree in trees.values() for name in _in_strings(tree)}
    shared = {name for tree in trees.values() for name in _taken_of_others(tree)}
    shared.update(*(names for path, names in private.items() if path not in own))
    kept |= {name for name in shared if modules[name] > 1}
    taken = Counter()
    family = _families(own, trees)
    relatives = Counter((family[path], name) for path in own for name in private[path])
    result = {}
    for path in own:
        home = family[path]
        names = [name for name in private[path] if name not in kept and relatives[home, name] == 1]
        first = taken[home]
        taken[home] += len(names)
        result[path] = {name: f"_{first + at}" for at, name in enumerate(names)}
    return result


def _parameters(text: str, tree: ast.Module) -> set[str]:
    """Return the names of parameters that mean nothing but variables of functions wherever the module has them."""
    if any(isinstance(node, ast.JoinedStr) for node in ast.walk(tree)):
        return set()  # Python 3.11 doesn't tell where the names in it stand
    found = {node.arg for node in ast.walk(tree) if isinstance(node, ast.arg)}
    others = {"self"}
    for node in ast.walk(tree):
        if isinstance(node, ast.arguments):
            optional = node.args[len(node.args) - len(node.defaults) :]
            others |= {one.arg for one in optional + node.kwonlyargs}
        if isinstance(node, (ast.alias, ast.ExceptHandler, ast.FunctionDef, ast.ClassDef)):
            others |= {node.name, getattr(node, "asname", None)}
        elif isinstance(node, (ast.Global, ast.Nonlocal)):
            others.update(node.names)
    tables = [symtable.symtable(text, "module", "exec")]
    while tables:
        table = tables.pop()
        tables += table.get_children()
        for symbol in table.get_symbols():
            if table.get_type() != "function" or not (symbol.is_local() or symbol.is_free()):
                others.add(symbol.get_name())
    return found - others


def _with_short_parameters(text: str, tree: ast.Module, names: set[str], taken: set[str]) -> str:
    """Return the module with the first of the short names that are not taken for these variables."""
    numbers = (number for number in itertools.count() if f"_{number}" not in taken)
    short = {name: f"_{number}" for name, number in zip(sorted(names), numbers, strict=False)}
    lines = [line.encode() for line in text.split("\n")]
    places = set()
    for node in ast.walk(tree):
        name = (
            getattr(node, "id", None) if isinstance(node, ast.Name) else getattr(node, "arg", None)
        )
        if isinstance(node, (ast.Name, ast.arg)) and name in short:
            places.add((node.lineno - 1, node.col_offset, name))
    for number, start, name in sorted(places, reverse=True):
        line = lines[number]
        lines[number] = line[:start] + short[name].encode() + line[start + len(name.encode()) :]
    return b"\n".join(lines).decode()


def _renamed(text: str, names: dict[str, str]) -> str:
    return _PRIVATE.sub(lambda found: names.get(found[0], found[0]), text)


def _private(tree: ast.Module) -> list[str]:
    """Return the private names that a module's code uses, each once, in their order."""
    names = {}
    for node in ast.walk(tree):
        for field in _FIELDS:
            names[getattr(node, field, None)] = None
        if isinstance(node, (ast.Global, ast.Nonlocal)):
            names.update(dict.fromkeys(node.names))
    return [name for name in names if isinstance(name, str) and _PRIVATE.fullmatch(name)]


def _taken_of_others(tree: ast.Module):
    """Yield the private names that a module takes of other objects than `self`, other modules among them."""
    for node in ast.walk(tree):
        if isinstance(node, ast.ImportFrom):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.Attribute) and getattr(node.value, "id", "") != "self":
            yield node.attr


def _in_strings(tree: ast.Module):
    """Yield what may be a private name in the strings of a module, its docstrings left out."""
    docstrings = {id(node.value) for node in ast.walk(tree) if isinstance(node, ast.Expr)}
    for node in ast.walk(tree):
        if isinstance(node, ast.Constant) and isinstance(node.value, (str, bytes)):
            if id(node) in docstrings:
                continue
            text = node.value if isinstance(node.value, str) else node.value.decode("latin-1")
            yield from _PRIVATE.findall(text)


def _families(own: list[PurePosixPath], trees: dict) -> dict[PurePosixPath, PurePosixPath]:
    """Return for each module the one that stands for its family."""
    family = {path: path for path in own}
    for path in own:
        for base in _base_modules(path, trees[path]):
            if base in family:
                old, new = family[base], family[path]
                family.update({member: new for member in own if family[member] == old})
    return family


def _base_modules(path: PurePosixPath, tree: ast.Module):
    """Yield the modules from which a module takes base classes."""
    bases = {
        node.id
        for made in ast.walk(tree)
        if isinstance(made, ast.ClassDef)
        for base in made.bases
        for node in ast.walk(base)
        if isinstance(node, ast.Name)
    }
    for node in ast.walk(tree):
        if isinstance(node, ast.ImportFrom) and node.level:
            folder = path.parents[node.level - 1]
            module = folder.joinpath(*(node.module or "").split("."))
            for alias in node.names:
                if (alias.asname or alias.name) in bases:
                    yield module.with_suffix(".py")
                    yield module / f"{alias.name}.py"
