"""How the mock board answers over HTTP; its state is in mock_board.py."""

import gzip
import hashlib
import json
import mimetypes
import socket
import time
import urllib.parse
from http.server import BaseHTTPRequestHandler

PASSWORD = "correct horse"


class MockHandler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    mock = None

    def setup(self):
        super().setup()
        self.mock.open_sockets.add(self.connection)
        self.connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)

    def finish(self):
        self.mock.open_sockets.discard(self.connection)
        try:
            super().finish()
        except OSError:
            pass

    def log_message(self, *_):
        pass

    def handle_one_request(self):
        try:
            super().handle_one_request()
        except OSError:
            self.close_connection = True

    def answer(self, body, status=200, kind="application/json", headers=()):
        if not isinstance(body, (bytes, str)):
            body = json.dumps(body, separators=(",", ":"))
        body = body.encode() if isinstance(body, str) else body
        self.send_response(status)
        self.send_header("Content-Type", kind)
        self.send_header("Content-Length", str(len(body)))
        self.send_header("Content-Security-Policy", "default-src 'self'; img-src 'self' data:")
        for name, value in headers:
            self.send_header(name, value)
        self.end_headers()
        if self.command != "HEAD":
            self.wfile.write(body)

    def refuse(self, status, error, **more):
        self.answer({"error": error, **more}, status)

    def dispatch(self):
        mock = self.mock
        address = urllib.parse.urlsplit(self.path)
        path = urllib.parse.unquote(address.path)
        body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
        mock.requests.append((self.command, self.path))
        fault = mock.faults.get(f"{self.command} {path}", mock.faults.get(path))
        if fault == "never":
            time.sleep(60)
            self.close_connection = True
            return
        if fault == "cut":
            self.close_connection = True
            return
        if fault == "slow":
            time.sleep(3)
        if isinstance(fault, int):
            return self.refuse(fault, f"The mock was told to answer {fault}.")
        if not path.startswith("/api/"):
            return self.send_page(path, address.query[:2] == "v=")
        public = path in ("/api/login", "/api/logout") or (
            path == "/api/time" and not mock.clock_set
        )
        needs_login = self.command != "GET" or mock.login_to_read or path == "/api/wifi/scan"
        if needs_login and not public and not mock.logged_in:
            return self.refuse(401, "Log in first.")
        self.api(path, urllib.parse.parse_qs(address.query, keep_blank_values=True), body)

    do_GET = do_PUT = do_POST = do_DELETE = dispatch

    def send_page(self, path, versioned):
        path = path.lstrip("/") or "index.html"
        folder = self.mock.www
        file = folder / path
        packed = file.with_name(file.name + ".gz")
        if packed.is_file():
            content = packed.read_bytes()
        elif file.is_file():
            content = gzip.compress(file.read_bytes(), mtime=0)
        else:
            return self.refuse(404, "Not found.")
        tag = f'"{hashlib.sha256(content).hexdigest()[:16]}"'
        if self.headers.get("If-None-Match") == tag:
            self.send_response(304)
            self.send_header("ETag", tag)
            self.end_headers()
            return
        kind = mimetypes.guess_type(path)[0] or "application/octet-stream"
        hold = "max-age=31536000, immutable" if versioned else "no-cache"
        self.answer(
            content,
            200,
            kind,
            [("Content-Encoding", "gzip"), ("ETag", tag), ("Cache-Control", hold)],
        )

    def api(self, path, query, body):
        mock = self.mock
        name = path.split("/", 3)[3] if path.count("/") >= 3 else None
        data = {}
        if self.headers.get("Content-Type") == "application/json" and body:
            data = json.loads(body)
        match (self.command, path if name is None else "/".join(path.split("/")[:3])):
            case ("GET", "/api/status"):
                self.answer(mock.status())
            case ("GET", "/api/readings"):
                self.answer(mock.readings())
            case ("GET", "/api/history"):
                self.answer(mock.history(query))
            case ("POST", "/api/recorder") if mock.modern:
                self.answer(mock.record(data))
            case ("GET", "/api/outputs") if mock.modern and name is None:
                self.answer({"outputs": mock.outputs})
            case ("POST", "/api/outputs") if mock.modern:
                output = next(one for one in mock.outputs if one["name"] == name)
                output["value"] = data["value"]
                self.answer(output)
            case ("GET", "/api/wifi") if mock.modern and name == "scan":
                self.answer(mock.scan())
            case ("POST", "/api/wifi") if mock.modern and name == "try":
                mock.tried.append(data)
                self.answer({"state": "trying", "ssid": data["ssid"]}, 202)
            case ("GET", "/api/wifi") if mock.modern and name == "try":
                self.answer(mock.outcome)
            case ("GET", "/api/events"):
                self.stream()
            case ("GET", "/api/files") if name is None:
                self.answer(mock.list_files(query))
            case (_, "/api/files") if name not in mock.files_on(query):
                self.refuse(404, f"There is no file {name}.")
            case ("GET", "/api/files"):
                extra = [("Content-Disposition", "attachment")] if "download" in query else []
                self.answer(mock.files_on(query)[name], 200, "text/csv", extra)
            case ("DELETE", "/api/files"):
                del mock.files_on(query)[name]
                self.answer({"deleted": name})
            case ("GET", "/api/log"):
                entries = [
                    {
                        "n": n,
                        "t": 10.0 * n,
                        "epoch": int(time.time()) - 60 + n,
                        "level": level,
                        "text": text,
                    }
                    for n, level, text in mock.log
                    if n >= int(query.get("since", ["0"])[0])
                ]
                if "format" in query:
                    return self.answer(
                        "\n".join(entry["text"] for entry in entries), kind="text/plain"
                    )
                self.answer({"next": (mock.log[-1][0] + 1) if mock.log else 1, "entries": entries})
            case ("DELETE", "/api/log"):
                cleared, mock.log = len(mock.log), []
                self.answer({"cleared": cleared})
            case ("GET", "/api/settings"):
                self.answer(mock.schema())
            case ("PUT", "/api/settings"):
                if data.get("AP_SSID") == "taken":
                    return self.refuse(400, "Another board has this name.", field="AP_SSID")
                mock.values.update(data)
                mock.restart_needed = mock.restart_needed or any(
                    key.startswith(("AP_", "STATION_")) for key in data
                )
                mock.default_password = mock.default_password and "ADMIN_PASSWORD" not in data
                self.answer({"saved": list(data), "restart_needed": mock.restart_needed})
            case ("GET", "/api/settings.toml"):
                self.answer(
                    "FLUSH_SECONDS = 600\n",
                    kind="text/plain",
                    headers=[("Content-Disposition", "attachment")],
                )
            case ("PUT", "/api/settings.toml"):
                if b"=" not in body:
                    return self.refuse(400, "Line 1 is not KEY = value.")
                self.answer(
                    {
                        "changes": [
                            {"key": "FLUSH_SECONDS", "from": 600, "to": 300},
                            {"key": "AP_PASSWORD"},
                        ],
                        "saved": "preview" not in query,
                        "restart_needed": False,
                    }
                )
            case ("POST", "/api/login"):
                if data.get("password") != PASSWORD:
                    return self.refuse(401, "Wrong password.")
                mock.logged_in = True
                self.answer({"logged_in": True})
            case ("POST", "/api/logout"):
                mock.logged_in = False
                self.answer({"logged_in": False})
            case ("POST", "/api/time"):
                mock.clock_set, mock.utc_offset_s = True, data["utc_offset_s"]
                self.answer({"clock": mock.clock()})
            case ("POST", "/api/restart"):
                mock.started = time.time()
                mock.restart_needed = False
                self.answer({"restarting": True}, 202)
            case ("POST", "/api/drive"):
                mock.owner = data["owner"]
                self.answer({"owner": mock.owner, "restarting": mock.needs_restart})
            case _:
                self.refuse(404, "Not found.")

    def stream(self):
        mock = self.mock
        if mock.streams >= mock.streams_allowed:
            return self.answer(
                {"error": "Two streams are open."}, 503, headers=[("Retry-After", "10")]
            )
        mock.streaming.add(self.connection)
        try:
            self.send_response(200)
            self.send_header("Content-Type", "text/event-stream")
            self.send_header("Transfer-Encoding", "chunked")
            self.end_headers()
            said, next_status = "", 0
            while "silent" not in mock.faults:
                status = mock.status()
                key = json.dumps(
                    [
                        status["clock"]["set"],
                        *(status[part] for part in ("login", "recorder", "drive")),
                        status["restart_needed"],
                    ]
                )
                if key != said or time.time() > next_status:
                    said, next_status = key, time.time() + 9
                    self.event("status", status)
                self.event("readings", mock.readings())
                time.sleep(mock.live_seconds)
            time.sleep(60)
        finally:
            mock.streaming.discard(self.connection)
            self.close_connection = True

    def event(self, kind, data):
        text = f"event: {kind}\ndata: {json.dumps(data)}\n\n".encode()
        self.wfile.write(b"%x\r\n%s\r\n" % (len(text), text))
        self.wfile.flush()
