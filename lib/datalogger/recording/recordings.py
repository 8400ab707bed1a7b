"""The recordings on the drive: /data/YYYY-MM-DD.csv, or /data/boot-N.csv without a clock."""

import os
import re

from micropython import const

from .. import file_system

_MAX_KNOWN = const(12)  # recordings whose rows were counted
FOLDER = "/data"
# A day, or the number of a start without a clock; then a number if that has more than one file.
_NAME = re.compile(
    "^([0-9][0-9][0-9][0-9]-[0-9][0-9]-[0-9][0-9]|boot-[1-9][0-9]*)(-[1-9][0-9]*)?[.]csv$"
)


def is_name(name):
    """Whether that is the name of a recording."""
    return len(name) <= 32 and name[-4:] == ".csv" and bool(_NAME.match(name))


def age_key(name):
    """A text by which names sort from the oldest recording to the newest. Recordings without a
    clock come first: their day is unknown."""
    stem, _, number = name[:-4].replace("boot-", "boot").partition("-")
    if stem.startswith("boot"):
        return "%08d %04d" % (int(stem[4:]), int(number or 0))
    day = name[:10]
    return "%s %04d" % (day, int(name[11:-4] or 0))


class Recordings:
    """Lists, extends and deletes the recordings."""

    def __init__(self, root=""):
        """root: path of the drive, "" on the board."""
        self._folder = root + FOLDER
        self._known = {}  # name: (size, rows, first time, last time)

    def path(self, name):
        """The recording's path."""
        return self._folder + "/" + name

    def names(self):
        """All recordings, oldest first."""
        try:
            entries = os.listdir(self._folder)
        except OSError:
            return []
        return sorted([name for name in entries if is_name(name)], key=age_key)

    def size(self, name):
        """Bytes, None when there is no such recording."""
        return file_system.size(self.path(name))

    def header(self, name):
        """The first line without its end as bytes, None when there is no such recording."""
        try:
            with open(self.path(name), "rb") as file:
                return file.readline().rstrip()
        except OSError:
            return None

    def ends_whole(self, name):
        """Whether the last line ends with a line feed."""
        with open(self.path(name), "rb") as file:
            if file.seek(0, 2) == 0:
                return True
            file.seek(-1, 2)
            return file.read(1) == b"\n"

    def append(self, name, content, rows, first, last):
        """Add bytes that hold so many rows; `first` and `last` are the times in them as text."""
        if not file_system.is_folder(self._folder):
            os.mkdir(self._folder)
        path = self.path(name)
        known = self._known.pop(name, None)
        before = file_system.size(path) or 0
        with open(path, "ab") as file:
            file.write(content)
        if known and known[0] == before:
            rows += known[1]
            first = known[2] or first
        elif before:
            return  # somebody else wrote to it: its rows are counted at the next request
        self.remember(name, (before + len(content), rows, first, last))

    def delete(self, name):
        """Delete a recording; whether it was there. Raises OSError when the drive is read-only."""
        self._known.pop(name, None)
        deleted = file_system.remove(self.path(name))
        file_system.sync()
        return deleted

    def known(self, name, size):
        """(size, rows, first time, last time) of a recording, None when they are unknown or known
        for another size."""
        known = self._known.get(name)
        return known if known and known[0] == size else None

    def remember(self, name, known):
        """Keep (size, rows, first time, last time) of a recording."""
        while len(self._known) >= _MAX_KNOWN:
            self._known.popitem()
        self._known[name] = known
