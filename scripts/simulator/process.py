"""One run of a program on the board: a process of its own, connected by a line of JSON messages
each way."""

import contextlib
import importlib.util
import json
import os
import secrets
import selectors
import socket
import subprocess
import sys
import threading
import time
from pathlib import Path

_FOLDER = Path(__file__).resolve().parent
_START_SECONDS = 60
_SIMULATOR_MEMORY = 440_000  # bytes in MicroPython, ample for what it loads
# Ctrl-C is for simulate.py alone.
_OWN_GROUP = (
    {"creationflags": subprocess.CREATE_NEW_PROCESS_GROUP}
    if sys.platform == "win32"
    else {"start_new_session": True}
)


class StartError(RuntimeError):
    """The interpreter didn't come up."""


def interpreter_is_available(vm):
    return vm == "cpython" or importlib.util.find_spec("micropython_unix") is not None


class BoardProcess:
    """Starts at once; `console(text)` is called from another thread with what the program prints.
    `memory`: bytes for the program in MicroPython, which gets the simulator's besides.
    `allocations`: MicroPython reports large ones, see bridge.py."""

    def __init__(self, vm, memory, start_message, console, allocations=False):
        self._pending = b""
        self._send_lock = threading.Lock()
        token = secrets.token_hex(8)
        with socket.create_server(("127.0.0.1", 0)) as listener:
            port = listener.getsockname()[1]
            command = [sys.executable, "-I", str(_FOLDER / "launcher.py"), str(os.getpid()), vm]
            command += [str(memory + _SIMULATOR_MEMORY), str(_FOLDER / "run.py")]
            command += [str(port), token, str(memory)]
            self._process = subprocess.Popen(
                command,
                stdin=subprocess.DEVNULL,
                stdout=subprocess.PIPE,
                stderr=subprocess.STDOUT,
                env={**os.environ, "SIMULATOR_BRIDGE": "allocations" if allocations else "yes"},
                **_OWN_GROUP,
            )
            self._reader = threading.Thread(target=self._read_console, args=(console,), daemon=True)
            self._reader.start()
            try:
                self._socket = self._accept(listener, token)
            except BaseException:
                self.kill()
                raise
        self.send(start_message)

    def _accept(self, listener, token):
        listener.settimeout(0.1)
        deadline = time.monotonic() + _START_SECONDS
        while time.monotonic() < deadline:
            if self._process.poll() is not None:
                raise StartError(f"the interpreter ended with code {self._process.returncode}")
            with contextlib.suppress(TimeoutError):
                connection, _ = listener.accept()
                connection.settimeout(5)
                if self._is_ours(connection, token):
                    connection.settimeout(None)
                    connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
                    return connection
                connection.close()
        raise StartError("the interpreter does not answer")

    def _is_ours(self, connection, token):
        hello = b""
        while not hello.endswith(b"\n"):
            piece = connection.recv(1)
            if not piece:
                return False
            hello += piece
        return json.loads(hello) == ["hello", token]

    def _read_console(self, console):
        with self._process.stdout as stream:
            while piece := stream.read1(4096):
                console(piece.decode("utf-8", "replace"))

    def fileno(self):
        return self._socket.fileno()

    @property
    def pid(self):
        """The number of the process, as the operating system knows it."""
        return self._process.pid

    def send(self, message):
        with self._send_lock, contextlib.suppress(OSError):
            self._socket.sendall(json.dumps(message).encode() + b"\n")

    def receive(self):
        """The events that have arrived; None when the process is gone. Call it when the socket is
        readable."""
        try:
            piece = self._socket.recv(65536)
        except OSError:
            piece = b""
        if not piece:
            return None
        *lines, self._pending = (self._pending + piece).split(b"\n")
        return [json.loads(line) for line in lines]

    def wait_for_event(self, timeout):
        """Waits until receive() has something to return; False after `timeout` seconds."""
        with selectors.DefaultSelector() as selector:
            selector.register(self._socket, selectors.EVENT_READ)
            return bool(selector.select(timeout))

    def kill(self):
        """Ends the process, as pulling the plug does, and returns its exit code."""
        if self._process.poll() is None:
            self._process.kill()
        code = self._process.wait()
        self._reader.join(5)
        if hasattr(self, "_socket"):
            self._socket.close()
        return code
