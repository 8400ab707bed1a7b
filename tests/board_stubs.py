"""The typed API of CircuitPython's modules (package circuitpython-stubs), as far as its syntax
shows it."""

import ast
import importlib.util
import re
from functools import cache
from pathlib import Path

from toolkit.environment import ROOT

_PACKAGES = Path(importlib.util.find_spec("circuitpython_setboard").origin).parents[1]
_BOARD = _PACKAGES / "board_definitions" / "raspberry_pi_pico_w" / "__init__.pyi"

_TYPE_PARAMETERS = re.compile(
    r"(?<=\w)\[\w+\]\((?=\w+: \w+\) ->)"
)  # Python 3.12 syntax in one place


# The modules that device code may import and the simulator has.
BUILT_IN = {
    "adafruit_bus_device",
    "adafruit_pixelbuf",
    "alarm",
    "analogio",
    "array",
    "asyncio",
    "binascii",
    "board",
    "busio",
    "collections",
    "countio",
    "digitalio",
    "pwmio",
    "sdcardio",
    "errno",
    "gc",
    "hashlib",
    "io",
    "ipaddress",
    "json",
    "math",
    "mdns",
    "microcontroller",
    "micropython",
    "neopixel_write",
    "onewireio",
    "os",
    "random",
    "re",
    "rtc",
    "select",
    "socketpool",
    "storage",
    "struct",
    "supervisor",
    "sys",
    "time",
    "traceback",
    "watchdog",
    "wifi",
    "zlib",
}


@cache
def module(name):
    """The module's stub as a Scope, or None where the package has none."""
    path = _BOARD if name == "board" else _PACKAGES / f"{name}-stubs" / "__init__.pyi"
    if not path.is_file():
        return None
    text = _TYPE_PARAMETERS.sub("(", path.read_text(encoding="utf-8"))
    return Scope(ast.parse(text).body, name)


def device_files():
    """All Python files that run on the board."""
    found = [*ROOT.glob("*.py"), *(ROOT / "lib").rglob("*.py"), *(ROOT / "examples").rglob("*.py")]
    return sorted(path for path in found if "__pycache__" not in path.parts)


class Scope:
    """What a module or a class defines, by name."""

    def __init__(self, body, module_name):
        self.module_name = module_name
        self.functions = {}
        self.classes = {}
        self.values = {}  # name -> annotation or None
        self._read(body)

    def _read(self, body):
        for node in body:
            if isinstance(node, ast.FunctionDef):
                if any(getattr(d, "id", "") == "property" for d in node.decorator_list):
                    self.values[node.name] = node.returns
                elif not any(isinstance(d, ast.Attribute) for d in node.decorator_list):
                    self.functions[node.name] = node
            elif isinstance(node, ast.ClassDef):
                self.classes[node.name] = Scope(node.body, self.module_name)
            elif isinstance(node, ast.AnnAssign) and isinstance(node.target, ast.Name):
                self.values[node.target.id] = node.annotation
            elif isinstance(node, ast.Assign):
                for target in node.targets:
                    if isinstance(target, ast.Name):
                        self.values[target.id] = None
            elif isinstance(node, ast.If):
                self._read(node.body)

    def names(self):
        return {*self.functions, *self.classes, *self.values}

    def public(self):
        return {name for name in self.names() if not name.startswith("_")}


def parameters(function, is_method):
    """[(name, kind, has a default)] of a function's definition, without self."""
    arguments = function.args
    positional = [(argument.arg, "positional") for argument in arguments.posonlyargs]
    positional += [(argument.arg, "positional") for argument in arguments.args]
    first_default = len(positional) - len(arguments.defaults)
    found = [
        (name, kind, number >= first_default) for number, (name, kind) in enumerate(positional)
    ]
    is_static = any(getattr(d, "id", "") == "staticmethod" for d in function.decorator_list)
    if is_method and not is_static:
        found = found[1:]
    for argument, default in zip(arguments.kwonlyargs, arguments.kw_defaults):
        found.append((argument.arg, "keyword", default is not None))
    return found
