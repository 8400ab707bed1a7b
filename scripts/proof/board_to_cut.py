"""The MicroPython in which the app's storage code runs on FatFs (device/board_to_cut.py)."""

import contextlib
import json
import os
import selectors
import subprocess
import sys
from pathlib import Path

_FOLDER = Path(__file__).resolve().parent
_LAUNCHER = _FOLDER.parent / "simulator" / "launcher.py"
_HEAP = 24 * 1024 * 1024  # what is proven here does not depend on the memory
_ANSWER_SECONDS = 120


class BoardError(RuntimeError):
    """The board's side failed, which it must not, whatever is on the drive."""


class BoardToCut:
    """Answers the commands of device/board_to_cut.py: `board("power_up", image=file, ...)`."""

    def __init__(self):
        device = _FOLDER / "device"
        command = [sys.executable, "-I", str(_LAUNCHER), str(os.getpid()), "micropython"]
        self._process = subprocess.Popen(
            [*command, str(_HEAP), str(device / "board_to_cut.py")],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            env={**os.environ, "MICROPYPATH": f"{device}:.frozen", "TZ": "UTC"},
        )
        self._waiting = b""
        self.console = []  # what was printed since the last command

    def __enter__(self):
        return self

    def __exit__(self, *error):
        self.close()

    def __call__(self, command, **arguments):
        arguments = {
            name: str(value) if isinstance(value, Path) else value
            for name, value in arguments.items()
        }
        self.console.clear()
        self._process.stdin.write(json.dumps({"do": command, **arguments}).encode() + b"\n")
        self._process.stdin.flush()
        while not (line := self._line()).startswith("@"):
            self.console.append(line)
        result = json.loads(line[1:])
        if "failed" in result:
            raise BoardError("\n".join([f"{command}: {result['failed']}", *self.console]))
        return result

    def _line(self):
        with selectors.DefaultSelector() as selector:
            selector.register(self._process.stdout, selectors.EVENT_READ)
            while b"\n" not in self._waiting:
                piece = b""
                if selector.select(_ANSWER_SECONDS):
                    piece = os.read(self._process.stdout.fileno(), 1 << 20)
                if not piece:
                    text = "\n".join([*self.console, self._waiting.decode("utf-8", "replace")])
                    raise BoardError(f"MicroPython has ended or does not answer:\n{text}")
                self._waiting += piece
        line, _, self._waiting = self._waiting.partition(b"\n")
        return line.decode("utf-8", "replace").rstrip("\r")

    def close(self):
        """End the interpreter."""
        with contextlib.suppress(OSError):
            self._process.stdin.close()
        try:
            self._process.wait(5)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait()
        self._process.stdout.close()
