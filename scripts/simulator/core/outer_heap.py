"""The board's one piece of memory, its outer heap: what Python's heap leaves of it is all that the
network has."""

from . import link

# Bytes at code.py's start: with a Python heap of 136 KB, 45 KB are left (measured).
_TOTAL = 185344
_TELL_EVERY = 1024  # bytes
_DANGER = 4096  # bytes below which each new low is told

python = 0  # bytes that Python's heap takes
network = 0  # bytes that lwIP takes
_told = _TOTAL


def free():
    return _TOTAL - python - network


def fits(size):
    """Whether the network gets so many bytes more."""
    return _TOTAL - python - network >= size


def take(size):
    """Take so many bytes for the network, negative to give them back."""
    global network
    network += size
    _watch()


def grow(size):
    """Python's heap takes so many bytes more."""
    global python
    python += size
    _watch()


def _watch():
    """Tell the computer when less was left than ever before."""
    global _told
    left = _TOTAL - python - network
    if left < _told - _TELL_EVERY or (left < _told and left < _DANGER):
        _told = left
        link.report("network_memory", left)
