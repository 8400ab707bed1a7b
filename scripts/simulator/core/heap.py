"""Python's heap as the program sees it on the board: in the board's bytes, without what the
simulator takes of it, and as a part of the outer heap."""

from . import clock, host, lwip, outer_heap, settings_file

# Objects of a computer with 64 bits are larger (measured with the app).
_BOARD_PERCENT = 72
_DEFAULT_START = 8192
_SETTING = "CIRCUITPY_HEAP_START_SIZE"

_taken = 0  # bytes of this interpreter's heap that the simulator takes
_percent = 100  # of the bytes in this interpreter that the same objects take on the board
has_names = False  # whether the program has given what its names take
_usable = 0  # bytes of the board's heap for objects: 1 of 32 goes into its tables


def begin():
    """Called when all of the simulator is loaded and the program is about to start."""
    global _taken, _percent
    if host.heap_free() is not None:
        _percent = _BOARD_PERCENT
    _grow(_start_size())
    clock.checks.append(_grow_as_needed)
    host.begin_program()
    host.collect()
    _taken = host.heap_used()


def take_names():
    """Called when the program loads its first module: it has more names now than a bare script."""
    global has_names
    has_names = True
    host.take_names(_percent)


def leave_out(load, name):
    """Return load(name), a module that CPython itself brings: what that keeps isn't the program's."""
    global _taken
    before = host.heap_used()
    module = load(name)
    _taken += host.heap_used() - before
    return module


def _start_size():
    try:
        return max(_DEFAULT_START, int(settings_file.value(_SETTING, 0)))
    except ValueError:
        return _DEFAULT_START


def _grow(size):
    global _usable
    outer_heap.grow(size)
    _usable = outer_heap.python * 31 // 32


def _grow_as_needed():
    """As the board does when an allocation finds no place even after a collection: its size
    doubles, and the last time takes all that is left. A program that needs it only for a moment
    between two checks goes unnoticed."""
    if _used() <= _usable:
        return
    host.collect()
    while _used() > _usable and outer_heap.free() > 0:
        _grow(min(outer_heap.free(), outer_heap.python))


def _used():
    return max(0, host.heap_used() - _taken) * _percent // 100


def collect():
    host.collect()


def allocated():
    _grow_as_needed()
    return _used()


def free():
    """What is free, and the largest piece by which the heap could grow: the network's memory too."""
    lwip.work()
    _grow_as_needed()
    return _usable - _used() + outer_heap.free()
