"""The latest good passwords and network names, in the non-volatile memory: what counts when the
settings can't be read. lib/rescue/ on a board holds a copy of this module.

They lie there as readable as in settings.toml: whoever holds the board can read either.
"""

from .nonvolatile import LAST_KNOWN_AT

KEYS = ("ADMIN_PASSWORD", "AP_SSID", "AP_PASSWORD", "STATION_SSID", "STATION_PASSWORD")
_MAGIC = 0x6C
_MAX = 64  # bytes: a network's key in hexadecimal digits


def recall(nvm):
    """The values by key, as far as they are known."""
    values = {}
    at = LAST_KNOWN_AT
    if nvm is None or nvm[at] != _MAGIC:
        return values
    for key in KEYS:
        at += 1
        length = nvm[at]
        if length > _MAX:  # not written by this version
            return {}
        values[key] = bytes(nvm[at + 1 : at + 1 + length]).decode()
        at += length
    return values


def remember(nvm, values):
    """Keep the values that `values` has. Writes only what is new."""
    known = recall(nvm)
    content = bytearray((_MAGIC,))
    for key in KEYS:
        value = values[key]
        if value is None:
            value = known.get(key, "")
        value = value.encode()
        content += bytes((len(value),)) + value
    end = LAST_KNOWN_AT + len(content)
    if bytes(nvm[LAST_KNOWN_AT:end]) != bytes(content):
        nvm[LAST_KNOWN_AT:end] = bytes(content)
