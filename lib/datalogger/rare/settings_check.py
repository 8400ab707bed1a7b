"""Checks new values of settings."""

import re

from micropython import const

from ..on_demand import on_demand
from ..settings import SettingError

schema = on_demand("settings_schema")

_ROWS = const(4)  # that a step reads: each takes the board about 5 ms


def check(settings, changes):
    """Check new values (a dict by key) in short steps (a generator). Returns them as they will be
    kept; raises SettingError."""
    checked = {}
    for number, row in enumerate(schema.rows()):
        if row["key"] in changes:
            checked[row["key"]] = check_value(row, changes[row["key"]])
        if number % _ROWS == 0:
            yield
    for key in changes:
        if key not in checked:
            raise SettingError(_shown(key), "There is no such setting.")
    mode = checked.get("WIFI_MODE", settings["WIFI_MODE"])
    if mode == "station" and not checked.get("STATION_SSID", settings["STATION_SSID"]):
        raise SettingError("STATION_SSID", "Station mode needs the name of a network to join.")
    return checked


def _shown(key):
    """A key that nobody knows as an answer may have it: MicroPython takes for text what is none."""
    return "".join([one if " " <= one <= "~" else "?" for one in key[:40]])


def check_value(row, value):
    """Return the value as the setting keeps it; raises SettingError with a sentence for people.
    row: one of the schema's rows()."""
    kind = row["type"]
    problem = None
    if kind == "bool":
        if not isinstance(value, bool):
            problem = "Must be on or off."
    elif kind == "choice":
        if value not in row["choices"]:
            problem = "Must be one of: %s." % ", ".join(row["choices"])
    elif kind == "text":
        problem = _text_problem(row, value)
    else:
        whole = isinstance(value, int) and not isinstance(value, bool)
        fits = whole or kind == "float" and isinstance(value, float)
        if not (fits and row["min"] <= value <= row["max"]):
            what = "a whole number" if kind == "int" else "a number"
            problem = "Must be %s from %s to %s." % (what, row["min"], row["max"])
        elif kind == "float":
            value = float(value) + 0.0  # not -0.0
    if problem:
        raise SettingError(row["key"], problem)
    return value


def from_file(row, value):
    """A value of the file in the type of the setting, where the conversion is beyond doubt: files of
    earlier versions say 1 for true and "3.3" for a float."""
    if row["type"] == "bool" and value in (0, 1):
        return bool(value)
    if row["type"] == "float" and isinstance(value, str) and 0 < len(value) < 20:
        try:
            return float(value)
        except ValueError:
            return value
    return value


def _text_problem(row, value):
    if not isinstance(value, str):
        return "Must be a text."
    if not value and row.get("optional"):
        return None
    wrong_length = "Must have %d to %d characters (bytes in UTF-8)." % (row["min"], row["max"])
    if len(value) > row["max"]:
        return wrong_length
    for character in value:
        code = ord(character)
        if 0xD800 <= code < 0xE000:  # half of a character, which UTF-8 cannot have
            return "Has half of a character."
        if chr(code) != character:  # MicroPython takes UTF-8 of more bytes than it needs
            return "Is not text in UTF-8."
        # also those above 127, and what some editors take for line ends
        if code < 32 or 127 <= code < 160 or code in (0x2028, 0x2029, 0xFEFF):
            return "Must not contain control characters."
    if not row["min"] <= len(value.encode()) <= row["max"]:
        return wrong_length
    if len(value) == row.get("hex_length") and not _is_hex(value):
        return "A text of 64 characters must be a network's key: hexadecimal digits."
    if "check" in row:
        try:
            on_demand(row["check"]).parse(value)
        except ValueError as error:
            return str(error)
        return None
    if "pattern" in row and not re.match(row["pattern"], value):
        return row["pattern_hint"]
    return None


def _is_hex(text):
    for character in text:
        if character not in "0123456789abcdefABCDEF":
            return False
    return True
