"""CPython's counterpart of MicroPython's module, as far as device code uses it."""


def const(value):
    return value
