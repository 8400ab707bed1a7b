"""The board's JSON API as a deployment over Wi-Fi uses it (docs/api.md)."""

import base64
import contextlib
import gzip
import hashlib
import http.client
import json
import socket
import threading
import time
import urllib.parse
from pathlib import PurePosixPath

from .. import manifest
from ..errors import ToolkitError
from . import board_answers

USER = "admin"
# A board writes about 30 KB a second to its flash, and lwIP may stall for 10 s when its memory is short.
TIMEOUT_SECONDS = 30
# No answer that a deployment reads is larger, or takes longer.
MAX_ANSWER = 256 * 1024
MAX_SECONDS = 90
ATTEMPTS = 4
PAUSE_SECONDS = 0.5
PIECE = 1460
SETTINGS = "/api/settings.toml"


class BoardError(ToolkitError):
    """The board refused; `status` is the HTTP status."""

    def __init__(self, message: str, status: int):
        super().__init__(message)
        self.status = status


class Unreachable(ToolkitError):
    """No answer came."""


class BoardClient:
    """One board at `url`. The password goes into the Authorization header and nowhere else."""

    def __init__(self, url: str, password: str, timeout: float = TIMEOUT_SECONDS):
        self.url = _checked(url)
        parts = urllib.parse.urlsplit(self.url)
        self._host, self._port = parts.hostname, parts.port or 80
        self._timeout = timeout
        token = base64.b64encode(f"{USER}:{password}".encode()).decode("ascii")
        self._authorization = {"Authorization": f"Basic {token}"}
        self._connection: http.client.HTTPConnection | None = None

    @property
    def is_on_this_computer(self) -> bool:
        """Whether it is a simulated board: its interpreter does not read what is compiled for a real one."""
        return self._host in ("localhost", "127.0.0.1", "::1")

    def status(self) -> dict:
        """Return what GET /api/status says."""
        return board_answers.status(self.url, self._json("GET", "/api/status"))

    def with_timeout(self, timeout: float) -> "BoardClient":
        """Return a client for the same board that gives up earlier."""
        client = BoardClient(self.url, "", timeout)
        client._authorization = self._authorization
        return client

    def listing(self) -> dict:
        """Return what GET /api/deploy says: "files" and "waiting" ({path: {"size", "sha256"}}), "state", "free"."""
        answer = self._json("GET", "/api/deploy")
        return board_answers.listing(self.url, answer)

    def files(self) -> dict[PurePosixPath, dict]:
        """Return {path: {"size", "sha256"}} of what is deployed."""
        return self.listing()["files"]

    def manifest(self) -> bytes:
        """Return the manifest of the last deployment; empty when there is none."""
        name = "/" + manifest.PATH.relative_to("www").with_suffix("").as_posix()
        status, headers, body = self._request("GET", name, headers={"Accept-Encoding": "gzip"})
        if status != 200:
            return b""
        if headers.get("Content-Encoding") == "gzip":
            return body
        return gzip.compress(body) if body else b""

    def drop(self) -> None:
        """Forget what waits on the board."""
        self._json("DELETE", "/api/deploy")

    def commit(self, fingerprint: str) -> dict:
        """Let all that waits take its place."""
        body = json.dumps({"fingerprint": fingerprint}).encode()
        answer = self._json("POST", "/api/deploy", body, {"Content-Type": "application/json"})
        return board_answers.commit(self.url, answer)

    def put(self, path: PurePosixPath, content: bytes, done=lambda size: None) -> None:
        """Stage a file; `done(size)` is called as its pieces go out."""
        digest = base64.b64encode(hashlib.sha256(content).digest()).decode("ascii")
        headers = {
            "Content-Digest": f"sha-256=:{digest}:",
            "Content-Type": "application/octet-stream",
        }
        self._json("PUT", _deploy(path), content, headers, done)

    def delete(self, path: PurePosixPath) -> None:
        """Stage the removal of a file; one that is gone already is fine."""
        try:
            self._json("DELETE", _deploy(path))
        except BoardError as error:
            if error.status != 404:
                raise

    def settings(self) -> str:
        """Return the board's settings.toml without its secrets. Raises UnicodeDecodeError where it is no UTF-8."""
        status, _, content = self._request("GET", SETTINGS)
        if status != 200:
            raise BoardError("The board doesn't show its settings.", status)
        return content.decode()

    def restore_settings(self, text: str) -> None:
        """Make `text` the board's settings.toml; secrets that it leaves out keep their value."""
        self._json("PUT", SETTINGS, text.encode(), {"Content-Type": "text/plain"})

    def shows_rescue(self) -> bool:
        """Return whether the board shows its rescue page, as its app can't start or somebody has asked for it."""
        return bool(self.status().get("rescue"))

    def restart(self, rescue: bool = False) -> None:
        """Ask the board to restart; `rescue`: with its rescue page."""
        body = b'{"page": "rescue"}' if rescue else b"{}"
        self._json("POST", "/api/restart", body, {"Content-Type": "application/json"})
        self.close()

    def close(self) -> None:
        """Drop the connection; the next request makes a new one."""
        if self._connection:
            self._connection.close()
            self._connection = None

    def _json(self, method, target, body=None, headers=None, done=lambda size: None):
        status, answer_headers, answer = self._request(method, target, body, headers or {}, done)
        if status >= 400:
            raise BoardError(_refusal(self.url, status, answer_headers, answer), status)
        return board_answers.decoded(self.url, answer)

    def _request(self, method, target, body=None, headers=None, done=lambda size: None):
        """Send a request, again after a pause when the connection breaks; all of the API's can be repeated."""
        for attempt in range(1, ATTEMPTS + 1):
            try:
                return self._attempt(method, target, body, headers or {}, done)
            except (OSError, http.client.HTTPException) as error:
                self.close()
                if attempt == ATTEMPTS:
                    raise Unreachable(_no_answer(self.url, error)) from None
                time.sleep(PAUSE_SECONDS * attempt)
        raise AssertionError("not reached")

    def _attempt(self, method, target, body, headers, done):
        connection = self._connected()
        headers = {**headers, **self._authorization}
        if body is not None:
            headers["Content-Length"] = str(len(body))
        connection.putrequest(method, target, skip_accept_encoding=True)
        for name, value in headers.items():
            connection.putheader(name, value)
        try:
            connection.endheaders()
            for start in range(0, len(body or b""), PIECE):
                piece = body[start : start + PIECE]
                connection.send(piece)
                done(len(piece))
        except (BrokenPipeError, ConnectionResetError):
            pass  # A refusal can arrive before the body is sent; what was answered says why.
        with self._time_limit(connection):
            response = connection.getresponse()
            buffer = bytearray(MAX_ANSWER + 1)
            # Unlike read(), this is bounded for a chunk of size -1 too
            content = bytes(buffer[: response.readinto(buffer)])
        if len(content) > MAX_ANSWER:
            self.close()
            raise board_answers.OddAnswer(self.url)
        if response.will_close:
            self.close()
        return response.status, response.headers, content

    @contextlib.contextmanager
    def _time_limit(self, connection: http.client.HTTPConnection):
        """End the connection after MAX_SECONDS: a timeout alone never comes while a byte does now and then."""
        expired = threading.Event()

        def end():
            expired.set()
            with contextlib.suppress(OSError):
                sock.shutdown(socket.SHUT_RDWR)

        sock = connection.sock
        timer = threading.Timer(MAX_SECONDS, end)
        timer.daemon = True
        timer.start()
        try:
            yield
        except (OSError, http.client.HTTPException):
            if not expired.is_set():
                raise
        finally:
            timer.cancel()
        if expired.is_set():
            self.close()
            raise Unreachable(_no_answer(self.url, TimeoutError()))

    def _connected(self) -> http.client.HTTPConnection:
        if self._connection is None:
            self._connection = http.client.HTTPConnection(self._host, self._port, self._timeout)
            self._connection.connect()
            self._connection.sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        return self._connection


def _checked(url: str) -> str:
    if "://" not in url:
        url = "http://" + url
    try:
        parts = urllib.parse.urlsplit(url)
        valid = parts.scheme == "http" and parts.hostname and (parts.port is None or parts.port > 0)
        valid = valid and parts.hostname.encode("idna") and not parts.username
    except ValueError:
        valid = False
    if not valid:
        raise ToolkitError(f"{url} is not the address of a board; it looks like http://192.168.4.1")
    return f"http://{parts.netloc}"


def _deploy(path: PurePosixPath) -> str:
    return "/api/deploy/" + urllib.parse.quote(str(path))


def _refusal(url: str, status: int, headers, body: bytes) -> str:
    try:
        reason = board_answers.error_of(board_answers.decoded(url, body))
    except board_answers.OddAnswer:
        reason = ""
    if status == 401:
        return "The admin password is wrong. Nothing more was changed; run this again with the right one."
    if status == 429:
        wait = headers.get("Retry-After", "")
        wait = wait if wait.isdigit() else "some"
        return f"Too many wrong passwords: the board asks to wait {wait} seconds."
    if status == 404 and not reason:
        return f"{url} answers, but not as a data logger. Is the address right?"
    return f"The board refuses ({status}): {reason or http.client.responses.get(status, 'no reason given')}"


def _no_answer(url: str, error: Exception) -> str:
    if isinstance(error, socket.gaierror):
        return f"{url}: this name is not known here. Is this computer in the board's network?"
    if isinstance(error, TimeoutError):
        why = "it does not answer"
    elif isinstance(error, ConnectionRefusedError):
        why = "it refuses the connection"
    else:
        why = "the connection broke"
    return (
        f"The board at {url} can't be reached: {why}. Is this computer in the board's Wi-Fi? "
        "Nothing is half-written; run this again and it goes on where it stopped."
    )
