"""Modules that are needed rarely, imported for one use."""

import gc
import sys


def on_demand(name):
    """Import the module of that name of this package and forget it: once the caller drops what it
    took from it, the memory of its code is free again.

    Such modules import each other by this function too, and hold no state.
    """
    path = "datalogger." + name
    gc.collect()  # compiling takes about four times the size of the source
    try:
        module = __import__(path, None, None, (name,))
    except MemoryError:
        sys.modules.pop(path, None)
        raise
    del sys.modules[path]
    delattr(sys.modules["datalogger"], name)
    return module
