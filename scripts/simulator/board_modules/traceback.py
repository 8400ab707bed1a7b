"""`traceback`: as the board prints it, without source lines."""

import sys

from core.host import format_exception as _format


def format_exception(exc, value=None, tb=None, limit=None, chain=True):
    return [_format(value if value is not None else exc)]


def print_exception(exc, value=None, tb=None, limit=None, file=None, chain=True):
    print(_format(value if value is not None else exc), end="", file=file or sys.stderr)
