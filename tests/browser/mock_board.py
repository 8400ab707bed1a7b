"""A mock board that misbehaves on request: the pages must survive even what no healthy board does.

It speaks the API of docs/api.md and serves a folder of pages.
"""

import pathlib
import socket
import threading
import time
from http.server import ThreadingHTTPServer

from . import mock_data
from .mock_handler import PASSWORD, MockHandler

__all__ = ("PASSWORD", "MockBoard")


class MockBoard:
    """State and misbehaviour. `faults` maps "METHOD /path" or "/path" to one of: a status (int),
    "never" (no answer), "slow" (three seconds late), "cut" (the connection ends without an answer).
    """

    def __init__(self, www, port=0, channels=mock_data.FEW):
        self.www = pathlib.Path(www)
        self.channels = channels
        self.modern = (
            True  # False: older software, without channels, outputs, recorder controls and networks
        )
        self.states = {}  # channel: (state, message, since)
        self.limits = {}  # channel: (low, high)
        self.outputs = []
        self.scanned = 0
        self.tried = []  # networks that were tried
        self.outcome = {"state": "trying"}  # the outcome of the latest try
        self.notes = []
        self.actions = []  # the requests to the recorder
        self.hole = mock_data.HOLE
        self.sample_s = 60
        self.faults = {}
        self.requests = []
        self.started = time.time() - 7200
        self.logged_in = False
        self.clock_set = True
        self.utc_offset_s = 0
        self.zone = ""
        self.login_to_read = False
        self.default_password = True
        self.restart_needed = False
        self.owner = "board"
        self.state = "recording"
        self.can_change = True
        self.needs_restart = False
        self.streams_allowed = 2
        self.streaming = set()  # the connections of event streams
        self.live_seconds = 1.0
        self.values = {key: default for key, (_, _, _, default, _) in mock_data.SETTINGS.items()}
        self.files = {}
        self.internal = None  # with an SD card: the files on the internal drive
        self.log = [
            (1, "info", "started"),
            (2, "warning", "the sensor was slow to answer"),
            (3, "debug", "sample taken"),
        ]
        self.add_day("2026-11-22.csv", 1795305600, 1440)
        self.add_day("2026-11-23.csv", 1795392000, 180)
        self.current = "2026-11-23.csv"
        self.server = ThreadingHTTPServer(
            ("127.0.0.1", port), type("Handler", (MockHandler,), {"mock": self})
        )
        self.server.daemon_threads = True
        self.server.block_on_close = False
        self.port = self.server.server_address[1]
        self.url = f"http://127.0.0.1:{self.port}/"
        self.open_sockets = set()
        self.thread = threading.Thread(target=self.server.serve_forever, args=(0.05,), daemon=True)
        self.thread.start()

    def add_day(self, name, epoch, rows, step=60):
        """A dated file of `rows` samples from `epoch` on."""
        self.files[name] = mock_data.recording(self.channels, epoch, rows, step)

    def stop(self):
        """End serving and cut every connection, as a board without power does."""
        self.server.shutdown()
        self.server.server_close()
        for connection in list(self.open_sockets):
            try:
                connection.shutdown(socket.SHUT_RDWR)
            except OSError:
                pass

    @property
    def streams(self):
        """How many event streams are open. One that its page has closed doesn't count, even if its
        thread hasn't noticed: the board notices that before it takes the next request."""
        return sum(not _has_ended(connection) for connection in list(self.streaming))

    @property
    def t(self):
        return time.time() - self.started

    def clock(self):
        return {
            "set": self.clock_set,
            "epoch": int(time.time()) if self.clock_set else None,
            "utc_offset_s": self.utc_offset_s,
            "source": "ntp" if self.clock_set else "",
            "zone": self.zone,
            "drifts": {"rtc": -3} if self.clock_set else {},
        }

    def status(self):
        reason = "A computer has the drive." if self.owner == "computer" else ""
        state = "paused" if self.owner == "computer" else self.state
        answer = {
            "board": {
                "name": "Raspberry Pi Pico W with rp2040",
                "id": "raspberry_pi_pico_w",
                "uid": "E6614103E7452D2F",
                "firmware": "CircuitPython 10.3.1",
                "app": "1.0.0",
                "server": "1.0.0",
                "reset_reason": "POWER_ON",
            },
            "uptime_s": int(self.t),
            "clock": self.clock(),
            "memory": {"free": 81234, "total": 139264},
            "drive": {
                "owner": self.owner,
                "reason": reason,
                "can_change": self.can_change,
                "needs_restart": self.needs_restart,
                "free": 301568,
                "total": 501760,
                "reserve": 51200,
                "days_left": 4.6,
                "flash_years": 1.9,
                "recordings": "internal" if self.internal is None else "card",
            },
            "recorder": {
                "state": state,
                "reason": reason,
                "file": self.current,
                "next_write_s": 240,
                "buffered": 6,
                "dropped": 0,
                "sample_s": self.sample_s,
                "flush_s": 600,
            },
            "wifi": {
                "mode": "ap",
                "ssid": "datalogger",
                "address": "192.168.4.1",
                "hostname": "datalogger.local",
                "clients": 1,
                "signal_dbm": None,
                "fallback": False,
            },
            "battery": {"low": False, "volts": 4.95, "limit": 0},
            "login": {
                "logged_in": self.logged_in,
                "required_to_read": self.login_to_read,
                "default_password": self.default_password,
                "default_passwords": self.default_passwords(),
            },
            "restart_needed": self.restart_needed,
            "update": "",
            "sensors_off": [],
            "errors": 0,
        }
        if self.modern:
            answer["channels"] = [self.channel_state(channel) for channel in self.channels]
            answer["outputs"] = len(self.outputs)
        return answer

    def default_passwords(self):
        if not self.default_password:
            return []
        return [row["key"] for row in self.schema()["settings"] if row.get("is_default")]

    def channel_state(self, channel):
        name, label, unit, decimals, *_, diagnostic = channel
        state, message, since = self.states.get(name, ("ok", "", None))
        low, high = self.limits.get(name, (None, None))
        return {
            "name": name,
            "label": label,
            "unit": unit,
            "decimals": decimals,
            "state": state,
            "message": message,
            "since": since,
            "diagnostic": diagnostic,
            "low": low,
            "high": high,
        }

    def readings(self):
        readings = []
        for i, channel in enumerate(self.channels):
            name, label, unit, decimals, value, spread, _ = channel
            readings.append(
                {
                    "name": name,
                    "label": label,
                    "unit": unit,
                    "decimals": decimals,
                    "value": round(mock_data.value_at(channel, i, self.t), 3),
                    "min": value - spread,
                    "max": value + spread,
                    "state": self.states.get(name, ("ok",))[0],
                    "error": None,
                }
            )
        return {"t": round(self.t, 1), "epoch": self.clock()["epoch"], "readings": readings}

    def samples(self, most=None):
        """Times of the samples, in seconds since the start."""
        newest = int(self.t) // self.sample_s * self.sample_s
        first = self.sample_s if most is None else max(self.sample_s, newest - most * self.sample_s)
        times = range(first, newest + 1, self.sample_s)
        return [t for t in times if not self.hole[0] < t < self.hole[1]]

    def history(self, query):
        shift = self.started if self.clock_set else 0
        samples = self.samples()
        start = float(query["from"][0]) - shift if "from" in query else (samples or [0])[0]
        end = float(query["to"][0]) - shift if "to" in query else self.t
        points = int(query.get("points", ["240"])[0])
        step, rows = mock_data.buckets(self.channels, samples, start, end, points)
        return {
            "from": int(start + shift),
            "to": int(end + shift),
            "step": step,
            "channels": [channel[0] for channel in self.channels],
            "rows": [[round(row[0] + shift), *row[1:]] for row in rows],
            "notes": [[t + shift, text] for t, text in self.notes],
        }

    def record(self, data):
        """POST /api/recorder."""
        self.actions.append(data)
        action = data["action"]
        if action == "note":
            self.notes.append((self.t, data["text"]))
        elif action in ("start", "stop"):
            self.state = "recording" if action == "start" else "stopped"
        return {"state": self.state}

    def files_on(self, query):
        """The files that a request to /api/files is about."""
        return self.internal if "internal" in query and self.internal is not None else self.files

    def list_files(self, query):
        """GET /api/files."""
        on_drive = self.files_on(query)
        files = []
        for name, content in on_drive.items():
            rows = content.decode().split("\n")[1:-1]
            files.append(
                {
                    "name": name,
                    "size": len(content),
                    "rows": len(rows),
                    "from": rows[0].split(",")[0] if rows else None,
                    "to": rows[-1].split(",")[0] if rows else None,
                    "current": name == self.current and on_drive is self.files,
                }
            )
        days = 4.6 if on_drive is self.files else None
        drive = {"free": 301568, "total": 501760, "reserve": 51200, "days_left": days}
        return {"files": files, **drive, "retention": self.values["RETENTION"]}

    def scan(self):
        """GET /api/wifi/scan: each request finds two more networks, until there are no more."""
        self.scanned = min(self.scanned + 2, len(mock_data.NETWORKS) + 1)
        found = mock_data.NETWORKS[: self.scanned]
        return {"scanning": self.scanned <= len(mock_data.NETWORKS), "networks": found}

    def schema(self):
        return mock_data.schema(self.values, self.default_password, self.restart_needed)


def _has_ended(connection):
    """Whether the other end has closed the connection."""
    try:
        return not connection.recv(1, socket.MSG_PEEK | socket.MSG_DONTWAIT)
    except BlockingIOError:
        return False
    except OSError:
        return True
