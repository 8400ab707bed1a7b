"""Gives MicroPython the names that CircuitPython has and the measured servers use. Import it before them."""

import builtins
import sys
import time


class _Supervisor:
    ticks_ms = staticmethod(time.ticks_ms)


class _Implementation:
    name = "circuitpython"  # libraries ask for it, to know which errors may come
    version = (10, 3, 1)


class _Sys:
    implementation = _Implementation

    def __getattr__(self, name):
        return getattr(sys, name)


class _Traceback:
    @staticmethod
    def print_exception(*error):
        sys.print_exception(error[-1] if len(error) < 3 else error[1], sys.stderr)

    @staticmethod
    def format_exception(error):
        return [repr(error)]


_time = {name: getattr(time, name) for name in dir(time)}
_time["monotonic"] = time.time
_time["monotonic_ns"] = time.time_ns
for _name in ("ConnectionError", "BrokenPipeError", "TimeoutError"):
    setattr(builtins, _name, type(_name, (OSError,), {}))
sys.modules["supervisor"] = _Supervisor
sys.modules["time"] = type("time", (), _time)
sys.modules["traceback"] = _Traceback
sys.modules["sys"] = _Sys()
