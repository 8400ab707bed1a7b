"""Loads each module of rare code once, soon after the start.

The interpreter keeps the names that it meets in a module for good, a few hundred bytes in one piece.
Met for the first time while much else is loaded, they would stay in the middle of the free memory.
"""

from micropython import const

from ..on_demand import on_demand, on_demand_for_update

_PAUSE_TENTHS = const(5)
_UPDATE = ("commit", "receive", "listing")  # these import the others of their room


def run(app):
    """Load one module after the other while nobody asks for anything (a generator)."""
    for entry in app.recordings.ilistdir(app.root + "/lib/datalogger/rare"):
        name, _, ending = entry[0].partition(".")
        if ending in ("py", "mpy") and name[:1] != "_":
            yield from _load(app, on_demand, name)
    for name in _UPDATE:
        yield from _load(app, on_demand_for_update, name)


def _load(app, load, name):
    at = app.clock.tenths + _PAUSE_TENTHS
    while app.clock.tenths < at or not app.server.is_quiet() or app.uploads:
        yield
    try:
        load(name)
    except Exception as error:  # noqa: BLE001 - who needs it will say so
        app.log.debug("%s can't be loaded: %r" % (name, error))
