"""Rare code: modules that are imported for one use."""

import sys

_RARE = "datalogger.rare"
_UPDATE = "datalogger.update"


def on_demand(name, room=_RARE):
    """Import the module of that name of the room rare/, or of another, and forget it: once the
    caller drops what it took from it, the memory of its code is free again.

    Such modules import each other by this function too, and hold no state. Those of the room
    update/ import each other as usual; all of them are forgotten together.
    """
    path = room + "." + name
    try:
        return __import__(path, None, None, (name,))
    finally:
        _forget(path)


def on_demand_for_update(name):
    """The same for a module of the room update/."""
    return on_demand(name, _UPDATE)


def _forget(path):
    """Forget a module, and all of the room update/."""
    for loaded in list(sys.modules):
        if loaded == path or loaded.startswith(_UPDATE):
            del sys.modules[loaded]
            package, _, name = loaded.rpartition(".")
            if hasattr(sys.modules.get(package), name):
                delattr(sys.modules[package], name)
