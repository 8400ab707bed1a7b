"""`traceback`, which CircuitPython has built in and MicroPython has not."""

import io
import sys


def format_exception(error):
    text = io.StringIO()
    sys.print_exception(error, text)
    return [text.getvalue()]
