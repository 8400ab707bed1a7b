"""Fixtures for all tests: simulated boards and runs in the real MicroPython. CI fails when a test
is skipped."""

import gc
import importlib.util
import itertools
import os
import signal
import subprocess
import sys
import threading
from pathlib import Path, PurePosixPath

import programs
import pytest
from playwright.sync_api import sync_playwright
from simulator import attached
from simulator.board import DEFAULT_HEAP, SOURCE_CLUSTERS, SimulatedBoard
from simulator.fresh_drive import prepare
from simulator.libraries import built_in
from simulator.process import interpreter_is_available

ROOT = Path(__file__).resolve().parents[1]

# Not `-m micropython_unix`: that ends with 0 whatever the script does.
_MICROPYTHON = "import sys, micropython_unix; sys.exit(micropython_unix.main())"
_CHROMIUM_FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
# Events that fail a test unless it expects them, and what they mean.
_FAILURES = {
    "bite": "the watchdog has reset the board",
    "fault": "CircuitPython would have had a hard fault",
    "memory_error": "an allocation found no memory, and on the board the heap would grow",
}
_SLOW_FIXTURES = {"boards", "simulate", "chromium"}
_START_SECONDS = 60
_RUN_SECONDS = 120


def pytest_addoption(parser):
    parser.addoption(
        "--no-skips",
        action="store_true",
        default=bool(os.environ.get("CI")),
        help="fail when a test is skipped (always so where the environment has CI set)",
    )


def pytest_configure():
    """Processes that a test starts must obey its Ctrl-C, even when a shell runs the tests in the
    background: it makes them, and all processes that they start, ignore it."""
    if signal.getsignal(signal.SIGINT) == signal.SIG_IGN:
        signal.signal(signal.SIGINT, signal.default_int_handler)


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(items):
    """A test that starts a board or a browser is slow."""
    for item in items:
        if not _SLOW_FIXTURES.isdisjoint(item.fixturenames):
            item.add_marker("slow")


def pytest_collection_finish():
    """Hides the thousands of collected tests from the garbage collector: device code asks it to
    collect all the time."""
    gc.collect()
    gc.freeze()


@pytest.hookimpl(trylast=True)
def pytest_sessionfinish(session, exitstatus):
    reporter = session.config.pluginmanager.get_plugin("terminalreporter")
    if reporter is None or not session.config.getoption("--no-skips"):
        return
    skipped = len(reporter.stats.get("skipped", ()))
    if skipped and exitstatus == pytest.ExitCode.OK:
        reporter.write_line(
            f"{skipped} skipped: a failure here, every component must be there", red=True
        )
        session.exitstatus = pytest.ExitCode.TESTS_FAILED


class Board(SimulatedBoard):
    """A simulated board with what tests need. `url` and `dns_port` are known once the board
    listens. `expected` are the kinds of events that would fail any other test."""

    def __init__(self, *arguments, expected=(), **more):
        self._expected = expected
        super().__init__(*arguments, **more)

    def check(self):
        """Fails when something has happened to the board that must not."""
        for kind, meaning in _FAILURES.items():
            found = self.events(kind)
            assert kind in self._expected or not found, (
                f"{meaning}: {found}\n--- console ---\n{self.output()[-4000:]}"
            )

    @property
    def url(self):
        """The address of the pages, without a slash at the end."""
        return f"http://127.0.0.1:{self.ports['tcp:80']}"

    @property
    def dns_port(self):
        """The port of the name server; waits until there is one."""
        return self.wait_or_fail(lambda: self.ports["udp:53"], "no name server")

    def start(self):
        """Switches on and returns when the board listens on port 80."""
        self.power_on()
        return self.wait_until_listening(1)

    def wait_until_listening(self, times):
        """Waits until port 80 has been opened `times` times since the beginning; otherwise fails
        with the console's text."""
        self.wait_or_fail(lambda: self._times_listening() >= times, "the board does not listen")
        return self

    def _times_listening(self):
        return self.events("listening").count([80])

    def wait_or_fail(self, condition, message, timeout=_START_SECONDS):
        value = self.wait(condition, timeout)
        assert value, f"{message}\n--- console ({self.status}) ---\n{self.output()}"
        return value

    def wait_for_output(self, text, timeout=_START_SECONDS):
        self.wait_or_fail(lambda: text in self.output(), f"no {text!r} on the console", timeout)

    def run_to_the_end(self, timeout=_RUN_SECONDS, check=True):
        """Switches on, unless it is, and waits for the program's end; returns what it printed.

        Fails when the program doesn't end in time or, unless check=False, ends with an error.
        """
        self.power_on()
        ended = self.wait(lambda: self.status in ("done", "error", "missing", "crashed"), timeout)
        assert ended, f"still running after {timeout} s\n{self.output()}"
        assert not check or self.status == "done", self.output()
        return self.output().removesuffix("\nCode done running.\n")

    def _and_wait(self, action):
        before = self._times_listening()
        action()
        return self.wait_until_listening(before + 1)

    def restart(self):
        """Presses the reset button and waits until the board listens again."""
        return self._and_wait(self.press_reset)

    def power_cycle(self):
        """Takes the power away at once, gives it back and waits until the board listens again."""
        self.stop()
        return self._and_wait(self.power_on)

    def attach_computer(self):
        """Plugs in a computer, which mounts the drive."""
        self.change(usb="mounted")

    def eject_drive(self):
        """Lets the computer eject the drive and stay plugged in."""
        self.change(usb="ejected")

    def detach_computer(self):
        self.change(usb="none")

    def computer_writes(self, path, content):
        """Lets the computer write a file of the drive; code.py starts anew then, as on the
        board."""
        target = self.drive / path
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_bytes(content.encode() if isinstance(content, str) else content)
        self.change(drive_changed=self.conditions["drive_changed"] + 1)
        self.reload()


@pytest.fixture(scope="session")
def payload_folder(tmp_path_factory):
    """The files that a deployment puts on the drive, modules as sources. Not to be written to."""
    from toolkit.payload import assembly, mpy

    folder = tmp_path_factory.mktemp("payload")
    assembly.build(folder, mpy.SOURCE)
    return folder


@pytest.fixture(scope="session")
def compiled_payload_folder(tmp_path_factory):
    """The same for MicroPython, modules compiled."""
    from toolkit.payload import assembly, mpy

    folder = tmp_path_factory.mktemp("compiled-payload")
    assembly.build(folder, mpy.MICROPYTHON)
    return folder


@pytest.fixture
def boards(request, tmp_path):
    """Makes simulated boards: `boards(vm="micropython", settings={"KEY": value}, usb="mounted")`.

    files: {path on the drive: text or bytes}, on top of the payload; payload=False leaves that out
    (a bare board).
    settings: values for settings.toml, in place of or beside those in the payload's.
    start=False gives a board that isn't switched on yet. All other arguments go to SimulatedBoard:
    vm, heap, version, clusters, traced, and the conditions of simulator.conditions.DEFAULTS.
    All boards are stopped in the end; a reset by the watchdog, a hard fault or a MemoryError fails
    the test unless expected=("bite", "fault", "memory_error") names it.
    """
    made = []
    numbers = itertools.count()

    def make(vm="cpython", settings=None, files=None, payload=True, start=True, heap=None, **more):
        _require_interpreter(vm)
        drive = tmp_path / f"board-{next(numbers)}"
        state = prepare(drive, fresh=False)
        if payload:
            built = "payload_folder" if vm == "cpython" else "compiled_payload_folder"
            _copy_tree(request.getfixturevalue(built), drive)
        for path, content in (files or {}).items():
            target = drive / path
            target.parent.mkdir(parents=True, exist_ok=True)
            target.write_bytes(content.encode() if isinstance(content, str) else content)
        if settings:
            change_settings(drive / "settings.toml", settings)
        if payload and "SENSORS" in (settings or {}):
            _add_drivers(drive, settings["SENSORS"], vm)
            more.setdefault("sensors", attached.chosen(drive / "settings.toml"))
        if vm == "cpython":  # its modules are sources, which would fill a board's drive
            more.setdefault("clusters", SOURCE_CLUSTERS)
        board = Board(drive, state, vm=vm, heap=heap, libraries=built_in(), **more)
        made.append(board)
        return board.start() if start else board

    yield make
    for board in made:
        board.stop()
    leftover = [thread.name for thread in threading.enumerate() if thread.name == "simulated board"]
    assert not leftover, "a board is still running"
    for board in made:
        board.check()


@pytest.fixture
def on_board(boards):
    """Runs a script as code.py of a bare board: `on_board("print(1)", vm="micropython") == "1\\n"`.

    Returns what it printed, without the lines of the firmware; takes what `boards` takes. Fails
    when the script does, unless check=False.
    """

    def run(script, check=True, timeout=_RUN_SECONDS, files=None, **more):
        files = {"code.py": script, **(files or {})}
        board = boards(files=files, payload=False, start=False, **more)
        return board.run_to_the_end(timeout, check)

    return run


@pytest.fixture(scope="session")
def chromium():
    """Headless Chromium; one for all tests, because Playwright starts only once in a thread."""
    program = programs.need("chromium", "chromium")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=program, args=_CHROMIUM_FLAGS)
        yield browser
        browser.close()


@pytest.fixture(params=["cpython", "micropython"])
def vm(request):
    """Both interpreters, one after the other."""
    _require_interpreter(request.param)
    return request.param


def _add_drivers(drive, sensors, vm):
    """Adds the chosen kinds of sensors and their drivers, as a deployment does."""
    from toolkit.payload import device_libraries, drivers, mpy

    own = {
        PurePosixPath(file.relative_to(ROOT).as_posix()): file.read_bytes()
        for file in (ROOT / "lib").rglob("*.py")
    }
    libraries = device_libraries.device_libraries(print)
    libraries |= {path: own.pop(path) for path in list(own) if path.parent == drivers.PLAIN}
    found = drivers.needed(own, libraries, sensors)
    for kind in drivers.kinds(sensors):
        path = PurePosixPath(f"lib/datalogger/sensors/{kind}.py")
        if path in own:
            found[path] = own[path]
    form = mpy.SOURCE if vm == "cpython" else mpy.MICROPYTHON
    for path, content in mpy.compiled(found, form).items():
        if not (drive / path).exists():
            (drive / path).parent.mkdir(parents=True, exist_ok=True)
            (drive / path).write_bytes(content)


def _require_interpreter(vm):
    if not interpreter_is_available(vm):
        pytest.skip("there is no MicroPython for this system on PyPI")


def _copy_tree(source, target):
    for path in source.rglob("*"):
        if path.is_file():
            copy = target / path.relative_to(source)
            copy.parent.mkdir(parents=True, exist_ok=True)
            copy.write_bytes(path.read_bytes())


def change_settings(file, values):
    """Sets keys of a settings.toml; each replaces the line of its key or is added at the end."""
    lines = file.read_text(encoding="utf-8").splitlines() if file.exists() else []
    for key, value in values.items():
        line = f"{key} = {_toml(value)}"
        same = [number for number, old in enumerate(lines) if old.partition("=")[0].strip() == key]
        if same:
            lines[same[0]] = line
        else:
            lines.append(line)
    file.write_text("\n".join(lines) + "\n", encoding="utf-8")


def _toml(value):
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, str):
        return '"' + value.replace("\\", "\\\\").replace('"', '\\"').replace("\n", "\\n") + '"'
    return str(value)


@pytest.fixture
def micropython(tmp_path):
    """Runs a script in the real MicroPython: `micropython("print(1)").stdout == "1\\n"`.

    `script` is text or a Path, `arguments` become sys.argv[1:], `heap` is its memory in bytes,
    `path` are folders for its imports (lib/ of the project and adafruit_ticks are always there). It
    has no stand-ins: `on_board` has those. Returns a subprocess.CompletedProcess with text; fails
    the test when the script ends with an error, unless check=False.
    """
    _require_interpreter("micropython")
    numbers = itertools.count()

    def run(script, *arguments, heap=DEFAULT_HEAP, path=(), timeout=_RUN_SECONDS, check=True):
        if not isinstance(script, Path):
            file = tmp_path / f"script-{next(numbers)}.py"
            file.write_text(script, encoding="utf-8")
            script = file
        libraries = Path(importlib.util.find_spec("adafruit_ticks").origin).parent
        folders = [*map(str, path), str(ROOT / "lib"), ".frozen", str(libraries)]
        completed = subprocess.run(
            [sys.executable, "-c", _MICROPYTHON, "-X", f"heapsize={heap}", str(script)]
            + [str(argument) for argument in arguments],
            env={**os.environ, "MICROPYPATH": ":".join(folders)},
            capture_output=True,
            text=True,
            timeout=timeout,
            check=False,
        )
        if check:
            assert completed.returncode == 0, completed.stdout + completed.stderr
        return completed

    return run
