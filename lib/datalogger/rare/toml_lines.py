"""Reads the lines of settings.toml, and gathers those of a new one."""

from micropython import const

from .. import file_system
from ..settings import SettingError

_MAX_BYTES = const(8192)  # bytes; the file that comes with the project has about 3500
_PIECE = const(256)  # bytes, as settings_journal writes them
_PIECES_A_STEP = const(8)  # the lines of a file are parsed meanwhile, which takes time


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


def gathered(pieces):
    """Gather the bytes-like pieces in short steps (a generator). Returns them as a list of pieces of
    256 bytes, of which the last may be shorter: larger ones may find no place in the memory. They
    are gathered before anything is written: each read from the drive while a block waits to be
    written erases that block."""
    buffer = bytearray(_PIECE)
    content = []
    filled = 0
    for number, piece in enumerate(pieces):
        if number % _PIECES_A_STEP == 0:
            yield
        start = 0
        while start < len(piece):
            count = min(_PIECE - filled, len(piece) - start)
            buffer[filled : filled + count] = piece[start : start + count]
            filled += count
            start += count
            if filled == _PIECE:
                content.append(bytes(buffer))
                filled = 0
    if filled:
        content.append(bytes(buffer[:filled]))
    return content
