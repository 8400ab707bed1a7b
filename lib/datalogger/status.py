"""The state of everything, put together for people."""

import gc
import os
from binascii import hexlify

import board
import microcontroller
from ehttpserver import __version__ as server_version

from . import __version__, status_light
from .login import TooManyFailures


def is_logged_in(login, headers):
    """Like Login.is_logged_in, False while passwords are not looked at."""
    try:
        return login.is_logged_in(headers)
    except TooManyFailures:
        return False


class Status:
    """Gathers what GET /api/status tells, and what the status light shows."""

    def __init__(self, parts):
        """parts: the Parts of the app."""
        self._parts = parts

    def revision(self):
        """A number that changes when something changes that people look at; cheap."""
        parts = self._parts
        return (
            parts.drive.revision
            + parts.network.revision
            + parts.login.revision
            + parts.settings.revision
            + parts.log.next
            + (parts.recorder.full + parts.clock.is_set() + parts.battery.low) * 1000
        )

    def light(self):
        """The state that the status light shows."""
        parts = self._parts
        if not parts.network.ready:
            return status_light.STARTING
        if parts.recorder.full or parts.recorder.problem or parts.tasks.failing():
            return status_light.FAULT
        return status_light.RECORDING if parts.drive.writable else status_light.PAUSED

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
        """The clock's part."""
        clock = self._parts.clock
        return {
            "set": clock.is_set(),
            "epoch": clock.epoch(),
            "utc_offset_s": clock.utc_offset_s,
        }

    def all(self, logged_in):
        """Everything, as a dict. logged_in: whether the one who asks is."""
        parts = self._parts
        settings = parts.settings
        free = gc.mem_free()
        return {
            "board": self._board(),
            "uptime_s": parts.clock.tenths // 10,
            "clock": self.clock(),
            "memory": {"free": free, "total": free + gc.mem_alloc()},
            "drive": self._drive(),
            "recorder": self._recorder(),
            "wifi": self._wifi(),
            "battery": {
                "low": parts.battery.low,
                "volts": rounded(parts.battery.volts(), 100),
                "limit": settings["LOW_BATTERY_VOLTS"],
            },
            "login": {
                "logged_in": logged_in,
                "required_to_read": settings["ADMIN_LOGIN_TO_READ"],
                "default_password": settings.default_password,
            },
            "restart_needed": settings.restart_needed(),
            "errors": parts.log.errors,
        }

    def space(self):
        """Free space, total space, reserve and the days that recordings still fit."""
        parts = self._parts
        return {
            "free": parts.space.free(),
            "total": parts.space.total(),
            "reserve": parts.settings["RESERVE_KB"] * 1024,
            "days_left": rounded(parts.recorder.days_left(), 10),
        }

    def _drive(self):
        drive = self._parts.drive
        result = self.space()
        result["owner"] = drive.owner()
        result["reason"] = drive.reason
        result["can_change"] = True
        result["needs_restart"] = drive.needs_restart()
        result["flash_years"] = rounded(self._parts.recorder.flash_years(), 10)
        return result

    def _recorder(self):
        recorder = self._parts.recorder
        state, reason = recorder.state()
        return {
            "state": state,
            "reason": reason,
            "file": recorder.file(),
            "next_write_s": recorder.next_write_s(),
            "buffered": recorder.samples.pending(),
            "dropped": recorder.samples.dropped,
            "sample_s": self._parts.settings["SAMPLE_SECONDS"],
            "flush_s": self._parts.settings["FLUSH_SECONDS"],
        }

    def _wifi(self):
        network = self._parts.network
        return {
            "mode": network.mode,
            "ssid": network.ssid,
            "address": network.address(),
            "hostname": network.hostname + ".local",
            "clients": network.clients(),
            "signal_dbm": network.signal_dbm(),
            "fallback": network.fallback,
        }


def rounded(value, parts):
    """A float rounded to so many parts of one; None stays None."""
    return None if value is None else int(value * parts + 0.5) / parts
