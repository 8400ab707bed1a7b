"""The few settings that the rescue page needs: as the app reads them, else the latest good ones.
What neither knows is None: a password that everybody knows lets nobody in."""

import microcontroller

from . import last_known, toml_subset

_PATH = "/settings.toml"
_MAX_LINE = 700  # bytes


def load():
    """The settings by key."""
    found = _read()
    known = last_known.recall(microcontroller.nvm)
    values = {}
    for key in last_known.KEYS:
        value = found.get(key) or ""
        values[key] = value if _is_usable(key, value) else known.get(key) or None
    values["WIFI_MODE"] = found.get("WIFI_MODE")
    values["DEVICE_NAME"] = found.get("DEVICE_NAME") or "datalogger"
    values["EXTRA_HOST_NAMES"] = found.get("EXTRA_HOST_NAMES") or ""
    return values


def _is_usable(key, value):
    """Whether CircuitPython takes the value: what it refuses would keep this page away."""
    length = len(value.encode())
    if "PASSWORD" not in key:
        return 0 < length <= 32
    if length != 64:
        return 8 <= length < 64
    for character in value.lower():
        if character not in "0123456789abcdef":
            return False
    return True


def _read():
    """The texts in the file by key, as far as its lines can be read; the first of several counts."""
    found = {}
    try:
        with open(_PATH, "rb") as file:
            while True:
                line = file.readline(_MAX_LINE)
                if not line:
                    break
                if line[:3] == b"\xef\xbb\xbf":  # that some editors put before the first line
                    line = line[3:]
                try:
                    parsed = toml_subset.parse_line(line.decode())
                except ValueError:  # also what is no UTF-8
                    continue
                if parsed and isinstance(parsed[1], str) and parsed[0] not in found:
                    found[parsed[0]] = parsed[1]
    except OSError:
        pass
    return found
