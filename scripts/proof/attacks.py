"""What strangers do to a server. Each attack has a name and `run()`, which ends by itself after
about `seconds` and returns a line about what it did."""

import contextlib
import re
import resource
import selectors
import socket
import struct
import subprocess
import time
from collections import Counter
from concurrent.futures import ThreadPoolExecutor

from . import probes, visits

_RESET = struct.pack("ii", 1, 0)  # SO_LINGER: closing sends RST
_SLOW_MODES = {  # name: options of slowhttptest
    "headers": ("-H", "-i", "1"),
    "body": ("-B", "-i", "1", "-s", "8000"),
    "range": ("-R", "-a", "10", "-b", "3000"),
    "reading": ("-X", "-w", "10", "-y", "20", "-n", "1", "-z", "5", "-k", "3"),
}
_STRANGERS = 4
_MAX_PATIENCE_S = 20
_HALF = b"GET /api/status HTTP/1.1\r\nHost: 127.0.0.1\r\nX-Slow: "
# A body that the board would take, and something large to read
_PATHS = {"body": "/api/login", "reading": "/uplot/uPlot.js"}


class SlowHttpTest:
    """slowhttptest: many connections that are slow in one of its four ways."""

    def __init__(self, port, seconds, mode, connections=200):
        self.name = f"slowhttptest, slow {mode}" if mode != "range" else "slowhttptest, ranges"
        path = _PATHS.get(mode, "/")
        self._command = ["slowhttptest", *_SLOW_MODES[mode], "-c", str(connections), "-r", "100"]
        self._command += ["-l", str(seconds), "-p", "5", "-u", f"http://127.0.0.1:{port}{path}"]
        self._seconds = seconds

    def run(self):
        completed = subprocess.run(
            self._command, capture_output=True, text=True, timeout=self._seconds + 60, check=False
        )
        # Its last table; it draws with colours.
        text = re.sub(r"\x1b\[[0-9;]*[A-Za-z]", "", completed.stdout)
        table = {
            name: found[-1]
            for name in ("connected", "closed", "error", "pending")
            if (found := re.findall(rf"{name}:\s+(\d+)", text))
        }
        if not table:
            raise RuntimeError(f"slowhttptest: {completed.stderr or text[-300:]}")
        return ", ".join(f"{count} {name}" for name, count in table.items())


class Wrk:
    """wrk: as many requests as fit through 50 connections."""

    name = "wrk, 50 connections"

    def __init__(self, port, seconds):
        self._command = ["wrk", "-t2", "-c50", f"-d{seconds}s", "--timeout", "20s"]
        self._command += [f"http://127.0.0.1:{port}/api/status"]
        self._seconds = seconds

    def run(self):
        completed = subprocess.run(
            self._command, capture_output=True, text=True, timeout=self._seconds + 60, check=False
        )
        found = re.search(r"(\d+) requests in", completed.stdout)
        errors = re.search(r"Socket errors: (.*)", completed.stdout)
        if not found:
            raise RuntimeError(f"wrk: {completed.stderr or completed.stdout}")
        return f"{found[1]} requests answered" + (f" ({errors[1]})" if errors else "")


class Resets:
    """Connections that are opened and reset at once, half of them with a request under way."""

    def __init__(self, port, seconds, count):
        self.name = f"{count} connections opened and reset"
        self._port = port
        self._count = count
        self._patience_s = max(60, 4 * seconds)

    def run(self):
        done = refused = 0
        end = time.monotonic() + self._patience_s
        while done + refused < self._count and time.monotonic() < end:
            with socket.socket() as link:
                link.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, _RESET)
                link.settimeout(0.05)  # where the queue is full, nobody waits to attack
                try:
                    link.connect(("127.0.0.1", self._port))
                    if done % 2:
                        link.send(_HALF)
                    done += 1
                except OSError:
                    refused += 1
        return f"{done} connected and reset, {refused} found no place in the queue"


class HalfRequests:
    """Requests that are begun and never ended."""

    def __init__(self, port, seconds, count=1000):
        self.name = f"{count} half-requests left open"
        self._port = port
        self._seconds = seconds
        self._count = count

    def run(self):
        _allow_files(self._count + 200)
        links = []
        connected = ended = 0
        end = time.monotonic() + self._seconds
        with selectors.DefaultSelector() as selector:
            try:
                while time.monotonic() < end:
                    for _ in range(min(100, self._count - len(links))):
                        link = socket.socket()
                        link.setblocking(False)
                        link.connect_ex(("127.0.0.1", self._port))
                        selector.register(link, selectors.EVENT_WRITE)
                        links.append(link)
                    for key, event in selector.select(0.1):
                        if event & selectors.EVENT_WRITE:
                            connected += self._begin(selector, key.fileobj)
                        else:
                            ended += self._listen(selector, key.fileobj)
            finally:
                for link in links:
                    link.close()
        return f"{connected} of them were connected, the board has ended {ended}"

    @staticmethod
    def _begin(selector, link):
        with contextlib.suppress(OSError):
            link.send(_HALF)
            selector.modify(link, selectors.EVENT_READ)
            return 1
        selector.unregister(link)
        return 0

    @staticmethod
    def _listen(selector, link):
        with contextlib.suppress(OSError):
            if link.recv(4096):
                return 0
        selector.unregister(link)
        return 1


class Strange:
    """Requests that are too large, and what port scanners say: some at once, each until the board
    has answered or closed, or for so many seconds."""

    def __init__(self, port, name, cases, seconds):
        self.name = name
        self._port = port
        self._cases = cases
        self._patience_s = min(seconds, _MAX_PATIENCE_S)

    def run(self):
        with ThreadPoolExecutor(_STRANGERS) as pool:
            statuses = Counter(pool.map(self._ask, self._cases))
        words = ", ".join(f"{count} x {word}" for word, count in sorted(statuses.items()))
        return f"{len(self._cases)} kinds; answers: {words}"

    def _ask(self, case):
        name, content = case
        answer = visits.talk(self._port, content, timeout=self._patience_s)
        if answer is None:
            return "nothing"
        if not re.match(rb"HTTP/1\.1 [2345]\d\d ", answer):
            raise RuntimeError(f"{name}: answered {answer[:60]!r}")
        return answer[9:12].decode()


def all_attacks(port, seconds, resets):
    """The attacks on a board at that port."""
    return [
        *(SlowHttpTest(port, seconds, mode) for mode in _SLOW_MODES),
        Wrk(port, seconds),
        Resets(port, seconds, resets),
        HalfRequests(port, seconds),
        Strange(port, "oversized requests", probes.OVERSIZED, seconds),
        Strange(port, "a port scanner's probes", probes.SCANNER, seconds),
    ]


def _allow_files(count):
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    if soft < count:
        resource.setrlimit(resource.RLIMIT_NOFILE, (min(count, hard), hard))
