"""The servers that are compared: where they come from, what they need, what they can."""

import importlib.util
import re
from dataclasses import dataclass, field
from pathlib import Path

from toolkit.environment import ROOT

OWN = "ehttpserver"
LIMIT = "limit"
NOTHING = "nothing"
VMS = ("cpython", "micropython")
_API_OF_EHTTPSERVER = "serve_ehttpserver"


@dataclass(frozen=True)
class Contender:
    """A server under test.

    program: module in device/ that serves the work with it
    modules: names of the Python modules it consists of, its dependencies included, without what CircuitPython brings
    module: what a program imports first
    files: {module: file} in place of the installed ones
    """

    name: str
    program: str
    module: str = ""
    modules: tuple = ()
    keep_alive: bool = False
    files: dict = field(default_factory=dict)
    note: str = ""

    @property
    def is_peer(self):
        """Whether it is a library, rather than a yardstick."""
        return self.name not in (LIMIT, NOTHING)

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
        _API_OF_EHTTPSERVER,
        module="ehttpserver",
        modules=("ehttpserver", "adafruit_ticks"),
        keep_alive=True,
        files={"ehttpserver": Path(file)},
    )


def known():
    """{name: Contender} of this library, its peers and the limit, in the order in which they are shown."""
    made = (
        Contender(
            LIMIT, "serve_limit", keep_alive=True, note="a hand-written socket loop; not a server"
        ),
        from_file(OWN, ROOT / "lib" / "ehttpserver.py"),
        Contender("biplane", "serve_biplane", "biplane", ("biplane",)),
        Contender(
            "adafruit_httpserver", "serve_adafruit", "adafruit_httpserver", ("adafruit_httpserver",)
        ),
        Contender(
            "microdot",
            "serve_microdot",
            "microdot",
            ("microdot",),
            note="on asyncio; under CPython with asyncio's own sockets, which have no board's limits",
        ),
        Contender(
            "chumicro",
            "serve_chumicro",
            "chumicro_http_server.server",
            ("chumicro_http_server", "chumicro_timing"),
            note="chumicro-http-server",
        ),
    )
    return {contender.name: contender for contender in made}


def nothing():
    """An empty program: what the machine itself does to the time of its steps."""
    return Contender(NOTHING, "serve_nothing")


def parse_library(text):
    """(name, file) of NAME=FILE; ValueError with the reason when it isn't that."""
    name, separator, file = text.partition("=")
    if not separator or not re.fullmatch(r"[A-Za-z0-9][A-Za-z0-9._-]*", name):
        raise ValueError(f"{text!r} is not NAME=FILE with a NAME of letters, digits, . _ -")
    if name in known() or name == NOTHING:
        raise ValueError(f"the name {name!r} is taken")
    path = Path(file)
    if not path.is_file():
        raise ValueError(f"there is no file {file}")
    return name, path.resolve()
