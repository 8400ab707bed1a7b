"""The servers that are compared: where they come from, what they need, what they can."""

import importlib.util
import re
from dataclasses import dataclass, field
from pathlib import Path

from toolkit.environment import ROOT

OWN = "ehttpserver"
LIMIT = "limit"


@dataclass(frozen=True)
class Contender:
    """A server under test.

    program: module in device/ that does the work with it
    entry: the module whose import brings the server
    modules: the Python modules that it consists of, without what CircuitPython and its bundle bring
    bundle: a module of the bundle that it needs, imported before memory is counted
    distribution: its name on PyPI
    files: {module: file} in place of the installed ones
    """

    name: str
    program: str
    entry: str = ""
    modules: tuple = ()
    bundle: str = ""
    distribution: str = ""
    keep_alive: bool = False
    files: dict = field(default_factory=dict)

    def missing(self):
        """The first of its modules that isn't there; None when all are."""
        for name in self.modules:
            if name not in self.files and importlib.util.find_spec(name) is None:
                return name
        return None


def from_file(name, file):
    """A contender with the API of ehttpserver."""
    return Contender(
        name,
        "serve_ehttpserver",
        entry="ehttpserver",
        modules=("ehttpserver", "adafruit_ticks"),
        keep_alive=True,
        files={"ehttpserver": Path(file)},
    )


def known():
    """{name: Contender} of the limit, this library and its peers, in the order in which they are shown."""
    made = (
        Contender(LIMIT, "serve_limit", keep_alive=True),
        from_file(OWN, ROOT / "lib" / "ehttpserver.py"),
        _peer("biplane", "biplane"),
        _peer("adafruit_httpserver", "adafruit-circuitpython-httpserver"),
        _peer("microdot", "microdot", bundle="asyncio"),
        _peer(
            "chumicro",
            "chumicro-http-server",
            entry="chumicro_http_server.server",
            modules=("chumicro_http_server", "chumicro_timing"),
        ),
    )
    return {contender.name: contender for contender in made}


def _peer(name, distribution, **more):
    fields = {"entry": name, "modules": (name,), "distribution": distribution, **more}
    return Contender(name, f"serve_{name.removeprefix('adafruit_')}", **fields)


def parse_library(text):
    """(name, file) of NAME=FILE; ValueError with the reason when it isn't that."""
    name, separator, file = text.partition("=")
    if not separator or not re.fullmatch(r"[A-Za-z0-9][A-Za-z0-9._-]*", name):
        raise ValueError(f"{text!r} is not NAME=FILE with a NAME of letters, digits, . _ -")
    if name in known():
        raise ValueError(f"the name {name!r} is taken")
    path = Path(file)
    if not path.is_file():
        raise ValueError(f"there is no file {file}")
    return name, path.resolve()
