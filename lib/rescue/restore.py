"""settings.toml written anew from the rescue page: a copy that comes back, or the defaults."""

import os

from . import toml_subset
from .update import entries

_PATH = "/settings.toml"
_MAX_BYTES = 8192  # that the app reads
_KEPT = "CIRCUITPY_"  # lines that CircuitPython itself needs stay as they are on the board
_MARK = b"\n\x00whole\n"  # ends a file that is whole
_PASSWORDS = ("ADMIN_PASSWORD", "AP_PASSWORD", "STATION_PASSWORD")
_NAMES = ("AP_SSID", "STATION_SSID", "WIFI_MODE")
_NEEDED = ("ADMIN_PASSWORD", "AP_PASSWORD")


def restore(text, values):
    """Replace the file by `text`. Passwords that it leaves out stay; values: those in use. Raises
    ValueError with a sentence for people, and OSError."""
    lines = []
    found = {}
    if text[:1] == "\ufeff":  # that some editors put before the first line
        text = text[1:]
    for line in text.replace("\r\n", "\n").split("\n"):
        parsed = toml_subset.parse_line(line)
        if parsed:
            key, value, start, end = parsed
            if key in found:
                raise ValueError("%s is there twice." % key)
            if key.startswith(_KEPT):
                continue
            if key in _PASSWORDS and value == "" and values[key]:
                value = values[key]
                line = line[:start] + toml_subset.encode(value) + line[end:]
            found[key] = value
        lines.append(line)
    for key in _PASSWORDS:
        if key not in found and values[key]:
            found[key] = values[key]
            lines.append("%s = %s" % (key, toml_subset.encode(values[key])))
    for key in _NEEDED:
        value = found.get(key)
        if not isinstance(value, str) or not 8 <= len(value.encode()) <= 64:
            raise ValueError("%s must have 8 to 64 characters." % key)
    _write("\n".join(_own_lines() + lines).rstrip() + "\n")


def reset(values):
    """All settings back to their defaults, but for the passwords and the network."""
    lines = _own_lines()
    for key in _NAMES + _PASSWORDS:
        if values[key]:
            lines.append("%s = %s" % (key, toml_subset.encode(values[key])))
    _write("\n".join(lines) + "\n")


def _own_lines():
    """The present lines that CircuitPython itself needs."""
    lines = []
    if (entries.size(_PATH) or 0) > _MAX_BYTES * 2:
        return lines
    try:
        with open(_PATH, "rb") as file:
            for line in file:
                try:
                    line = line.decode().strip()
                    parsed = toml_subset.parse_line(line)
                except ValueError:  # one that can't be read goes
                    continue
                if parsed and parsed[0].startswith(_KEPT):
                    lines.append(line)
    except OSError:
        pass
    return lines


def _write(text):
    content = text.encode()
    if len(content) > _MAX_BYTES:
        raise ValueError("The file would be larger than %d bytes." % _MAX_BYTES)
    for line in text.split("\n"):
        toml_subset.parse_line(line)
    new = _PATH + ".new"
    if 2 * entries.clusters(len(content)) + 2 > entries.free_clusters(""):
        raise OSError(28)  # ENOSPC
    with open(new, "wb") as file:
        file.write(content)
        file.write(_MARK)  # boot.py finishes what power interrupts from here on
    entries.sync()
    with open(_PATH, "wb") as file:
        file.write(content)
    entries.sync()
    os.remove(new)
    entries.sync()
