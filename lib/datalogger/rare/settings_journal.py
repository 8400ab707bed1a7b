"""Writes settings.toml so that it is never half written, with few erases of the flash.

FAT cannot replace a file atomically. So the new content goes into a journal first, a file that
boot.py makes where there is room, and that stays on the drive; then a non-volatile byte says that
the journal is whole, and it is copied over settings.toml. Power may fail at any point: while the
byte is set, boot.py (lib/rescue/power_up.py) copies again.

Both files keep their size, which blank lines fill up to whole sectors: writing within it leaves the
FAT alone, and the block that holds FAT and root directory is erased twice in place of eleven times
(measured on the firmware), once for the entry of each file.
"""

import os

from micropython import const

from .. import file_system
from ..nonvolatile import SETTINGS_AT, SETTINGS_IN_JOURNAL

_SECTOR = const(512)  # bytes, also of a cluster on the internal drive
_PIECE = const(256)  # bytes; as toml_lines gathers them
_ENOSPC = const(28)


def replace(path, nvm, content):
    """Replace the file (a generator, each of whose steps erases a block or two). content: as
    toml_lines.gathered() returns it; nvm: microcontroller.nvm. Raises OSError; as long as the byte
    doesn't say that the journal is whole, the old file stands."""
    journal = journal_of(path)
    size = max(file_system.size(path) or 0, file_system.size(journal) or 0)
    sectors = max(_sectors(size), _sectors(len(content) * _PIECE))
    if _growth(path, sectors) + _growth(journal, sectors) > _free_sectors(path):
        raise OSError(_ENOSPC)
    yield
    yield from _write(journal, content, sectors)
    nvm[SETTINGS_AT] = SETTINGS_IN_JOURNAL
    copying = _copy(path, content, sectors, nvm)
    try:
        yield
        for _ in copying:  # not `yield from`, which would end it with this generator
            yield
    finally:  # also when nobody waits for it any more
        for _ in copying:
            pass


def journal_of(path):
    """The path of the journal of a file NAME.ENDING: NAME.jnl."""
    return path[: path.rfind(".")] + ".jnl"


def _sectors(size):
    """Sectors that so many bytes take."""
    return (size + _SECTOR - 1) // _SECTOR


def _growth(path, sectors):
    """Sectors that the drive lacks for the file."""
    size = file_system.size(path)
    return sectors + 1 if size is None else sectors - _sectors(size)


def _free_sectors(path):
    status = os.statvfs(path[: path.rfind("/")] or "/")
    return status[1] * status[3] // _SECTOR


def _write(path, content, sectors):
    """Write the content and blank lines behind it to the file: so many whole sectors, each in a step
    of its own."""
    buffer = file_system.sector
    with open(path, "wb" if file_system.size(path) is None else "r+b") as file:
        for number in range(sectors):
            for at in range(0, _SECTOR, _PIECE):
                index = (number * _SECTOR + at) // _PIECE
                piece = content[index] if index < len(content) else b""
                stop = at + len(piece)
                buffer[at:stop] = piece
                buffer[stop : at + _PIECE] = b"\n" * (_PIECE - len(piece))
            file.write(buffer)
            yield
    file_system.sync()
    yield


def _copy(path, content, sectors, nvm):
    yield from _write(path, content, sectors)
    nvm[SETTINGS_AT] = 0
