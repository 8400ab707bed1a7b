"""Reads, checks and writes settings.toml; leaves other lines in it alone."""

import re

from ..on_demand import on_demand
from ..settings import SettingError

schema = on_demand("settings_schema")
toml = on_demand("toml_subset")
toml_lines = on_demand("toml_lines")
lines = toml_lines.lines
check_size = toml_lines.check_size


def load(path, log, nvm=None):
    """Read the file. Returns the values by key, the keys of secrets, the passwords by key that
    everybody knows, and the values that take effect at a start only."""
    found, unusable = _read(path, log)
    known = on_demand("last_known", "datalogger").recall(nvm)
    values = {}
    secrets = []
    known_passwords = {}
    at_start = {}
    for row in schema.rows(log):
        key = row["key"]
        if row["secret"]:
            secrets.append(key)
            if row["default"]:
                known_passwords[key] = row["default"]
        values[key] = _value(row, found, unusable, known, log)
        if row["restart"]:
            at_start[key] = values[key]
    if values["ADMIN_PASSWORD"] is None:
        log.error("Login is off: settings.toml has no usable ADMIN_PASSWORD. Mend it by cable.")
    return values, secrets, known_passwords, at_start


def _read(path, log):
    """What the file has: {key: (value, number of its line)}, and the keys whose lines can't be
    read, None when the whole file can't."""
    found = {}
    unusable = []
    number = 0
    try:
        for line in lines(path):
            number += 1
            try:
                parsed = toml.parse_line(line)
                if parsed and parsed[0] not in found:
                    # the first of several lines counts, as for CircuitPython itself
                    found[parsed[0]] = parsed[1], number
            except ValueError as problem:
                unusable.append(_key_of(line))
                log.warning("settings.toml, line %d: %s" % (number, problem))
    except (OSError, ValueError) as problem:
        log.error("settings.toml cannot be read: %s" % problem)
        unusable = None
    return found, unusable


def _value(row, found, unusable, known, log):
    """The value of one setting: that of the file, the latest good one, or the default."""
    key = row["key"]
    closed = unusable is None or key in unusable
    if key in found:
        value, number = found[key]
        try:
            return check_value(row, from_file(row, value))
        except SettingError as problem:
            log.warning("settings.toml, line %d: %s: %s" % (number, key, problem))
            closed = True
    if known.get(key) and (closed or row["secret"]):
        return known[key]
    return None if closed and key == "ADMIN_PASSWORD" else row["default"]


def _key_of(line):
    """The key of a line that can't be read."""
    return line[: max(0, line.find("="))].strip()


def check(settings, changes):
    """Check new values (a dict by key). Returns them as they will be kept; raises SettingError."""
    checked = {}
    for row in schema.rows():
        if row["key"] in changes:
            checked[row["key"]] = check_value(row, changes[row["key"]])
    for key in changes:
        if key not in checked:
            raise SettingError(str(key)[:40], "There is no such setting.")
    mode = checked.get("WIFI_MODE", settings["WIFI_MODE"])
    if mode == "station" and not checked.get("STATION_SSID", settings["STATION_SSID"]):
        raise SettingError("STATION_SSID", "Station mode needs the name of a network to join.")
    return checked


def save(settings, checked, pieces=None):
    """Write values that `check` has returned to the file and use them from now on (a generator).
    All else in the file stays as it is, unless `pieces` is the whole new file, as a list of bytes.
    Raises OSError when the drive cannot be written, SettingError when the file could not be read
    again."""
    journal = on_demand("settings_journal")
    pieces = pieces or journal.gathered(_lines_with(settings.path, checked))
    check_size(sum(map(len, pieces)))
    yield from journal.replace(settings.path, settings.nvm, pieces)
    settings.take(checked)


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
            value = float(value)
    if problem:
        raise SettingError(row["key"], problem)
    return value


def from_file(row, value):
    """A value of the file in the type of the setting, where the conversion is beyond doubt:
    CircuitPython 9.2 knows texts and integers only, so the file says 1 for true and "3.3" for a
    float."""
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
        return on_demand(row["check"]).problem(value)
    if "pattern" in row and not re.match(row["pattern"], value):
        return row["pattern_hint"]
    return None


def _is_hex(text):
    for character in text:
        if character not in "0123456789abcdefABCDEF":
            return False
    return True


def _lines_with(path, checked):
    """The lines of the file as bytes, with new values in the place of old ones; keys that it
    lacks follow at its end."""
    missing = sorted(checked)
    end = "\n"
    for line in lines(path):
        end = line[-1:]
        try:
            parsed = toml.parse_line(line)
        except ValueError:
            parsed = _key_of(line), None, line.find("=") + 1, len(line.rstrip())
        if parsed and parsed[0] in missing:
            key, _, start, stop = parsed
            missing.remove(key)
            line = line[:start] + toml.encode(checked[key]) + line[stop:]
        yield line.encode()
    if missing and end != "\n":
        yield b"\n"
    for key in missing:
        yield (key + " = " + toml.encode(checked[key]) + "\n").encode()
