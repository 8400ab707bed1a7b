"""Restores settings.toml from a copy."""

from micropython import const

from ..on_demand import on_demand
from ..settings import SettingError

backup = on_demand("settings_backup")
file = on_demand("settings_file")
toml = file.toml

_MAX_LINE = const(700)  # bytes


class Restore:
    """A file to restore, checked as a whole before anything is changed.

    `checked` has the values of all settings after it, `changes` is a list of (key, old, new): both
    are None for a secret, one of them for a key that is only in one of the files."""

    def __init__(self, settings, new_file):
        """new_file: a list of short pieces of it, in bytes. Raises SettingError, and UnicodeError
        where it isn't UTF-8."""
        self._settings = settings
        self._new_file = new_file
        self._new = {}
        self._read_new()
        self._old = {}
        for line in file.lines(settings.path):
            try:
                parsed = toml.parse_line(line)
            except ValueError:
                parsed = None
            if parsed and parsed[0] not in self._old:
                self._old[parsed[0]] = parsed[1]
        self._old.update(settings.values)
        values = {}
        for row in file.schema.rows():
            key = row["key"]
            values[key] = row["default"]
            if self._keeps(key):
                values[key] = settings[key]
            elif key in self._new:
                values[key] = file.check_value(row, file.from_file(row, self._new[key]))
        self.checked = file.check(settings, values)
        self.changes = []
        for key in sorted(set(self._old) | set(self._new)):
            old = self._old.get(key)
            new = self.checked.get(key, self._new.get(key))
            if old != new and not self._keeps(key):
                secret = backup.is_secret(settings, key)
                self.changes.append((key, None, None) if secret else (key, old, new))

    def save(self):
        """Write the file. Raises OSError when the drive cannot be written."""
        file.save(self._settings, self.checked, self._pieces())

    def _read_new(self):
        for number, line in enumerate(self._lines(), 1):
            key = ""
            problem = None
            try:
                parsed = toml.parse_line(line)
                if parsed:
                    key = parsed[0]
                    if key in self._new:
                        problem = key + " is there twice"
                    self._new[key] = parsed[1]
            except ValueError as error:
                problem = error
            if problem:
                raise SettingError(key, "Line %d: %s." % (number, problem))

    def _lines(self):
        rest = b""
        mark = b"\xef\xbb\xbf"  # that some editors put before the first line
        for piece in self._new_file:
            rest += piece
            if rest == mark[: len(rest)]:
                continue
            start = 3 if mark and rest[:3] == mark else 0
            mark = b""
            end = rest.find(b"\n", start)
            while end >= 0:
                yield str(rest[start:end], "utf-8")
                start = end + 1
                end = rest.find(b"\n", start)
            rest = rest[start:]
            if len(rest) > _MAX_LINE:
                raise SettingError("", "A line is longer than %d bytes." % _MAX_LINE)
        if rest:
            yield str(rest, "utf-8")

    def _keeps(self, key):
        """Whether the present value of that key stays: the file leaves this secret out."""
        return self._new.get(key, "") == "" and backup.is_secret(self._settings, key)

    def _pieces(self):
        kept = []
        for line in self._lines():
            parsed = toml.parse_line(line)
            if parsed and self._keeps(parsed[0]):
                key, _, start, end = parsed
                kept.append(key)
                line = line[:start] + toml.encode(self._old.get(key, "")) + line[end:]
            yield line.rstrip("\r").encode() + b"\n"
        for key in sorted(self._old):
            if self._old[key] and key not in kept and self._keeps(key):
                yield (key + " = " + toml.encode(self._old[key]) + "\n").encode()
