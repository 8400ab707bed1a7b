"""The recordings on the drive: /data/2026-11/2026-11-29.csv, a folder for each month, and
/data/boot/boot-7.csv for the seventh run whose clock was unset.

Each flush erases the flash block of the folder that holds the recording; a folder a month spreads
that wear. Recordings of earlier versions lie in /data itself. rare/recording_names.py lists them.
"""

import os
import struct

from micropython import const

from .. import file_system
from ..on_demand import on_demand

# Of each recording whose rows were counted: name, bytes of content, rows, first and last time
_ENTRY = "<24sII26s26s"
_ENTRY_BYTES = const(84)
_MAX_NAME = const(24)  # characters
_MAX_TIME = const(26)
FOLDER = "/data"
UNDATED = "boot"  # the folder of recordings without a clock


def folder_of(name):
    """The folder below /data that a recording of that name is made in."""
    return UNDATED if name.startswith("boot-") else name[:7]


def _listdir(path):
    """(name, type) of a folder's entries, as ilistdir() tells them."""
    for name in os.listdir(path):
        yield name, 0x4000 if file_system.is_folder(path + "/" + name) else 0


class Recordings:
    """Finds and deletes the recordings. `folder` is the path that all of them lie below,
    `deletions` how many were deleted, `deleted` the latest of them."""

    deletions = 0
    deleted = None

    def __init__(self, root="", ilistdir=_listdir, known=12):
        """root: path of the drive, "" on the board; ilistdir: function like the method of
        storage.VfsFat; known: of how many recordings the counted rows are kept, at least 1."""
        self.folder = root + FOLDER
        self.ilistdir = ilistdir
        # One table, allocated at the start: entries that come and go would break the heap into
        # small pieces
        self._known = bytearray(known * _ENTRY_BYTES)
        self._oldest = 0  # where the entry is that goes next

    def path(self, name):
        """Where the recording lies, or would be made."""
        old = self.folder + "/" + name
        if file_system.size(old) is not None:
            return old
        return "%s/%s/%s" % (self.folder, folder_of(name), name)

    def size(self, name):
        """Bytes that the recording takes, blank lines included; None when there is none."""
        return file_system.size(self.path(name))

    def end(self, name):
        """Bytes of the recording's content; None when there is none."""
        return on_demand("growing_file").content_end(self.path(name))

    def delete(self, name):
        """Delete a recording; whether it was there. Raises OSError when the drive is read-only."""
        self.forget(name)
        deleted = file_system.remove(self.path(name))
        self.deletions += 1
        self.deleted = name
        file_system.sync()
        return deleted

    def forget(self, name):
        """Nothing is known of the recording any more: it was changed."""
        at = self._find(name)
        if at is not None:
            self._known[at] = 0

    def _find(self, name):
        """Where in the table the recording is, None when it isn't."""
        name = name.encode()
        for at in range(0, len(self._known), _ENTRY_BYTES):
            if self._known.startswith(name, at) and not self._known[at + len(name)]:
                return at
        return None

    def _entry(self, name):
        """(end, rows, first time, last time) of a recording, None when they are unknown."""
        at = self._find(name)
        if at is None:
            return None
        _, end, rows, first, last = struct.unpack_from(_ENTRY, self._known, at)
        return end, rows, _text(first), _text(last)

    def known(self, name, end):
        """(end, rows, first time, last time) of a recording whose content has `end` bytes, None
        when they are unknown or known for another length."""
        known = self._entry(name)
        return known if known and known[0] == end else None

    def remember(self, name, known):
        """Keep (end, rows, first time, last time) of a recording."""
        end, rows, first, last = known
        first = first or ""
        last = last or ""
        if len(name) >= _MAX_NAME or max(len(first), len(last)) > _MAX_TIME:
            return
        at = self._find(name)
        if at is None:
            at = self._find("")  # that of one that was forgotten
        if at is None:
            at = self._oldest
            self._oldest = (at + _ENTRY_BYTES) % len(self._known)
        struct.pack_into(
            _ENTRY, self._known, at, name.encode(), end, rows, first.encode(), last.encode()
        )

    def grown(self, name, before, end, rows, first, last):
        """A recording whose content had `before` bytes got so many rows more; first and last are
        the times in them as text."""
        known = self._entry(name)
        if known and known[0] == before:
            rows += known[1]
            first = known[2] or first
        elif before:
            self.forget(name)
            return  # somebody else wrote to it: its rows are counted at the next request
        self.remember(name, (end, rows, first, last))


def _text(padded):
    """A text of the table, None for an empty one."""
    return padded.rstrip(b"\0").decode() or None
