"""A server in a process of its own, which ends by itself after its time and with this one."""

import contextlib
import json
import os
import socket
import subprocess
import sys
import threading
import time
from pathlib import Path

from simulator.process import interpreter_is_available
from toolkit.environment import ROOT

from . import modules

_LAUNCHER = ROOT / "scripts" / "simulator" / "launcher.py"
_MARK = "@bench "
_START_SECONDS = 20
_SPARE_SECONDS = 6  # beyond what the server's process is given, for starting and reporting
# Twice a Pico W's: objects are twice as large on a computer with 64 bits.
HEAP = 256 * 1024


class ServerError(RuntimeError):
    """The server did not come up, or did not report in time."""


def why_not(vm):
    """Why an interpreter can't be used here; None when it can."""
    return None if interpreter_is_available(vm) else "PyPI has no MicroPython for this system"


def free_port():
    with socket.create_server(("127.0.0.1", 0)) as listener:
        return listener.getsockname()[1]


class ServerProcess:
    """Starts at once: `with ServerProcess(contender, vm, "beside_serve", files, seconds=5) as server:`.

    beside: module in device/ that runs beside the server; more: its parameters, see there. `seconds` limits its life.
    """

    def __init__(
        self, contender, vm, beside, files, seconds, heap=HEAP, options=None, wrapper=(), **more
    ):
        self.port = free_port()
        self.contender = contender
        self._seconds = seconds
        self._events = []
        self._text = []
        self._changed = threading.Condition()
        self._ended = False
        spec = {
            "path": modules.path_for(contender, vm),
            "contender": contender.program,
            "beside": beside,
            "options": options or {},
            "port": self.port,
            "folder": str(files),
            "seconds": seconds,
            **more,
        }
        # Under a wrapper that counts, hashing must be the same each time, which isolation doesn't allow.
        python = [*wrapper, sys.executable] if wrapper else [sys.executable, "-I"]
        command = [*python, str(_LAUNCHER), str(os.getpid()), vm, str(heap)]
        # In a file, because MicroPython dies of a long argument.
        self._spec = Path(files) / f"spec-{self.port}.json"
        self._spec.write_text(json.dumps(spec), encoding="utf-8")
        command += [str(modules.DEVICE / "child.py"), str(self._spec)]
        self._process = subprocess.Popen(
            command,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.PIPE,
            env={**os.environ, "PYTHONHASHSEED": "0"},
            cwd=files,
        )
        self._reader = threading.Thread(target=self._read, daemon=True)
        self._reader.start()

    def __enter__(self):
        return self

    def __exit__(self, *error):
        self.stop()

    def _read(self):
        with self._process.stderr as stream:
            for line in stream:
                text = line.decode("utf-8", "replace")
                with self._changed:
                    if text.startswith(_MARK):
                        self._events.append(json.loads(text[len(_MARK) :]))
                    else:
                        self._text.append(text)
                    self._changed.notify_all()
        with self._changed:
            self._ended = True
            self._changed.notify_all()

    def wait_for(self, event, seconds):
        """The values of the event; ServerError when the process ends before or the time is over."""
        end = time.monotonic() + seconds
        with self._changed:
            while True:
                for found in self._events:
                    if found["event"] == event:
                        return found
                left = end - time.monotonic()
                if self._ended or left <= 0:
                    raise ServerError(self.why())
                self._changed.wait(left)

    def has(self, event):
        """Whether the event has been told, or none will be any more."""
        with self._changed:
            return self._ended or any(found["event"] == event for found in self._events)

    def wait_until_listening(self, seconds=_START_SECONDS):
        self.wait_for("listening", seconds)
        return self

    def result(self, event):
        """What the program beside the server reports at its end."""
        found = dict(self.wait_for(event, self._seconds + _SPARE_SECONDS))
        del found["event"]
        return found

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
        if self.is_running:
            return str(error)
        self._reader.join(5)
        return self.why()

    def why(self):
        """One line about how the process ended, or that it still runs."""
        for event in self._events:
            if event["event"] == "raised":
                return event["error"]
        lines = [line.strip() for line in self._text if line.strip()]
        if lines:
            return lines[-1]
        return "hangs" if self.is_running else f"ended with exit code {self._process.poll()}"

    def stop(self):
        if self._process.poll() is None:
            self._process.terminate()
            with contextlib.suppress(subprocess.TimeoutExpired):
                self._process.wait(2)
            if self._process.poll() is None:
                self._process.kill()
        self._process.wait()
        self._reader.join(5)
        self._spec.unlink(missing_ok=True)
