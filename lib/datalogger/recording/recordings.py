"""The recordings on the drive: /data/2026-11/2026-11-29.csv, a folder for each month, and
/data/boot/boot-7.csv for the seventh run whose clock was unset.

Each flush erases the flash block of the folder that holds the recording; a folder a month spreads
that wear. Recordings of earlier versions lie in /data itself. rare/recording_names.py lists them.
"""

import os

from micropython import const

from .. import file_system
from ..on_demand import on_demand

_MAX_KNOWN = const(12)  # recordings whose rows were counted
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

    def __init__(self, root="", ilistdir=_listdir):
        """root: path of the drive, "" on the board; ilistdir: function like the method of
        storage.VfsFat."""
        self.folder = root + FOLDER
        self.ilistdir = ilistdir
        self._known = {}  # name: (end, rows, first time, last time)

    def path(self, name):
        """Where the recording lies, or would be made."""
        old = self.folder + "/" + name
        if file_system.size(old) is not None:
            return old
        return "%s/%s/%s" % (self.folder, folder_of(name), name)

    def size(self, name):
        """Bytes that the recording takes, blank lines included; None when there is none."""
        return file_system.size(self.path(name))

    def end(self, name, buffer):
        """Bytes of the recording's content; None when there is none. buffer: a bytearray to read
        through."""
        return on_demand("growing_file").content_end(self.path(name), buffer)

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
        self._known.pop(name, None)

    def known(self, name, end):
        """(end, rows, first time, last time) of a recording whose content has `end` bytes, None
        when they are unknown or known for another length."""
        known = self._known.get(name)
        return known if known and known[0] == end else None

    def remember(self, name, known):
        """Keep (end, rows, first time, last time) of a recording."""
        while len(self._known) >= _MAX_KNOWN:
            self._known.popitem()
        self._known[name] = known

    def grown(self, name, before, end, rows, first, last):
        """A recording whose content had `before` bytes got so many rows more; first and last are
        the times in them as text."""
        known = self._known.pop(name, None)
        if known and known[0] == before:
            rows += known[1]
            first = known[2] or first
        elif before:
            return  # somebody else wrote to it: its rows are counted at the next request
        self.remember(name, (end, rows, first, last))
