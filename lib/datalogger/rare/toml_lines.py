"""Reads the lines of settings.toml."""

from micropython import const

from .. import file_system
from ..settings import SettingError

_MAX_BYTES = const(8192)  # bytes; the file that comes with the project has about 4000


def check_size(length):
    """Raises SettingError for more bytes than are read."""
    if length > _MAX_BYTES:
        raise SettingError("", "settings.toml is over %d bytes long." % _MAX_BYTES)


def lines(path):
    """The lines of the file, as text with their ends, without the blank lines that fill it up; none
    when there is no file."""
    length = file_system.size(path)
    if length is None:
        return
    check_size(length)
    with open(path, "rb") as file:
        mark = b"\xef\xbb\xbf"  # that some editors put before the first line
        blank = 0
        for line in file:
            if line == b"\n":
                blank += 1
                continue
            while blank:
                blank -= 1
                yield "\n"
            if line.startswith(mark):
                line = line[3:]
            mark = b"\n\n"  # no line starts so
            try:
                yield line.decode()
            except UnicodeError:  # Latin-1, as some editors of Windows write it
                yield "".join(map(chr, line))


def key_of(line):
    """The key of a line that can't be read."""
    return line[: max(0, line.find("="))].strip()
