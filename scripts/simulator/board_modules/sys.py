"""`sys`: tells the program that it runs in CircuitPython."""

from core import power as _power
from core.host import format_exception as _format_exception
from core.host import interpreter as _interpreter


class _Implementation(tuple):
    @property
    def name(self):
        return self[0]

    @property
    def version(self):
        return self[1]

    @property
    def _mpy(self):
        return self[2]


implementation = _Implementation(("circuitpython", tuple(_power.version), 518))
version = "3.4.0; Adafruit CircuitPython %d.%d.%d on 2026-07-01" % tuple(_power.version)
version_info = (3, 4, 0)
platform = "RP2040"
maxsize = 0x7FFFFFFF
byteorder = "little"
argv = []
path = ["", "/", ".frozen", "/lib"]
modules = {}
stdin = _interpreter.stdin
stdout = _interpreter.stdout
stderr = _interpreter.stdout


def exit(retval=None):
    raise SystemExit(retval)


def print_exception(exc, file=None):
    print(_format_exception(exc), end="", file=file or stdout)
