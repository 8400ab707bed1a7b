"""The few settings that the rescue page needs: as CircuitPython itself reads them, else the
latest good ones. What neither knows is None: a password that everybody knows lets nobody in."""

import os

import microcontroller

from . import last_known

_MIN_PASSWORD = 8
_MAX = 63


def load():
    """The settings by key."""
    known = last_known.recall(microcontroller.nvm)
    values = {}
    for key in last_known.KEYS:
        value = _read(key)
        if not value or "PASSWORD" in key and not _MIN_PASSWORD <= len(value.encode()) <= _MAX:
            value = known.get(key) or None
        values[key] = value
    values["WIFI_MODE"] = _read("WIFI_MODE")
    values["DEVICE_NAME"] = _read("DEVICE_NAME") or "datalogger"
    values["EXTRA_HOST_NAMES"] = _read("EXTRA_HOST_NAMES") or ""
    return values


def _read(key):
    try:
        return os.getenv(key)
    except (ValueError, OSError):  # a number, or a line that can't be read
        return None
