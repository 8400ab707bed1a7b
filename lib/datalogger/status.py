"""The state of the whole board, as people see it."""

import gc
import os
from binascii import hexlify

import board
import microcontroller
from ehttpserver import __version__ as server_version
from micropython import const

from . import __version__

# What the status light shows.
STARTING = const(0)
RECORDING = const(1)
PAUSED = const(2)
FAULT = const(3)


class Status:
    """Gathers what GET /api/status answers and what the status light shows."""

    def __init__(self, app):
        """app: the App."""
        self._app = app

    def revision(self):
        """A number that changes with what should be shown at once; costs little."""
        app = self._app
        return (
            app.drive.revision
            + app.network.revision
            + app.login.revision
            + app.settings.revision
            + app.log.next
            + (app.recorder.full + app.clock.is_set() + app.battery.low) * 1000
        )

    def light(self):
        """The state that the status light shows."""
        app = self._app
        if not app.network.ready:
            return STARTING
        if app.recorder.full or app.recorder.problem or app.tasks.failing():
            return FAULT
        return RECORDING if app.drive.writable else PAUSED

    def _board(self):
        system = os.uname()
        cpu = microcontroller.cpu
        return {
            "name": system.machine,
            "id": board.board_id,
            "uid": hexlify(cpu.uid).decode().upper(),
            "firmware": "CircuitPython " + system.release,
            "app": __version__,
            "server": server_version,
            "reset_reason": str(cpu.reset_reason).split(".")[-1],
        }

    def clock(self):
        """The state of the clock."""
        clock = self._app.clock
        return {
            "set": clock.is_set(),
            "epoch": clock.epoch(),
            "utc_offset_s": clock.utc_offset_s,
        }

    def all(self, logged_in):
        """The whole state, as a dict. logged_in: whether the client is."""
        app = self._app
        settings = app.settings
        free = gc.mem_free()
        return {
            "board": self._board(),
            "uptime_s": app.clock.tenths // 10,
            "clock": self.clock(),
            "memory": {"free": free, "total": free + gc.mem_alloc()},
            "drive": self._drive(),
            "recorder": self._recorder(),
            "wifi": self._wifi(),
            "battery": {
                "low": app.battery.low,
                "volts": rounded(app.battery.volts(), 100),
                "limit": settings["LOW_BATTERY_VOLTS"],
            },
            "login": {
                "logged_in": logged_in,
                "required_to_read": settings["ADMIN_LOGIN_TO_READ"],
                "default_password": settings.default_password,
            },
            "restart_needed": settings.restart_needed(),
            "errors": app.log.errors,
        }

    def room(self):
        """The room on the drive: free, in total, in reserve, and for how many days of recording."""
        app = self._app
        return {
            "free": app.room.free(),
            "total": app.room.total(),
            "reserve": app.settings["RESERVE_KB"] * 1024,
            "days_left": rounded(app.recorder.days_left(), 10),
        }

    def _drive(self):
        drive = self._app.drive
        result = self.room()
        result["owner"] = drive.owner()
        result["reason"] = drive.reason
        result["can_change"] = True
        result["needs_restart"] = drive.needs_restart()
        result["flash_years"] = rounded(self._app.recorder.flash_years(), 10)
        return result

    def _recorder(self):
        recorder = self._app.recorder
        state, reason = recorder.state()
        return {
            "state": state,
            "reason": reason,
            "file": recorder.file(),
            "next_write_s": recorder.next_write_s(),
            "buffered": recorder.samples.pending(),
            "dropped": recorder.samples.dropped,
            "sample_s": self._app.settings["SAMPLE_SECONDS"],
            "flush_s": self._app.settings["FLUSH_SECONDS"],
        }

    def _wifi(self):
        network = self._app.network
        return {
            "mode": network.mode,
            "ssid": network.ssid,
            "address": network.address(),
            "hostname": network.hostname + ".local",
            "clients": network.clients(),
            "signal_dbm": network.signal_dbm(),
            "fallback": network.fallback,
        }


def rounded(value, steps):
    """A float rounded to a multiple of 1 / steps; None stays None."""
    return None if value is None else int(value * steps + 0.5) / steps
