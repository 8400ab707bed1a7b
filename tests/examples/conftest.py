"""Runs the examples as code.py of a bare board."""

import importlib.util
import urllib.error
import urllib.request
from pathlib import Path

import pytest
from toolkit.environment import ROOT

LIBRARIES = {
    "lib/ehttpserver.py": ROOT / "lib" / "ehttpserver.py",
    "lib/adafruit_ticks.py": Path(importlib.util.find_spec("adafruit_ticks").origin),
}


class Example:
    """An example on a simulated board, once it listens."""

    def __init__(self, board):
        self.board = board

    def ask(self, path, method="GET", body=None, timeout=30):
        """One request; returns (status, body, headers)."""
        request = urllib.request.Request(self.board.url + path, data=body, method=method)
        try:
            with urllib.request.urlopen(request, timeout=timeout) as answer:
                return answer.status, answer.read(), answer.headers
        except urllib.error.HTTPError as answer:
            with answer:
                return answer.status, answer.read(), answer.headers

    def get(self, path):
        status, body, _ = self.ask(path)
        assert status == 200, body
        return body.decode()

    def switches(self, pin="LED"):
        """When the pin changed, oldest first: [(value, ms since power-up)]."""
        return [(value, at) for name, value, at in self.board.events("pin") if name == pin]

    def wait_for_value(self, value):
        """Waits until the pin is switched to `value`: a change may be reported after an answer."""
        self.board.wait_or_fail(
            lambda: [value] == [new for new, _ in self.switches()[-1:]],
            f"the LED is not {value}",
        )

    def wait_for_switches(self, count):
        """Waits for this many more changes; returns all changes."""
        wanted = len(self.switches()) + count
        self.board.wait_or_fail(
            lambda: len(self.switches()) >= wanted, f"the LED did not change {count} times"
        )
        return self.switches()


@pytest.fixture
def example(boards, vm):
    """Starts an example: `example("simple_test")`; takes what `boards` takes."""

    def start(name, files=None, **more):
        files = {
            "code.py": (ROOT / "examples" / f"{name}.py").read_bytes(),
            **{path: file.read_bytes() for path, file in LIBRARIES.items()},
            **(files or {}),
        }
        return Example(boards(vm=vm, files=files, payload=False, traced=("pins", "pixels"), **more))

    return start
