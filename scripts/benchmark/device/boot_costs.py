"""Runs in place of code.py on a simulated board: runs that, and tells what each import of it keeps in memory.

Prints lines `cost BYTES MODULE` in the order in which the modules were ready, each without what its own imports keep,
then `total BYTES imports` and, at the app's first pause, `total BYTES started`. Code that is loaded for one use and
dropped again is `dropped` in place of `cost`.
"""

import builtins
import gc
import sys
import time

_import = builtins.__import__
_sleep = time.sleep
_nested = [0]  # for each import under way: bytes that imports within it have taken
_costs = []  # (module, bytes), in the order in which they were ready
_listed = set(sys.modules)
_imports = [0]  # bytes in use after the latest import
_own = [0]  # bytes that this program itself takes


def _used():
    gc.collect()
    return gc.mem_alloc()


def _measured_import(name, globals=None, locals=None, fromlist=None, level=0):
    before = _used()
    if not _costs:  # nothing but code.py itself has been loaded
        _costs.append(("code", before - _own[0]))
    _nested.append(0)
    module = _import(name, globals, locals, fromlist, level)
    after = _used()
    size = after - before - _nested.pop()
    path = _new_module(name, globals, fromlist, level)
    if path:
        _listed.add(path)
        _costs.append((path, size))
    _imports[0] = _used()
    _own[0] += _imports[0] - after
    _nested[-1] += _imports[0] - before
    return module


def _new_module(name, globals, fromlist, level):
    """The full name of the module that an import has loaded; None when it was there before."""
    if level:
        parts = globals["__name__"].split(".")
        if "__path__" not in globals:
            parts.pop()
        parts = parts[: len(parts) + 1 - level]
        name = ".".join(parts + [name] if name else parts)
    found = None
    parts = fromlist if isinstance(fromlist, tuple) else ()  # MicroPython says True for `as`
    for path in [name] + [name + "." + part for part in parts]:
        if path in sys.modules and path not in _listed:
            found = path
    return found


def _report(seconds):
    total = _used()
    for name, size in _costs:
        print("cost" if name == "code" or name in sys.modules else "dropped", size, name)
    print("total", _imports[0] - _own[0], "imports")
    print("total", total - _own[0], "started")
    time.sleep = _sleep


_own[0] = _used()
builtins.__import__ = _measured_import
time.sleep = _report
execfile("/code.py")  # noqa: F821
