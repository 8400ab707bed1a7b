"""The page of last resort: runs when the app can't, and mends the board over Wi-Fi.

It imports nothing of the app; lib/rescue/ has its own copy of the library.
"""

import json
import sys
import time

sys.path.insert(0, "/lib/rescue")  # for the library

import alarm
import microcontroller
import socketpool
import storage
import supervisor
import wifi
from ehttpserver import FileResponse, Response, Server, route
from watchdog import WatchDogMode

from . import drive, network, values
from .login import Login
from .nonvolatile import (
    FAILURE_AT,
    NO_FAILURE,
    RESET_AT,
    SENSORS_OFF,
    SENSORS_OFF_AT,
    STARTS_AT,
)
from .update import commit, listing, receive, state

_WATCHDOG_S = 8
_MAX_UPLOAD = 400000
_ALONE_MS = 600000  # without anybody logged in: then the app gets another try
_ONE_TRY = 2  # starts that failed, for code.py: when the next one fails, this page comes again
_RESTART_MS = 1500
_SHIPPED_PASSWORD = "datalogger"
_TICKS = 0x1FFFFFFF
_FOLDER = __file__.rpartition("/")[0]
_ALLOWED = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-_./"


class RescueServer(Server):
    """What the rescue page answers. Everything but the page itself and its state needs the admin
    password with each request."""

    def __init__(self, settings):
        """settings: dict as values.load() makes it."""
        super().__init__(max_body_bytes=8192)
        self.used_at = supervisor.ticks_ms()
        self.restart_at = None
        self._values = settings
        self._login = Login(settings["ADMIN_PASSWORD"])
        self._uploads = {}

    def handle_request(self, method, path, query_params, headers, body, handler):
        """Check who asks, and handle."""
        name = headers.get("host", "").partition(":")[0]
        origin = headers.get("origin", "http://" + headers.get("host", ""))
        changes = method not in ("GET", "HEAD")
        own = network.is_own_name(name, self._values)
        if changes and (not own or origin != "http://" + headers.get("host", "")):
            return _answer((403, {"error": "This board has another name."}))
        if changes or path not in ("/", "/api/status"):
            if not self._login.allows(headers, self.client_address):
                return _answer((401, {"error": "The admin password is needed."}))
            self.used_at = supervisor.ticks_ms()
        try:
            return super().handle_request(method, path, query_params, headers, body, handler)
        except Exception as error:  # noqa: BLE001 - told to whoever asked
            print("Rescue page:", repr(error))
            return _answer((500, {"error": "This failed on the board: %r" % error}))

    @route("/", "GET")
    def _page(self, path, query_params, headers, body):
        return FileResponse(_FOLDER + "/page.html", {"Cache-Control": "no-store"}, "text/html")

    @route("/api/status", "GET")
    def _status(self, path, query_params, headers, body):
        logged_in = self._login.allows(headers, self.client_address)
        return _answer((200, _status(logged_in, self._values)))

    @route("/api/log", "GET")
    def _log(self, path, query_params, headers, body):
        return FileResponse("/log.txt", {"Cache-Control": "no-store"}, "text/plain")

    @route("/deployed.txt", "GET")
    def _deployed(self, path, query_params, headers, body):
        return FileResponse("/www/deployed.txt", {"Cache-Control": "no-store"})

    @route("/api/deploy", "GET")
    def _listing(self, path, query_params, headers, body):
        found = listing.listing("", storage.getmount("/").ilistdir)
        return Response(_pieces(found), content_type="application/json")

    @route("/api/deploy/.+", "PUT", max_streamed_bytes=_MAX_UPLOAD)
    def _put(self, path, query_params, headers, body):
        path = path[len("/api/deploy") :]
        problem = self._problem() or _path_problem(path)
        if problem:
            return _answer(problem)
        return self._receive(path, headers)

    def _problem(self):
        """Why nothing can be deployed now, None if it can."""
        if self._values["ADMIN_PASSWORD"] == _SHIPPED_PASSWORD:
            return 409, {"error": "Change the password that the board came with first."}
        return drive.problem()

    def _receive(self, path, headers):
        return _answer((yield from receive.receive("", self._uploads, path, headers)))

    @route("/api/deploy(/.+)?", "DELETE")
    def _delete(self, path, query_params, headers, body):
        path = path[len("/api/deploy") :]
        problem = self._problem() or path and _path_problem(path)
        return _answer(problem or commit.remove("", self._uploads, path))

    @route("/api/(deploy|restart|factory)", "POST")
    def _post(self, path, query_params, headers, body):
        try:
            sent = json.loads(bytes(body).decode() or "{}")
        except ValueError:
            return _answer((400, {"error": "The body is not JSON."}))
        if path == "/api/restart":
            if sent.get("sensors") == "off":
                microcontroller.nvm[SENSORS_OFF_AT] = SENSORS_OFF
            return self._restart({"restarting": True})
        problem = drive.problem()
        if problem:
            return _answer(problem)
        if path == "/api/factory":
            from . import restore

            restore.reset(self._values)
            return self._restart({"reset": True})
        found = self._problem() or commit.commit("", self._uploads, sent)
        if found[0] != 202:
            return _answer(found)
        return self._restart(found[1])

    @route("/api/settings.toml", "PUT")
    def _put_settings(self, path, query_params, headers, body):
        from . import restore

        problem = drive.problem()
        if problem:
            return _answer(problem)
        try:
            restore.restore(bytes(body).decode(), self._values)
        except ValueError as error:
            return _answer((400, {"error": str(error)}))
        return self._restart({"saved": True})

    def _restart(self, body):
        microcontroller.nvm[STARTS_AT] = 0  # the app is to be tried again
        self.restart_at = supervisor.ticks_ms()
        return _answer((202, body))


def run():
    """Serve the page until the board restarts."""
    watchdog = microcontroller.watchdog
    watchdog.timeout = _WATCHDOG_S
    watchdog.mode = WatchDogMode.RESET
    print("The app does not start: here is the rescue page.")
    settings = values.load()
    network.start(settings)
    drive.finish_update()
    pool = socketpool.SocketPool(wifi.radio)
    server = RescueServer(settings)
    listener = pool.socket(pool.AF_INET, pool.SOCK_STREAM)
    listener.setsockopt(pool.SOL_SOCKET, pool.SO_REUSEADDR, 1)
    for _ in server.start(listener, max_parallel_connections=4):
        watchdog.feed()
        now = supervisor.ticks_ms()
        if server.restart_at is not None and (now - server.restart_at) & _TICKS > _RESTART_MS:
            microcontroller.reset()
        if (now - server.used_at) & _TICKS > _ALONE_MS:
            microcontroller.nvm[STARTS_AT] = _ONE_TRY
            microcontroller.reset()
        time.sleep(0.002)


def _status(logged_in, settings):
    reset_reason = str(microcontroller.cpu.reset_reason).split(".")[-1]
    if alarm.sleep_memory[RESET_AT] == ord("P"):
        reset_reason = "SOFTWARE"
    found = {
        "rescue": True,
        "board": drive.board_and_firmware(),
        "uptime_s": time.monotonic(),
        "drive": {"owner": drive.owner()},
        "update": state.read()[0],
        "login": {"logged_in": logged_in, "off": settings["ADMIN_PASSWORD"] is None},
        "reset_reason": reset_reason,
    }
    if logged_in:
        found["failure"] = _failure()
    return found


def _failure():
    """The traceback that code.py has kept, "" without one."""
    nvm = microcontroller.nvm
    if nvm[FAILURE_AT] == NO_FAILURE:
        return ""
    length = nvm[FAILURE_AT] << 8 | nvm[FAILURE_AT + 1]
    return str(bytes(nvm[FAILURE_AT + 2 : FAILURE_AT + 2 + length]), "utf-8")


def _path_problem(path):
    for character in path:
        if character not in _ALLOWED:
            return 403, {"error": "The path has characters that it must not have."}
    parts = path[1:].split("/")
    for part in parts:
        if not part or part[0] == "." or part[-1] == ".":
            return 403, {"error": "This is no path of a file."}
    starts = path in ("/code.py", "/boot.py", "/safemode.py")
    if starts or parts[0] in ("www", "lib") and 1 < len(parts) < 7:
        return None
    return 403, {"error": "Only files below www/ and lib/, code.py, boot.py, safemode.py."}


def _answer(found):
    status, body = found
    fields = {"Cache-Control": "no-store", "X-Content-Type-Options": "nosniff"}
    if status == 401:
        fields["WWW-Authenticate"] = 'Session realm="datalogger"'
    return Response(json.dumps(body), status, "application/json", fields)


def _pieces(texts):
    for text in texts:
        yield text.encode() if text else b""
