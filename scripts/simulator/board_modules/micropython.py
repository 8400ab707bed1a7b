"""`micropython` for CPython; MicroPython has its own."""


def const(expr):
    return expr


def opt_level(level=None):
    return 0
