"""A server in a MicroPython of its own, which ends by itself after its time and with this process."""

import contextlib
import json
import os
import socket
import subprocess
import sys
import time

from toolkit.environment import ROOT

from . import modules

# Twice a Pico W's: objects are twice as large on a computer with 64 bits.
HEAP = 256 * 1024

_LAUNCHER = ROOT / "scripts" / "simulator" / "launcher.py"
_MARK = "@bench "
_START_SECONDS = 20
_POLL_SECONDS = 0.01
_SPARE_SECONDS = 6  # beyond what the server's process is given, for starting and reporting


class ServerError(RuntimeError):
    """The server did not come up, did not report in time, or did something else than it was asked."""


class ServerProcess:
    """Starts at once: `with ServerProcess(contender, "beside_serve", setting, seconds=5) as server:`.

    beside: module in device/ that runs beside the server; more: its parameters, see there. `seconds` limits its life.
    """

    def __init__(self, contender, beside, setting, seconds, heap=HEAP, wrapper=(), **more):
        with socket.create_server(("127.0.0.1", 0)) as listener:
            self.port = listener.getsockname()[1]
        self._seconds = seconds
        self._output = setting.folder / f"output-{self.port}"
        spec = {
            "path": modules.path_for(contender),
            "contender": contender.program,
            "beside": beside,
            "port": self.port,
            "folder": str(setting.folder),
            "seconds": seconds,
            **more,
        }
        # Under a wrapper that counts, hashing must be the same each time, which isolation doesn't allow.
        python = [*wrapper, sys.executable] if wrapper else [sys.executable, "-I"]
        command = [*python, str(_LAUNCHER), str(os.getpid()), "micropython", str(heap)]
        # In a file, because MicroPython dies of a long argument.
        self._spec = setting.folder / f"spec-{self.port}.json"
        self._spec.write_text(json.dumps(spec), encoding="utf-8")
        with self._output.open("wb") as output:
            self._process = subprocess.Popen(
                [*command, str(modules.DEVICE / "child.py"), str(self._spec)],
                stdin=subprocess.DEVNULL,
                stdout=subprocess.DEVNULL,
                stderr=output,
                env={**os.environ, "PYTHONHASHSEED": "0"},
                cwd=setting.folder,
            )

    def __enter__(self):
        return self

    def __exit__(self, *error):
        self._process.terminate()
        try:
            self._process.wait(2)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait()
        self._spec.unlink()
        self._output.unlink()

    def _lines(self):
        """What the process has written; its last line may be a part of one."""
        return self._output.read_text("utf-8", errors="replace").strip().split("\n")

    def told(self, event):
        """The values of that event; None as long as the program has not told it."""
        for line in self._lines():
            if line.startswith(_MARK) and line.endswith("}"):
                values = json.loads(line[len(_MARK) :])
                if values["event"] == event:
                    return values
        return None

    def is_over(self, event):
        """Whether the program has told the event, or will tell nothing any more."""
        return self.told(event) is not None or not self.is_running

    def result(self, event, seconds=None):
        """What the program tells in that event; ServerError when it ends before or the time is over."""
        end = time.monotonic() + (seconds or self._seconds + _SPARE_SECONDS)
        while not self.is_over(event) and time.monotonic() < end:
            time.sleep(_POLL_SECONDS)
        found = self.told(event)
        if found is None:
            raise ServerError(self.why())
        return found

    def wait_until_listening(self):
        self.result("listening", _START_SECONDS)

    def wait_for_end(self):
        """Wait until the process has ended by itself, as it does after its report."""
        try:
            self._process.wait(self._seconds + _SPARE_SECONDS)
        except subprocess.TimeoutExpired as error:
            raise ServerError("the server's process doesn't end") from error

    @property
    def is_running(self):
        return self._process.poll() is None

    def reason_for(self, error):
        """Why an attempt failed with this error: what ended the process, if that is it."""
        with contextlib.suppress(subprocess.TimeoutExpired):
            self._process.wait(0.3)
        return str(error) if self.is_running else self.why()

    def why(self):
        """One line about how the process ended, or that it still runs."""
        raised = self.told("raised")
        if raised:
            return raised["error"]
        line = self._lines()[-1]
        if line and not line.startswith(_MARK):
            return line.strip()
        return "hangs" if self.is_running else f"ended with exit code {self._process.poll()}"


def with_enough_heap(attempt, contender, beside, setting, seconds, **more):
    """Run `attempt(server)` with a Pico W's heap and, if memory runs out, with four times as much.

    Returns its dict, "problem" added when it took the larger heap. The other arguments are ServerProcess's. Raises
    ServerError with the reason when it fails with both.
    """
    for heap in (HEAP, 4 * HEAP):
        with ServerProcess(contender, beside, setting, seconds, heap, **more) as server:
            try:
                server.wait_until_listening()
                found = attempt(server)
            except ServerError as error:
                reason = server.reason_for(error)
                continue
        if heap > HEAP:
            found["problem"] = f"failed with {HEAP >> 10} KB of heap and was given {heap >> 10} KB"
        return found
    raise ServerError(reason)
