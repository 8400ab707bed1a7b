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

_LAUNCHER = ROOT / "scripts" / "simulator" / "launcher.py"
_MARK = "@bench "
_START_SECONDS = 20
_POLL_SECONDS = 0.01
_END_SECONDS = 0.3  # that a failing process may take until it is gone
_SPARE_SECONDS = 6  # beyond what the server's process is given, for starting and reporting


class ServerError(RuntimeError):
    """The server did not come up, did not report in time, or did something else than it was asked."""


class ServerProcess:
    """Starts at once: `with ServerProcess(contender, "beside_serve", setting, seconds=5) as server:`.

    beside: module in device/ that runs beside the server; more: its parameters, see there. `seconds` limits its life;
    `heap` is in bytes, else the setting's.
    A ServerError that leaves the block tells what ended the process, if something did.
    """

    def __init__(self, contender, beside, setting, seconds, heap=None, **more):
        with socket.create_server(("127.0.0.1", 0)) as listener:
            self.port = listener.getsockname()[1]
        self._seconds = seconds
        self._output = setting.folder / f"output-{self.port}"
        # In a file, because MicroPython dies of a long argument.
        self._spec = setting.folder / f"spec-{self.port}.json"
        spec = {
            "path": modules.path_for(contender),
            "contender": contender.program,
            "beside": beside,
            "port": self.port,
            "folder": str(setting.folder),
            "seconds": seconds,
            **more,
        }
        self._spec.write_text(json.dumps(spec), encoding="utf-8")
        command = [sys.executable, "-I", str(_LAUNCHER), str(os.getpid()), "micropython"]
        command += [str(heap or setting.heap), str(modules.DEVICE / "child.py"), str(self._spec)]
        with self._output.open("wb") as output:
            self._process = subprocess.Popen(
                command, stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=output
            )

    def __enter__(self):
        return self

    def __exit__(self, kind, error, _traceback):
        with contextlib.suppress(subprocess.TimeoutExpired):
            self._process.wait(_END_SECONDS if kind is ServerError else 0)
        reason = None if self.is_running else self._why()
        self._process.kill()
        self._process.wait()
        self._spec.unlink()
        self._output.unlink()
        if kind is ServerError and reason:
            raise ServerError(reason) from error

    @property
    def is_running(self):
        return self._process.poll() is None

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
            raise ServerError("hangs" if self.is_running else self._why())
        return found

    def wait_until_listening(self):
        self.result("listening", _START_SECONDS)

    def _why(self):
        """One line about how the process ended."""
        raised = self.told("raised")
        if raised:
            return raised["error"]
        line = self._lines()[-1].strip()
        known = line and not line.startswith(_MARK)
        return line if known else f"ended with exit code {self._process.poll()}"
