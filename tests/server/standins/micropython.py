"""What `adafruit_ticks` needs of MicroPython's module under CPython."""


def const(value):
    return value
