"""The computer underneath: the one place where CPython and MicroPython differ."""

import sys

if sys.implementation.name == "micropython":
    from .host_micropython import *
else:
    from .host_cpython import *
