"""Every call of the board's modules in the device's code exists in CircuitPython, with those
arguments."""

import ast
from pathlib import Path

import board_stubs
import pytest
from toolkit.environment import ROOT

FILES = board_stubs.device_files()

# Parts of the app get these objects as arguments: the names tell what they are.
KNOWN_NAMES = {
    "radio": ("instance", "wifi", "Radio"),
    "pool": ("instance", "socketpool", "SocketPool"),
    "runtime": ("instance", "supervisor", "Runtime"),
    "rtc": ("instance", "rtc", "RTC"),
    "watchdog": ("instance", "watchdog", "WatchDogTimer"),
    "storage": ("module", "storage", None),
    "mdns": ("module", "mdns", None),
}
# A name that a file imports from the app itself counts more than these.

# Parameters with a default that the stub doesn't show: of Socket.recv_into, and of both functions
# of traceback.
OPTIONAL = {"bufsize", "value"}
# MicroPython's names, used where the board's are missing.
ALTERNATIVES = {("hashlib", "sha256")}


class Checker:
    """Finds out what the names in a file stand for, and checks each use of them."""

    def __init__(self, tree):
        self.tree = tree
        self.known = {}
        self.problems = []
        self.checked = 0
        self._own = set()
        self._collect_imports()
        self._collect_assignments()

    def _collect_imports(self):
        for node in ast.walk(self.tree):
            if isinstance(node, ast.Import):
                for alias in node.names:
                    if board_stubs.module(alias.name):
                        self.known[alias.asname or alias.name] = ("module", alias.name, None)
            elif isinstance(node, ast.ImportFrom):
                stub = board_stubs.module(node.module) if node.module and not node.level else None
                for alias in node.names:
                    local = alias.asname or alias.name
                    if stub is None:
                        self._own.add(local)
                    elif alias.name not in stub.names():
                        self.problems.append((node.lineno, f"{node.module} has no {alias.name}"))
                    else:
                        self.known[local] = self._member(("module", node.module, None), alias.name)

    def _collect_assignments(self):
        for _ in range(3):
            for node in ast.walk(self.tree):
                if isinstance(node, ast.Assign):
                    kind = self.resolve(node.value)
                    for target in node.targets:
                        text = ast.unparse(target)
                        if kind is not None and text.isidentifier() | text.startswith("self."):
                            self.known.setdefault(text, kind)

    def resolve(self, node):
        """What a node stands for: ("module", name, None), ("class" or "instance", module, class),
        ("function", definition, is a method, module) or None."""
        text = ast.unparse(node)
        if text in self.known:
            return self.known[text]
        name = text.removeprefix("self.").removeprefix("_")
        if name in KNOWN_NAMES and name not in self._own and text not in self._own:
            return KNOWN_NAMES[name]
        if isinstance(node, ast.Attribute):
            base = self.resolve(node.value)
            return self._member(base, node.attr) if base else None
        if isinstance(node, ast.Call):
            called = self.resolve(node.func)
            if called and called[0] == "class":
                return ("instance", *called[1:])
            if called and called[0] == "function":
                return self._annotated(called[1].returns, called[3])
        return None

    def _scope(self, kind):
        stub = board_stubs.module(kind[1])
        return stub if kind[0] == "module" else stub.classes[kind[2]]

    def _member(self, base, name):
        if base[0] == "function":
            return None
        scope = self._scope(base)
        if name in scope.functions:
            return ("function", scope.functions[name], base[0] != "module", base[1])
        if name in scope.classes:
            return ("class", base[1], name)
        if name in scope.values:
            return self._annotated(scope.values[name], base[1])
        return None

    @staticmethod
    def _annotated(annotation, module):
        text = ast.unparse(annotation) if annotation is not None else ""
        text = text.removeprefix("Optional[").removesuffix("]")
        owner, _, name = text.rpartition(".")
        owner = owner or module
        for candidate in (owner, "watchdog", "digitalio"):
            stub = board_stubs.module(candidate)
            if stub is not None and name in stub.classes:
                return ("instance", candidate, name)
        return None

    def check(self):
        guarded = self._guarded_names()
        for node in ast.walk(self.tree):
            if isinstance(node, ast.Attribute):
                base = self.resolve(node.value)
                if base is None or base[0] == "function":
                    continue
                self.checked += 1
                allowed = node.attr in guarded or (base[1], node.attr) in ALTERNATIVES
                if node.attr not in self._scope(base).names() and not allowed:
                    where = base[1] if base[0] == "module" else f"{base[1]}.{base[2]}"
                    self.problems.append((node.lineno, f"{where} has no {node.attr}"))
            elif isinstance(node, ast.Call):
                self._check_call(node)
        return self.problems

    def _guarded_names(self):
        """Names that the code checks with hasattr or getattr before it uses them."""
        return {
            node.args[1].value
            for node in ast.walk(self.tree)
            if isinstance(node, ast.Call)
            and getattr(node.func, "id", "") in ("hasattr", "getattr")
            and isinstance(node.args[1], ast.Constant)
        }

    def _check_call(self, node):
        called = self.resolve(node.func)
        if called is None or called[0] not in ("function", "class"):
            return
        if called[0] == "class":
            function = self._scope(called).functions.get("__init__")
            if function is None:
                return
            wanted = board_stubs.parameters(function, True)
        else:
            wanted = board_stubs.parameters(called[1], called[2])
        if any(isinstance(argument, ast.Starred) for argument in node.args):
            return
        positional = [name for name, kind, _ in wanted if kind == "positional"]
        names = {name for name, _, _ in wanted}
        keywords = {keyword.arg for keyword in node.keywords}
        given = set(positional[: len(node.args)]) | keywords
        missing = {name for name, _, default in wanted if not default} - given - OPTIONAL
        if len(node.args) > len(positional) or keywords - names or missing:
            self.problems.append((node.lineno, f"{ast.unparse(node)} does not fit {wanted}"))


@pytest.mark.parametrize("path", FILES, ids=lambda path: str(Path(path).relative_to(ROOT)))
def test_calls_exist(path):
    problems = Checker(ast.parse(path.read_text(encoding="utf-8"))).check()
    assert not problems, "\n".join(f"{path.name}:{line}: {text}" for line, text in problems)


def test_the_check_sees_the_apps_calls():
    seen = sum(
        checker.checked
        for checker in (Checker(ast.parse(path.read_text(encoding="utf-8"))) for path in FILES)
        if checker.check() is not None
    )
    assert seen > 60


@pytest.mark.parametrize(
    "code",
    [
        "import wifi\nwifi.radio.begin()",
        "import wifi\nwifi.radio.start_ap('x', 'y', 'z')",
        "import wifi\nwifi.radio.start_ap()",
        "from wifi import Wlan",
        "import digitalio, board\npin = digitalio.DigitalInOut(board.GP99)",
        "import digitalio, board\npin = digitalio.DigitalInOut(board.GP9)\npin.toggle()",
        "import microcontroller\nmicrocontroller.cpu.heat",
        "import microcontroller\nmicrocontroller.watchdog.feed(1)",
        "import socketpool, wifi\npool = socketpool.SocketPool(wifi.radio)\npool.socket().recv(5)",
        "class A:\n    def __init__(self, radio):\n        self._radio = radio\n    def f(self):\n        self._radio.nothing",
    ],
)
def test_the_check_finds_wrong_calls(code):
    assert Checker(ast.parse(code)).check()
