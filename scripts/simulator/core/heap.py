"""The heap as the program sees it: what the simulator takes of it is not counted."""

from . import host

_PICO_W_HEAP = 139264  # bytes; used where the interpreter has no limit of its own

_taken = 0
_total = _PICO_W_HEAP


def begin():
    """Called when all of the simulator is loaded and the program is about to start."""
    global _taken, _total
    host.begin_program()
    collect()
    _taken = host.heap_used()
    available = host.heap_free()
    if available is not None:
        _total = available


def collect():
    host.collect()


def allocated():
    return min(_total - 1024, max(0, host.heap_used() - _taken))


def free():
    real = host.heap_free()
    return _total - allocated() if real is None else real
