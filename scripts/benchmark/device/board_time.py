"""MicroPython's `time` with CircuitPython's names beside its own; all of them are written in C, as on a board."""

from time import *
from time import time as monotonic  # noqa: F401
from time import time_ns as monotonic_ns  # noqa: F401
