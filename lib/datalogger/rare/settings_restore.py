"""Restores settings.toml from a copy."""

from micropython import const

from ..on_demand import on_demand
from ..settings import SettingError

backup = on_demand("settings_backup")
toml_lines = on_demand("toml_lines")
toml = backup.toml

_MAX_LINE = const(700)  # bytes
_LINES = const(8)  # that a step parses


_BOARD = "CIRCUITPY_"  # what the keys start with that CircuitPython itself reads
_ADOPTED = ("CIRCUITPY_HEAP_START_SIZE", "CIRCUITPY_PYSTACK_SIZE")  # where the board has none


class Restore:
    """A file to restore, checked as a whole before anything is changed.

    After read(), `checked` has the values of all settings with it, `changes` is a list of
    (key, old, new): both are None for a secret, one of them for a key that is only in one of the
    files."""

    def __init__(self, settings, new_file):
        """new_file: a list of short pieces of it, in bytes, which content() empties."""
        self._settings = settings
        self._new_file = new_file
        self._new = {}
        self._old = {}
        self.checked = None
        self.changes = []

    def read(self):
        """Read and check it in short steps (a generator). Raises SettingError, and UnicodeError where
        it isn't UTF-8."""
        yield from self._read_new()
        yield from self._read_old()
        check = on_demand("settings_check")  # needed only here
        values = {}
        for row in check.schema.rows():
            key = row["key"]
            values[key] = row["default"]
            if self._keeps(key):
                values[key] = self._settings[key]
            elif key in self._new:
                values[key] = check.from_file(row, self._new[key])
            yield
        self.checked = yield from check.check(self._settings, values)
        for key in sorted(set(self._old) | set(self._new)):
            old = self._old.get(key)
            new = self.checked.get(key, self._new.get(key))
            if old != new and not self._keeps(key):
                secret = backup.is_secret(self._settings, key)
                self.changes.append((key, None, None) if secret else (key, old, new))

    def content(self):
        """The new file as it is gathered (a generator that returns it). Nothing else works
        after this."""
        return toml_lines.gathered(self._pieces())

    def _read_old(self):
        """What the present file has, as far as it can be read."""
        try:
            for number, line in enumerate(toml_lines.lines(self._settings.path)):
                if number % _LINES == 0:
                    yield
                try:
                    parsed = toml.parse_line(line)
                except ValueError:
                    parsed = None
                if parsed and parsed[0] not in self._old:
                    self._old[parsed[0]] = parsed[1]
        except (OSError, ValueError):  # what comes back takes its place
            self._read_board_lines()
        for key, value in self._settings.values.items():
            if value is not None:
                self._old[key] = value

    def _read_board_lines(self):
        """What CircuitPython itself finds in a file that can't be read as a whole."""
        with open(self._settings.path, "rb") as old:
            while True:
                line = old.readline(256)
                if not line:
                    break
                if line.startswith(_BOARD.encode()):
                    try:
                        parsed = toml.parse_line(line.decode())
                        self._old[parsed[0]] = parsed[1]
                    except ValueError:
                        pass

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
            if number % _LINES == 0:
                yield

    def _lines(self, for_the_last_time=False):
        rest = b""
        mark = b"\xef\xbb\xbf"  # that some editors put before the first line
        for number in range(len(self._new_file)):
            rest += self._new_file[number]
            if for_the_last_time:
                self._new_file[number] = b""
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
        """Whether the present value of that key stays: a secret that the file leaves out, or what
        CircuitPython itself works with: a wrong password there takes port 80 away for good."""
        if key.startswith(_BOARD):
            return key not in _ADOPTED or key in self._old
        return self._new.get(key, "") == "" and backup.is_secret(self._settings, key)

    def _pieces(self):
        kept = []
        for line in self._lines(for_the_last_time=True):
            parsed = toml.parse_line(line)
            if parsed and self._keeps(parsed[0]):
                key, _, start, end = parsed
                kept.append(key)
                if key.startswith(_BOARD) and key not in self._old:
                    continue
                line = line[:start] + toml.encode(self._old.get(key, "")) + line[end:]
            yield line.rstrip("\r").encode() + b"\n"
        for key in sorted(self._old):
            if self._old[key] and key not in kept and self._keeps(key):
                yield (key + " = " + toml.encode(self._old[key]) + "\n").encode()
