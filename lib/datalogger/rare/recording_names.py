"""Names of recordings: which there are, in which folder and order."""

import os
import re

from micropython import const

from .. import file_system
from ..recording.recordings import UNDATED, folder_of

_MAX_NAME = const(32)  # characters
_FOLDER = const(0x4000)
# A day, or the number of a run without a clock; then a number if that has more than one file.
_NAME = re.compile(
    "^([0-9][0-9][0-9][0-9]-[0-9][0-9]-[0-9][0-9]|boot-[1-9][0-9]*)(-[1-9][0-9]*)?[.]csv$"
)
_MONTH = re.compile("^[0-9][0-9][0-9][0-9]-[0-9][0-9]$")


def is_name(name):
    """Whether that is the name of a recording."""
    return len(name) <= _MAX_NAME and name[-4:] == ".csv" and bool(_NAME.match(name))


def age_key(name):
    """A text by which names sort from the oldest recording to the newest. Recordings without a
    clock come first: their day is unknown."""
    stem, _, number = name[:-4].replace("boot-", "boot").partition("-")
    if stem.startswith("boot"):
        return "%08d %04d" % (int(stem[4:]), int(number or 0))
    return "%s %04d" % (name[:10], int(name[11:-4] or 0))


def run_of(name):
    """The number of the run that a recording without a clock is of; 0 for a dated one."""
    return int(name[5:-4].split("-")[0]) if name.startswith("boot-") else 0


def make(recordings, name):
    """Make an empty recording, and the folder for it (a generator: each of its steps erases three
    blocks of the flash at most). Raises OSError."""
    for path in (recordings.folder, recordings.folder + "/" + folder_of(name)):
        if not file_system.is_folder(path):
            os.mkdir(path)
            yield
    open(recordings.path(name), "wb").close()
    yield


def names(recordings):
    """The names of all recordings (a generator that never holds all of them): first those in /data
    itself, then those without a clock, then month by month; those of one folder in no particular
    order."""
    for folder in ["", UNDATED] + months(recordings):
        yield from of_folder(recordings, folder)


def months(recordings):
    """The folders of months, such as 2026-11, the oldest first."""
    found = []
    for name, kind in _entries(recordings, ""):
        if kind == _FOLDER and _MONTH.match(name):
            found.append(name)
    return sorted(found)


def of_folder(recordings, folder):
    """The names of the recordings in a folder below /data, in no particular order; "" is /data
    itself."""
    for name, kind in _entries(recordings, folder):
        if kind != _FOLDER and is_name(name) and (not folder or folder_of(name) == folder):
            yield name


def _entries(recordings, month):
    path = recordings.folder + "/" + month if month else recordings.folder
    try:
        for entry in recordings.ilistdir(path):
            yield entry[0], entry[1]
    except OSError:
        return
