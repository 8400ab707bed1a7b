"""Where the simulator finds libraries that CircuitPython has built in and that come from PyPI
here."""

import importlib.util

_BUILT_IN = ("adafruit_pixelbuf",)


def built_in():
    """{module: file}"""
    return {name: importlib.util.find_spec(name).origin for name in _BUILT_IN}
