"""Runs in place of code.py on a simulated board: runs that, and tells what each import of it keeps in memory.

Prints a line `module NAME BYTES` when a module is ready, without what its own imports keep. At the app's first pause,
once it runs, come a line `dropped NAME` for each module that is gone again, and `total BYTES`.
"""

import builtins
import gc
import sys
import time

_LAST = "datalogger.web.routes"  # of the modules that the app loads before it runs
_import = builtins.__import__
_sleep = time.sleep
_ready = set(sys.modules)
_under_way = []  # modules that wait for an import of theirs
_nested = [0]  # for each import under way: bytes that imports within it have taken


def _used():
    gc.collect()
    return gc.mem_alloc()


def _measured_import(name, globals=None, locals=None, fromlist=None, level=0):
    _under_way.extend(_unknown())
    depth = len(_under_way)
    _nested.append(0)
    before = _used()
    module = _import(name, globals, locals, fromlist, level)
    taken = _used() - before
    _tell_new(depth, taken - _nested.pop())
    _nested[-1] += taken
    return module


def _unknown():
    return [name for name in sys.modules if name not in _ready and name not in _under_way]


def _tell_new(depth, size):
    new = _under_way[depth:] + _unknown()
    if new:  # the module, and perhaps the package that it lies in
        del _under_way[depth:]
        _ready.update(new)
        print("module", max(new, key=len), size)


def _tell_total(seconds):
    if _LAST not in sys.modules:
        return _sleep(seconds)  # a driver waits
    for name in _ready:
        if name not in sys.modules:
            print("dropped", name)
    print("total", _used() - _at_first)
    time.sleep = _sleep
    builtins.__import__ = _import


builtins.__import__ = _measured_import
time.sleep = _tell_total
_at_first = _used()
execfile("/code.py")  # noqa: F821
