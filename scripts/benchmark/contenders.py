"""The servers that are compared: where they come from, what they need, what they can."""

import importlib.util
import re
from dataclasses import dataclass
from pathlib import Path

from toolkit.environment import ROOT
from toolkit.errors import ToolkitError

OWN = "ehttpserver"
LIMIT = "limit"


@dataclass(frozen=True)
class Contender:
    """A server under test.

    program: module in device/ that does the work with it
    modules: the Python modules that it consists of, without what CircuitPython and its bundle bring
    entry: the module whose import brings the server
    file: the source of `entry`, when it isn't the installed module
    bundle: a module of the bundle that it needs, imported before memory is counted
    distribution: its name on PyPI
    """

    name: str
    program: str
    modules: tuple = ()
    entry: str = ""
    file: Path | None = None
    bundle: str = ""
    distribution: str = ""
    keep_alive: bool = False

    def missing(self):
        """The first of its modules that isn't there; None when all are."""
        for name in self.modules:
            if not (self.file and name == self.entry) and importlib.util.find_spec(name) is None:
                return name
        return None


def _from_file(name, file):
    """A contender with the API of ehttpserver."""
    modules = ("ehttpserver", "adafruit_ticks")
    return Contender(
        name, "serve_ehttpserver", modules, entry="ehttpserver", file=file, keep_alive=True
    )


def _peer(name, distribution, modules, **more):
    fields = {"entry": modules[0], **more}
    return Contender(name, f"serve_{name}", modules, distribution=distribution, **fields)


def known():
    """{name: Contender} of the limit, this library and its peers, in the order in which they are shown."""
    made = (
        Contender(LIMIT, "serve_limit", keep_alive=True),
        _from_file(OWN, ROOT / "lib" / "ehttpserver.py"),
        _peer("biplane", "biplane", ("biplane",)),
        _peer("adafruit_httpserver", "adafruit-circuitpython-httpserver", ("adafruit_httpserver",)),
        _peer("microdot", "microdot", ("microdot",), bundle="asyncio"),
        _peer(
            "chumicro",
            "chumicro-http-server",
            ("chumicro_http_server", "chumicro_timing"),
            entry="chumicro_http_server.server",
        ),
    )
    return {contender.name: contender for contender in made}


def from_option(text, taken):
    """The contender that NAME=FILE describes; ToolkitError when it doesn't, or the name is `taken`."""
    name, separator, file = text.partition("=")
    if not separator or not re.fullmatch(r"[A-Za-z0-9][A-Za-z0-9._-]*", name):
        raise ToolkitError(f"--library: {text!r} is not NAME=FILE with a NAME of A-Z, 0-9, . _ -")
    if name in taken:
        raise ToolkitError(f"--library: the name {name!r} is taken")
    if not Path(file).is_file():
        raise ToolkitError(f"--library: there is no file {file}")
    return _from_file(name, Path(file).resolve())
