"""A stand-in for the board that misbehaves on request: what no healthy board does, the pages must survive too.

It speaks the API of docs/api.md and serves a folder of pages.
"""

import math
import pathlib
import socket
import threading
import time
from http.server import ThreadingHTTPServer

from .mock_handler import PASSWORD, MockHandler

__all__ = ("PASSWORD", "MockBoard")

READINGS = (
    ("temperature", "Chip temperature", "°C", 1, 23.4, 1.2),
    ("voltage", "Supply voltage", "V", 2, 4.95, 0.03),
    ("memory", "Free memory", "B", 0, 81234, 900),
)
# key: (group, type, label, default, more)
SETTINGS = {
    "SAMPLE_SECONDS": (
        "recording",
        "int",
        "Take a sample every",
        60,
        {"unit": "s", "min": 1, "max": 86400},
    ),
    "FLUSH_SECONDS": (
        "recording",
        "int",
        "Write to the drive every",
        600,
        {"unit": "s", "min": 10, "max": 86400},
    ),
    "RETENTION": (
        "recording",
        "choice",
        "When the drive is full",
        "oldest go",
        {
            "choices": ["oldest go", "stop"],
            "choice_labels": ["Delete the oldest", "Stop recording"],
        },
    ),
    "AP_SSID": (
        "wifi",
        "text",
        "Name of the board's network",
        "datalogger",
        {"min": 1, "max": 32, "restart": True},
    ),
    "AP_PASSWORD": (
        "wifi",
        "text",
        "Password of the board's network",
        None,
        {"min": 8, "max": 63, "secret": True},
    ),
    "ADMIN_PASSWORD": (
        "login",
        "text",
        "Admin password",
        None,
        {"min": 8, "max": 63, "secret": True},
    ),
    "ADMIN_LOGIN_TO_READ": ("login", "bool", "Log in to read, too", False, {}),
    "LOW_BATTERY_VOLTS": (
        "device",
        "float",
        "Low battery below",
        0.0,
        {"unit": "V", "min": 0, "max": 5.5},
    ),
}
GROUPS = [("recording", "Recording"), ("wifi", "Wi-Fi"), ("login", "Login"), ("device", "Device")]


class MockBoard:
    """State and misbehaviour. `faults` maps "METHOD /path" or "/path" to one of: a status (int), "never" (no answer),
    "slow" (three seconds late), "cut" (the connection ends without an answer)."""

    def __init__(self, www, port=0):
        self.www = pathlib.Path(www)
        self.faults = {}
        self.requests = []
        self.started = time.time() - 7200
        self.logged_in = False
        self.clock_set = True
        self.login_to_read = False
        self.default_password = True
        self.restart_needed = False
        self.owner = "board"
        self.state = "recording"
        self.can_change = True
        self.needs_restart = False
        self.streams_allowed = 2
        self.streams = 0
        self.live_seconds = 1.0
        self.values = {key: default for key, (_, _, _, default, _) in SETTINGS.items()}
        self.files = {}
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
        lines = ["time,temperature,voltage,memory"]
        for i in range(rows):
            at = time.strftime("%Y-%m-%dT%H:%M:%S+00:00", time.gmtime(epoch + i * step))
            values = [
                value + spread * math.sin(i / 97 + k)
                for k, (*_, value, spread) in enumerate(READINGS)
            ]
            missing = "" if i % 400 in range(30, 60) else f"{values[0]:.1f}"
            lines.append(f"{at},{missing},{values[1]:.2f},{values[2]:.0f}")
        self.files[name] = ("\n".join(lines) + "\n").encode()

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
    def t(self):
        return time.time() - self.started

    def clock(self):
        return {
            "set": self.clock_set,
            "epoch": int(time.time()) if self.clock_set else None,
            "utc_offset_s": 0,
        }

    def status(self):
        reason = "A computer has the drive." if self.owner == "computer" else ""
        state = "paused" if self.owner == "computer" else self.state
        return {
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
            },
            "recorder": {
                "state": state,
                "reason": reason,
                "file": self.current,
                "next_write_s": 240,
                "buffered": 6,
                "dropped": 0,
                "sample_s": 60,
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
            },
            "restart_needed": self.restart_needed,
            "errors": 0,
        }

    def readings(self):
        readings = []
        for i, (name, label, unit, decimals, value, spread) in enumerate(READINGS):
            now = value + spread * math.sin(self.t / 300 + i)
            readings.append(
                {
                    "name": name,
                    "label": label,
                    "unit": unit,
                    "decimals": decimals,
                    "value": round(now, 3),
                    "min": value - spread,
                    "max": value + spread,
                    "error": None,
                }
            )
        return {"t": round(self.t, 1), "epoch": self.clock()["epoch"], "readings": readings}

    def history(self, since):
        newest = int(self.t) // 60 * 60
        rows = []
        for t in range(max(60, newest - 239 * 60), newest + 1, 60):
            if t > since and not 3000 < t < 3500:
                rows.append(
                    [float(t)]
                    + [
                        round(value + spread * math.sin(t / 900 + i), 3)
                        for i, (*_, value, spread) in enumerate(READINGS)
                    ]
                )
        return {
            "columns": [reading[0] for reading in READINGS],
            "sample_s": 60,
            "t": round(self.t, 1),
            "epoch": self.clock()["epoch"],
            "rows": rows,
        }

    def list_files(self):
        files = []
        for name, content in self.files.items():
            rows = content.decode().split("\n")[1:-1]
            files.append(
                {
                    "name": name,
                    "size": len(content),
                    "rows": len(rows),
                    "from": rows[0].split(",")[0] if rows else None,
                    "to": rows[-1].split(",")[0] if rows else None,
                    "current": name == self.current,
                }
            )
        return {"files": files, "free": 301568, "total": 501760, "reserve": 51200, "days_left": 4.6}

    def schema(self):
        settings = []
        for key, (group, kind, label, default, more) in SETTINGS.items():
            entry = {
                "key": key,
                "group": group,
                "type": kind,
                "label": label,
                "unit": "",
                "help": f"What {label.lower()} means.",
                "default": default,
                "restart": False,
                "secret": False,
                **more,
            }
            if entry["secret"]:
                entry.update(set=True, is_default=self.default_password)
            else:
                entry["value"] = self.values[key]
            settings.append(entry)
        return {
            "groups": [{"name": name, "label": label} for name, label in GROUPS],
            "restart_needed": self.restart_needed,
            "settings": settings,
        }
