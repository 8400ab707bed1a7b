"""Rare code: modules that are imported for one use."""

import sys

_RARE = "datalogger.rare"
_UPDATE = "datalogger.update"
_loading = None  # list of paths of modules that on_demand() imports within each other
_borrowed = {}  # name: [module, how many use it now]


def on_demand(name, room=_RARE):
    """Import the module of that name of the room rare/, or of another, and forget it: once the
    caller drops what it took from it, the memory of its code is free again.

    Such modules import each other by this function too, and hold no state. What is imported while
    another one is, is forgotten with that, so that nothing is loaded twice. Those of the room
    update/ import each other as usual.
    """
    global _loading
    path = room + "." + name
    is_outermost = _loading is None
    if is_outermost:
        _loading = []  # one that is kept would move to the middle of the free memory
    _loading.append(path)
    try:
        return __import__(path, None, None, (name,))
    finally:
        if is_outermost:
            _forget(_loading)
            _loading = None


def borrow(name):
    """The same for a module of the room rare/ that several may want at once: they share one copy,
    until each has given it back."""
    if name not in _borrowed:
        _borrowed[name] = [on_demand(name), 0]
    entry = _borrowed[name]
    entry[1] += 1
    return entry[0]


def give_back(name):
    """Tell that a borrowed module is not used any more by one of those who did."""
    entry = _borrowed[name]
    entry[1] -= 1
    if not entry[1]:
        del _borrowed[name]


def on_demand_for_update(name):
    """The same for a module of the room update/."""
    return on_demand(name, _UPDATE)


def _forget(modules):
    """Forget the modules of these paths, and with one of the room update/ all of that room."""
    with_update = False
    for path in modules:
        with_update = with_update or path.startswith(_UPDATE)
    for loaded in list(sys.modules) if with_update else modules:  # the list takes a KB
        if (loaded in modules or loaded.startswith(_UPDATE)) and loaded in sys.modules:
            del sys.modules[loaded]
            package, _, name = loaded.rpartition(".")
            if hasattr(sys.modules.get(package), name):
                delattr(sys.modules[package], name)
