"""The command lines of simulate.py and test.py: what they print, how they end, what they leave
behind."""

import json
import os
import shutil
import signal
import socket
import subprocess
import sys
import threading
import time
import urllib.request

import pytest
from toolkit.environment import ROOT

SIMULATE = ROOT / "scripts" / "simulate.py"
DEADLINE = 90


def run(*arguments, script=SIMULATE, **more):
    return subprocess.run(
        [sys.executable, str(script), *map(str, arguments)],
        capture_output=True,
        text=True,
        timeout=DEADLINE,
        check=False,
        **more,
    )


class Running:
    """simulate.py in the background, its output kept line by line."""

    def __init__(self, *arguments):
        self.process = subprocess.Popen(
            [sys.executable, str(SIMULATE), *map(str, arguments)],
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
        )
        self.lines = []
        self._reader = threading.Thread(target=self._read, daemon=True)
        self._reader.start()

    def _read(self):
        with self.process.stdout:
            for line in self.process.stdout:
                self.lines.append(line)

    def line_with(self, text):
        """The first line that holds the text, which may have come already."""
        deadline = time.monotonic() + DEADLINE
        while time.monotonic() < deadline:
            found = [line for line in self.lines if text in line]
            if found:
                return found[0]
            assert self._reader.is_alive(), f"no {text!r} in\n" + "".join(self.lines)
            time.sleep(0.02)
        raise AssertionError(f"no {text!r} in\n" + "".join(self.lines))

    def url(self):
        return self.line_with("Open http://").split()[1]

    def end(self):
        """Presses Ctrl-C; returns the exit code."""
        self.process.send_signal(signal.SIGINT)
        code = self.process.wait(DEADLINE)
        self._reader.join(DEADLINE)
        return code


@pytest.fixture(autouse=True)
def folder_of_locks(tmp_path_factory, monkeypatch):
    """The folder for the scripts' locks (toolkit/locks.py): none stay in the system's."""
    monkeypatch.setenv("XDG_RUNTIME_DIR", str(tmp_path_factory.mktemp("locks")))


@pytest.fixture
def simulate():
    started = []

    def start(*arguments):
        started.append(Running(*arguments))
        return started[-1]

    yield start
    for running in started:
        if running.process.poll() is None:
            running.process.kill()
        running.process.wait()


@pytest.fixture
def blink(tmp_path):
    """A program that prints and serves nothing but a word."""
    file = tmp_path / "blink.py"
    file.write_text(
        "import socketpool, wifi\n"
        "wifi.radio.start_ap('net', 'long enough')\n"
        "pool = socketpool.SocketPool(wifi.radio)\n"
        "listener = pool.socket()\n"
        "listener.bind(('0.0.0.0', 80))\n"
        "listener.listen(2)\n"
        "print('program', end=' ')\n"
        "print('runs')\n"
        "while True:\n"
        "    connection, _ = listener.accept()\n"
        "    connection.recv_into(bytearray(1000))\n"
        "    connection.sendall(b'HTTP/1.0 200 OK\\r\\n\\r\\nhello')\n"
        "    connection.close()\n"
    )
    return file


def children(number):
    """The processes that a process has started, and theirs."""
    found = []
    for entry in os.listdir("/proc"):
        if entry.isdigit():
            try:
                with open(f"/proc/{entry}/stat") as file:
                    parent = int(file.read().rpartition(")")[2].split()[1])
            except OSError:
                continue
            if parent == number:
                found += [int(entry), *children(int(entry))]
    return found


def is_running(number):
    try:
        with open(f"/proc/{number}/stat") as file:
            return file.read().rpartition(")")[2].split()[0] != "Z"
    except OSError:
        return False


@pytest.mark.daily
def test_app_is_served_and_ctrl_c_ends_it(simulate, tmp_path, vm):
    running = simulate("--port", 0, "--drive", tmp_path / "drive", "--vm", vm)
    url = running.url()
    status = json.load(urllib.request.urlopen(url + "api/status", timeout=30))
    assert status["board"]["id"] == "raspberry_pi_pico_w"
    with urllib.request.urlopen(url, timeout=30) as page:
        assert page.headers["Content-Encoding"] == "gzip"
    assert running.end() == 0
    assert running.lines[-1] == "The board is off.\n"
    assert "Traceback" not in "".join(running.lines)
    names = {path.name for path in (tmp_path / "drive").iterdir()}
    assert {"boot.py", "code.py", "lib", "www", "settings.toml", "boot_out.txt"} <= names


def test_code_runs_a_file_in_place_of_the_app(simulate, tmp_path, blink, vm):
    running = simulate("--port", 0, "--drive", tmp_path / "d", "--code", blink, "--vm", vm)
    url = running.url()
    assert urllib.request.urlopen(url, timeout=10).read() == b"hello"
    running.line_with("| program runs")
    assert not (tmp_path / "d" / "boot.py").exists()
    assert running.end() == 0


def test_control_file_steers_and_its_mistakes_are_told(simulate, tmp_path):
    file = tmp_path / "watch.py"
    file.write_text(
        "import supervisor, time\nprint('ready')\n"
        "while not supervisor.runtime.usb_connected:\n    time.sleep(0.01)\nprint('computer')\n"
    )
    running = simulate("--port", 0, "--drive", tmp_path / "d", "--code", file)
    running.line_with("| ready")
    control = tmp_path / "d.state" / "control.json"
    control.write_text('{"usb": "sideways"}')
    assert "usb must be one of" in running.line_with("control.json:")
    control.write_text('{"usb": "mounted", "speed": 100}')
    running.line_with("| computer")
    running.line_with("| Code done running.")
    assert running.end() == 0


@pytest.mark.parametrize(
    ("arguments", "reason"),
    [
        (["--port", "high"], "'high' is no port (0 to 65535)"),
        (["--port", "65536"], "'65536' is no port (0 to 65535)"),
        (["--vm", "java"], "invalid choice: 'java'"),
        (["--heap", "1000", "--vm", "micropython"], "'1000' is no number of bytes from 65536"),
        (["--heap", "200000"], "--heap needs --vm micropython"),
        (["--code", "nowhere.py"], "there is no file nowhere.py"),
        (["--colour"], "unrecognized arguments: --colour"),
    ],
)
def test_wrong_option_is_one_clear_line(arguments, reason):
    done = run(*arguments)
    assert done.returncode == 2
    assert reason in done.stderr.splitlines()[-1]
    assert "Traceback" not in done.stderr


def test_used_port_is_one_clear_line(tmp_path):
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        done = run("--port", port, "--drive", tmp_path / "drive")
    assert done.returncode == 1
    assert done.stderr == (
        f"simulate.py: port {port} cannot be used (Address already in use); choose another with --port\n"
    )


def test_folder_with_other_things_is_never_used(tmp_path):
    (tmp_path / "thesis.odt").write_text("years of work")
    for options in ([], ["--fresh"]):
        done = run("--port", 0, "--drive", tmp_path, *options)
        assert done.returncode == 1
        assert done.stderr.startswith(f"simulate.py: {tmp_path} holds other files")
        assert len(done.stderr.splitlines()) == 1
    assert [path.name for path in tmp_path.iterdir()] == ["thesis.odt"]


def test_one_drive_serves_one_board(simulate, tmp_path, blink):
    drive = tmp_path / "d"
    running = simulate("--port", 0, "--drive", drive, "--code", blink)
    running.url()
    done = run("--port", 0, "--drive", drive, "--fresh")
    assert (done.returncode, done.stderr) == (
        1,
        f"simulate.py: {drive} is the drive of a board that runs; choose another with --drive\n",
    )
    assert (drive / "code.py").read_text() == blink.read_text()
    running.end()
    simulate("--port", 0, "--drive", drive, "--code", blink).url()


def test_file_is_no_drive(tmp_path):
    file = tmp_path / "file"
    file.touch()
    done = run("--port", 0, "--drive", file)
    assert (done.returncode, done.stderr) == (1, f"simulate.py: {file} is not a folder\n")


def test_mounted_drive_is_never_used():
    """It may be a real board's, which --fresh would empty."""
    for options in ([], ["--fresh"]):
        done = run("--port", 0, "--drive", "/proc", *options)
        assert done.returncode == 1
        assert done.stderr.startswith("simulate.py: /proc is a mounted drive")
        assert len(done.stderr.splitlines()) == 1


def test_drive_keeps_its_files_unless_fresh(simulate, tmp_path, blink):
    drive = tmp_path / "d"
    for options, kept in (([], False), ([], True), (["--fresh"], False)):
        running = simulate("--port", 0, "--drive", drive, "--code", blink, *options)
        running.url()
        assert (drive / "data" / "mine.csv").exists() == kept
        assert running.end() == 0
        (drive / "data").mkdir(exist_ok=True)
        (drive / "data" / "mine.csv").write_text("x")
        (tmp_path / "d.state" / "nvm.bin").write_bytes(bytes(4096))
    assert (drive / "sd" / "placeholder.txt").exists()


def test_help_needs_no_installation(tmp_path):
    copy = tmp_path / "project"
    shutil.copytree(
        ROOT / "scripts", copy / "scripts", ignore=shutil.ignore_patterns("node_modules")
    )
    for name in ("simulate.py", "test.py"):
        done = run("--help", script=copy / "scripts" / name)
        assert done.returncode == 0 and name in done.stdout
    assert not (copy / ".venv").exists()


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGHUP])
def test_other_signals_end_it_cleanly_too(simulate, tmp_path, blink, number):
    running = simulate("--port", 0, "--drive", tmp_path / "d", "--code", blink)
    running.url()
    below = children(running.process.pid)
    running.process.send_signal(number)
    assert running.process.wait(DEADLINE) == 0
    assert below and not any(is_running(child) for child in below)


def test_killed_parent_leaves_no_process(simulate, tmp_path, vm):
    busy = tmp_path / "busy.py"
    busy.write_text("print('busy')\nwhile True:\n    pass\n")
    running = simulate("--port", 0, "--drive", tmp_path / "d", "--code", busy, "--vm", vm)
    running.line_with("| busy")
    below = children(running.process.pid)
    assert below
    running.process.kill()
    running.process.wait(DEADLINE)
    deadline = time.monotonic() + 30
    while any(is_running(child) for child in below):
        assert time.monotonic() < deadline, "a process of the board outlives simulate.py"
        time.sleep(0.05)


def test_restarts_are_told(simulate, tmp_path):
    file = tmp_path / "restless.py"
    file.write_text(
        "import microcontroller, supervisor, watchdog\n"
        "count = microcontroller.nvm[0] % 255\n"
        "microcontroller.nvm[0] = count + 1\n"
        "if count == 0:\n    supervisor.reload()\n"
        "if count == 1:\n    microcontroller.reset()\n"
        "if count == 2:\n"
        "    microcontroller.watchdog.timeout = 0.5\n"
        "    microcontroller.watchdog.mode = watchdog.WatchDogMode.RESET\n"
        "    while True:\n        pass\n"
    )
    running = simulate("--port", 0, "--drive", tmp_path / "d", "--code", file)
    running.line_with("| Code done running.")
    told = [
        line.strip()
        for line in running.lines
        if line.startswith(("The board r", "code.py", "The w"))
    ]
    assert told == [
        "code.py starts again (supervisor reload).",
        "The board restarts (software).",
        "The watchdog was not fed in time.",
        "The board restarts (watchdog).",
    ]
    assert running.end() == 0


def test_failing_program_is_shown_and_the_board_stays(simulate, tmp_path):
    wrong = tmp_path / "wrong.py"
    wrong.write_text("import nowhere\n")
    running = simulate("--port", 0, "--drive", tmp_path / "d", "--code", wrong)
    running.line_with("| ImportError: no module named 'nowhere'")
    running.line_with("| Code done running.")
    assert running.process.poll() is None
    assert running.end() == 0


@pytest.mark.slow
def test_test_script_passes_on_pytests_result(tmp_path):
    script = ROOT / "scripts" / "test.py"
    file = tmp_path / "test_sample.py"
    file.write_text(
        "import pytest\n"
        "def test_good(): assert True\n"
        "@pytest.mark.slow\n"
        "def test_slow(): assert False\n"
        "def test_on_a_board(boards): assert False\n"
        "@pytest.mark.slow\n"
        "@pytest.mark.daily\n"
        "def test_daily(): assert True\n"
        "@pytest.mark.skip(reason='not here')\n"
        "def test_left_out(): assert False\n"
    )
    shutil.copy(ROOT / "tests" / "conftest.py", tmp_path)
    arguments = ["-q", "-p", "no:cacheprovider", "-c", ROOT / "pyproject.toml", file]
    environment = {name: value for name, value in os.environ.items() if name != "CI"}
    results = {
        "all": run(*arguments, script=script, env=environment),
        "fast": run("--fast", *arguments, script=script, env=environment),
        "no skips": run("--fast", "--no-skips", *arguments, script=script, env=environment),
        "CI": run("--fast", *arguments, script=script, env={**environment, "CI": "true"}),
    }
    assert (
        results["all"].returncode == 1 and "2 failed, 2 passed, 1 skipped" in results["all"].stdout
    )
    assert results["fast"].returncode == 0 and "2 passed, 1 skipped" in results["fast"].stdout
    for strict in ("no skips", "CI"):
        assert (
            results[strict].returncode == 1
            and "1 skipped: a failure here" in results[strict].stdout
        )
        assert "2 passed, 1 skipped" in results[strict].stdout.splitlines()[-1]
