"""settings.toml as the firmware finds things in it: the first line with the key counts, tables end
the search. What stands behind the key is read by the board's own reader."""

import sys

from . import board_drive

_PATH = "/settings.toml"


def _reader():
    """lib/datalogger/rare/toml_subset.py of this project, whatever is on the drive."""
    root = __file__.replace("\\", "/").rsplit("/scripts/", 1)[0]
    sys.path.insert(0, root + "/lib/datalogger/rare")
    try:
        import toml_subset
    finally:
        sys.path.pop(0)
    del sys.modules["toml_subset"]
    return toml_subset


_toml = _reader()


def value(key, default=None):
    """The value of that key: text, whole number, float, true or false. Raises ValueError where it
    can't be read."""
    try:
        file = board_drive.drive.open(_PATH, "rb")
    except OSError:
        return default
    with file:
        while True:  # line by line: the program's heap has no room for all of it
            line = file.readline()
            text = line.strip()
            if not line or text[:1] == b"[":
                return default
            name, equals, _ = text.partition(b"=")
            if equals and name.strip() == key.encode():
                return _toml.parse_line(text.decode())[1]
