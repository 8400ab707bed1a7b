"""`traceback` of CircuitPython for MicroPython: what device code needs of it."""

import io
import sys


def format_exception(error):
    """The traceback as a list of one text."""
    out = io.StringIO()
    sys.print_exception(error, out)
    return [out.getvalue()]
