"""`micropython` for CPython: what device code and `adafruit_ticks` need of it."""


def const(value):
    """The value itself."""
    return value
