"""Reads settings.toml."""

from ..on_demand import on_demand
from ..settings import SettingError

check = on_demand("settings_check")
toml = on_demand("toml_subset")
toml_lines = on_demand("toml_lines")


def load(path, log, nvm=None):
    """Read the file. Returns the values by key, the keys of secrets, the passwords by key that
    everybody knows, and the values that take effect at a start only."""
    found, unusable = _read(path, log)
    known = on_demand("last_known", "datalogger").recall(nvm)
    values = {}
    secrets = []
    known_passwords = {}
    at_start = {}
    for row in check.schema.rows(log):
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
        for line in toml_lines.lines(path):
            number += 1
            try:
                parsed = toml.parse_line(line)
                if parsed and parsed[0] not in found and parsed[0] not in unusable:
                    # the first of several lines counts, as for CircuitPython itself
                    found[parsed[0]] = parsed[1], number
            except ValueError as problem:
                unusable.append(toml_lines.key_of(line))
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
            return check.check_value(row, check.from_file(row, value))
        except SettingError as problem:
            log.warning("settings.toml, line %d: %s: %s" % (number, key, problem))
            closed = True
    if known.get(key) and (closed or row["secret"]):
        return known[key]
    return None if closed and key == "ADMIN_PASSWORD" else row["default"]
