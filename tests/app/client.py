"""Talks to a simulated board as browsers and scripts do."""

import base64
import contextlib
import http.client
import json
import re
import socket
import time

PASSWORD = "a good password"
# Not the shipped passwords: with those, nothing could be deployed.
PASSWORDS = {"ADMIN_PASSWORD": PASSWORD, "AP_PASSWORD": "another password"}
EVENTS = {"Accept": "text/event-stream"}  # as browsers ask for event streams
TIME = {"epoch": 1795521600, "utc_offset_s": 3600}  # 2026-11-24T12:00:00Z
_STARTS_AT = 16  # in the non-volatile memory, see lib/datalogger/nonvolatile.py


class Answer:
    """A whole response."""

    def __init__(self, response):
        self.status = response.status
        self.headers = response.headers
        self.body = response.read()

    @property
    def json(self):
        return json.loads(self.body)

    @property
    def text(self):
        return self.body.decode()

    def __repr__(self):
        return f"{self.status} {self.body[:300]!r}"


class Client:
    """One user of a board. `headers` go with every request; `source` is the address that they come
    from."""

    def __init__(self, board, source="", **headers):
        self.board = board
        self.source = source
        self.headers = headers

    @property
    def host(self):
        return f"127.0.0.1:{self.board.ports['tcp:80']}"

    def __call__(self, method, path, body=None, headers=None, timeout=30):
        """Sends one request on a connection of its own; a dict as body is sent as JSON."""
        if isinstance(body, dict):
            body = json.dumps(body)
        if isinstance(body, str):
            body = body.encode()
        fields = {"Connection": "close", **self.headers, **(headers or {})}
        fields = {name: value for name, value in fields.items() if value is not None}
        connection = http.client.HTTPConnection(
            "127.0.0.1",
            self.board.ports["tcp:80"],
            timeout=timeout,
            source_address=(self.source, 0) if self.source else None,
        )
        try:
            connection.request(method, path, body=body, headers=fields)
            return Answer(connection.getresponse())
        finally:
            connection.close()

    def get(self, path, **more):
        answer = self("GET", path, **more)
        assert answer.status == 200, (path, answer)
        return answer

    def status(self):
        return self.get("/api/status").json

    def uptime(self):
        """Seconds since the board's start. Costs the board less than its status does."""
        return self.get("/api/readings").json["t"]

    def log_in(self, password=PASSWORD):
        """Log in: every later request carries the session."""
        answer = self("POST", "/api/login", {"password": password})
        assert answer.status == 200, answer
        self.headers["Cookie"] = answer.headers["Set-Cookie"].partition(";")[0]
        return self

    def set_time(self, **more):
        answer = self("POST", "/api/time", {**TIME, **more})
        assert answer.status == 200, answer
        return answer.json

    def put_settings(self, **values):
        return self("PUT", "/api/settings", values)

    def log(self):
        return "\n".join(entry["text"] for entry in self.get("/api/log").json["entries"])


def with_drive(board):
    """Waits until the board has taken the drive, some seconds of its time; returns the board."""
    board.change(speed=20)
    wait_until(lambda: Client(board).status()["drive"]["owner"] == "board")
    board.change(speed=1)
    return board


def basic(password=PASSWORD, user="admin"):
    """An Authorization header."""
    return "Basic " + base64.b64encode(f"{user}:{password}".encode()).decode()


def wait_until(condition, timeout=30, pause=0.05):
    """Returns the first true value of condition(); fails after `timeout` seconds. While the board's
    time passes faster, it may give up a request that is on its way: that counts as not true yet."""
    deadline = time.monotonic() + timeout
    value = None
    while True:
        with contextlib.suppress(http.client.RemoteDisconnected):
            value = condition()
        if value:
            return value
        assert time.monotonic() < deadline, "the condition did not come true in time"
        time.sleep(pause)


class Events:
    """An open event stream."""

    def __init__(self, client, timeout=30):
        self.connection = http.client.HTTPConnection(
            "127.0.0.1", client.board.ports["tcp:80"], timeout=timeout
        )
        fields = {**EVENTS, **client.headers}
        fields = {name: value for name, value in fields.items() if value is not None}
        self.connection.request("GET", "/api/events", headers=fields)
        self.response = self.connection.getresponse()
        self.status = self.response.status

    def next(self, kind=None):
        """The next event (kind, data), of that kind if one is given."""
        while True:
            name = self._line().removeprefix("event: ")
            data = json.loads(self._line().removeprefix("data: "))
            assert self._line() == ""
            if kind in (None, name):
                return name, data

    def _line(self):
        line = self.response.readline()
        assert line, "the stream has ended"
        return line.decode().removesuffix("\n")

    def close(self):
        # The response keeps the socket open, too.
        self.response.close()
        self.connection.close()


def starts(board):
    """How many starts the board has counted since the latest good one."""
    return (board.state_folder / "nvm.bin").read_bytes()[_STARTS_AT]


def raw(board, content, timeout=10):
    """Sends these bytes; returns what comes back: one answer that tells its length, else all until
    the end. The board waits a second for a client that does not close."""
    with socket.create_connection(("127.0.0.1", board.ports["tcp:80"]), timeout=timeout) as link:
        link.sendall(content)
        received = b""
        while not _is_whole(received):
            piece = link.recv(65536)
            if not piece:
                break
            received += piece
        return received


def _is_whole(received):
    head, end, body = received.partition(b"\r\n\r\n")
    length = re.search(rb"\r\nContent-Length: ([0-9]+)", head)
    return bool(end and length) and len(body) >= int(length[1])
