"""CPython made to look like the board: its own modules, its own names built in, files of the drive
only.

The interpreter itself is left as it is: all of this applies to code that is loaded here, by its
`__builtins__`.
"""

import __future__

import builtins
import importlib
import sys
from pathlib import Path
from types import ModuleType

from . import board_drive, heap, host, power, wiring

_STAND_INS = Path(__file__).resolve().parents[1] / "board_modules"

# Built-in functions, types and exceptions of CircuitPython 10.3.
_BUILTIN_NAMES = [
    "ArithmeticError",
    "AssertionError",
    "AttributeError",
    "BaseException",
    "BrokenPipeError",
    "ConnectionError",
    "EOFError",
    "Ellipsis",
    "Exception",
    "GeneratorExit",
    "ImportError",
    "IndentationError",
    "IndexError",
    "KeyError",
    "KeyboardInterrupt",
    "LookupError",
    "MemoryError",
    "NameError",
    "NotImplemented",
    "NotImplementedError",
    "OSError",
    "OverflowError",
    "RuntimeError",
    "StopAsyncIteration",
    "StopIteration",
    "SyntaxError",
    "SystemExit",
    "TimeoutError",
    "TypeError",
    "UnicodeError",
    "ValueError",
    "Warning",
    "ZeroDivisionError",
    "abs",
    "all",
    "any",
    "bin",
    "bool",
    "bytearray",
    "bytes",
    "callable",
    "chr",
    "classmethod",
    "compile",
    "complex",
    "delattr",
    "dict",
    "dir",
    "divmod",
    "enumerate",
    "eval",
    "exec",
    "filter",
    "float",
    "frozenset",
    "getattr",
    "globals",
    "hasattr",
    "hash",
    "hex",
    "id",
    "input",
    "int",
    "isinstance",
    "issubclass",
    "iter",
    "len",
    "list",
    "locals",
    "map",
    "max",
    "memoryview",
    "min",
    "next",
    "object",
    "oct",
    "ord",
    "pow",
    "print",
    "property",
    "range",
    "repr",
    "reversed",
    "round",
    "set",
    "setattr",
    "slice",
    "sorted",
    "staticmethod",
    "str",
    "sum",
    "super",
    "tuple",
    "type",
    "zip",
    "__build_class__",
    "__debug__",
    "__name__",
]

# Modules of CPython that serve as they are, with the names that the board has.
_SHARED_MODULES = {
    "_asyncio": None,
    "array": "array",
    "asyncio": None,
    "binascii": "a2b_base64 b2a_base64 crc32 hexlify unhexlify",
    "collections": "OrderedDict deque namedtuple",
    "errno": "EACCES EADDRINUSE EAGAIN EALREADY EBADF ECONNABORTED ECONNREFUSED ECONNRESET EEXIST "
    "EHOSTUNREACH EINPROGRESS EINVAL EIO EISDIR ENOBUFS ENODEV ENOENT ENOMEM ENOTCONN EOPNOTSUPP "
    "EPERM ETIMEDOUT errorcode",
    "io": "BytesIO IOBase StringIO",
    "json": "dump dumps load loads",
    "math": None,
    "random": "choice getrandbits randint random randrange seed uniform",
    "re": "compile match search sub",
    "struct": "calcsize pack pack_into unpack unpack_from",
}

_ANNOTATIONS_UNUSED = __future__.annotations.compiler_flag  # the board never evaluates them

modules = {}


def start():
    """Loads the stand-ins into `modules`."""
    for file in sorted(_STAND_INS.glob("*.py")):
        if file.stem != "__init__":
            _load(file.stem)
    for name in power.libraries:
        _load(name)
    wiring.begin()
    modules["sys"].modules = modules
    modules["sys"]._getframe = sys._getframe  # the library asks CPython for it, no board has it


def run(path):
    """Runs a file of the drive as the main program."""
    main = ModuleType("__main__")
    main.__file__ = path
    modules["__main__"] = main
    _execute(main, path)


def _load(name):
    """The module of that full name, loaded if need be. Raises ImportError."""
    if name in modules:
        return modules[name]
    for stand_in in (Path(name.replace(".", "/") + ".py"), Path(name, "__init__.py")):
        if (_STAND_INS / stand_in).is_file() and name != "__init__":
            return _load_stand_in(name, _STAND_INS / stand_in)
    if name in power.libraries:
        return _load_text(
            name, Path(power.libraries[name]).read_text(encoding="utf-8"), name + ".py"
        )
    if name in _SHARED_MODULES:
        modules[name] = _shared(name)
        return modules[name]
    return _load_from_drive(name)


def _load_stand_in(name, file):
    module = ModuleType(name)
    modules[name] = module
    parent, _, last = name.rpartition(".")
    if parent:
        setattr(_load(parent), last, module)
    if file.stem == "__init__":
        module.__path__ = [name]
    module.__dict__["__builtins__"] = {**vars(builtins), "__import__": _import_for_stand_in}
    code = compile(file.read_text(encoding="utf-8"), f"<{name} of the board>", "exec")
    exec(code, module.__dict__)
    return module


def _shared(name):
    real = heap.leave_out(importlib.import_module, name)
    names = _SHARED_MODULES[name]
    if names is None:
        return real
    module = ModuleType(name)
    for public in names.split():
        setattr(module, public, getattr(real, public))
    return module


def _load_from_drive(name):
    parent, _, last = name.rpartition(".")
    if parent:
        folders = getattr(_load(parent), "__path__", None)
        if folders is None:
            raise ImportError(f"no module named '{name}'")
    else:
        folders = [folder for folder in modules["sys"].path if folder != ".frozen"]
    for folder in folders:
        base = f"{folder.rstrip('/')}/{last}"
        if _kind(base) == "folder":
            init = base + "/__init__.py"
            return _load_file(name, init if _kind(init) == "file" else None, [base])
        if _kind(base + ".py") == "file":
            return _load_file(name, base + ".py", None)
    raise ImportError(f"no module named '{name}'")


def _kind(path):
    try:
        return "folder" if board_drive.drive.stat(path)[0] & 0x4000 else "file"
    except OSError:
        return None


def _load_file(name, path, package_path):
    module = ModuleType(name)
    if package_path is not None:
        module.__path__ = package_path
    modules[name] = module
    try:
        if path is not None:
            module.__file__ = path
            _execute(module, path)
    except BaseException:
        modules.pop(name, None)
        raise
    parent, _, last = name.rpartition(".")
    if parent:
        setattr(_load(parent), last, module)
    return module


def _load_text(name, text, path):
    module = ModuleType(name)
    modules[name] = module
    _run_text(module, text, path)
    return module


def _execute(module, path):
    with board_drive.drive.open(path, "rb") as file:
        _run_text(module, file.read().decode(), path)


def _run_text(module, text, path):
    host.program_files.add(path)
    names = module.__dict__
    names["__builtins__"] = _builtins()
    code = compile(text, path, "exec", _ANNOTATIONS_UNUSED, dont_inherit=True)
    exec(code, names)


def _builtins():
    names = {name: getattr(builtins, name) for name in _BUILTIN_NAMES if hasattr(builtins, name)}
    names["__import__"] = _import
    names["open"] = _open
    names["next"] = _next_without_default
    return names


def _next_without_default(iterator):
    """CircuitPython is built without the second argument (MICROPY_PY_BUILTINS_NEXT2)."""
    return next(iterator)


def _open(file, mode="r", buffering=-1, encoding=None):
    return board_drive.drive.open(file, mode)


def _import(name, globals=None, locals=None, fromlist=(), level=0):
    """What the import statement calls in the program's code."""
    if level:
        package = (
            globals["__name__"] if "__path__" in globals else globals["__name__"].rpartition(".")[0]
        )
        for _ in range(level - 1):
            package = package.rpartition(".")[0]
        name = f"{package}.{name}" if name else package
    parts = name.split(".")
    for count in range(1, len(parts) + 1):
        module = _load(".".join(parts[:count]))
    if not fromlist:
        return modules[parts[0]]
    for wanted in fromlist:
        if wanted != "*" and not hasattr(module, wanted) and hasattr(module, "__path__"):
            _load(f"{name}.{wanted}")
    return module


def _import_for_stand_in(name, globals=None, locals=None, fromlist=(), level=0):
    if name == "core" or name.startswith("core."):
        return __import__(name, globals, locals, fromlist, level)
    return _import(name, globals, locals, fromlist, level)
