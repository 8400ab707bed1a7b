"""A real Prometheus beside the tests."""

import json
import socket
import subprocess
import urllib.parse
import urllib.request

import programs
from app.client import wait_until

_DEADLINE_S = 90


def need_tools():
    """Skips the test, or all that use the fixture, where Prometheus isn't installed."""
    for name in ("prometheus", "promtool"):
        programs.need(name, "prometheus")


class Prometheus:
    """`with Prometheus(folder) as prometheus:` runs it with the folder's prometheus.yml."""

    def __init__(self, folder):
        self._folder = folder
        self._port = _free_port()

    def __enter__(self):
        with open(self._log, "wb") as log:
            self._process = subprocess.Popen(
                ["prometheus", "--config.file=prometheus.yml", "--storage.tsdb.path=data"]
                + [f"--web.listen-address=127.0.0.1:{self._port}"],
                cwd=self._folder,
                stdout=log,
                stderr=log,
            )
        return self

    def __exit__(self, *error):
        self._process.terminate()
        self._process.wait(30)

    @property
    def _log(self):
        return self._folder / "log.txt"

    def query(self, expression):
        """[(labels, value)]; empty while it does not listen yet."""
        asked = urllib.parse.quote(expression)
        try:
            url = f"http://127.0.0.1:{self._port}/api/v1/query?query={asked}"
            with urllib.request.urlopen(url, timeout=10) as answer:
                found = json.load(answer)["data"]["result"]
        except OSError:
            assert self._process.poll() is None, self._log.read_text()
            return []
        return [(row["metric"], float(row["value"][1])) for row in found]

    def wait_for(self, expression):
        """What `query` returns, once that is not empty."""
        return wait_until(lambda: self.query(expression), _DEADLINE_S)


def _free_port():
    with socket.create_server(("127.0.0.1", 0)) as listener:
        return listener.getsockname()[1]
