"""`micropython` for the computer's Python: what device code needs of it."""


def const(value):
    """The value itself."""
    return value
