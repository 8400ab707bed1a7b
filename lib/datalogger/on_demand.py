"""Rare code: modules that are imported for one use."""

import sys

_ROOM = "datalogger.rare"


def on_demand(name):
    """Import the module of that name of the room rare/ and forget it: once the caller drops what
    it took from it, the memory of its code is free again.

    Such modules import each other by this function too, and hold no state.
    """
    path = _ROOM + "." + name
    try:
        module = __import__(path, None, None, (name,))
    except MemoryError:
        sys.modules.pop(path, None)
        raise
    del sys.modules[path]
    delattr(sys.modules[_ROOM], name)
    return module
