"""The state of an update: one line in one file, changed by the write of a single sector."""

from micropython import const

from . import entries

# The words, in their order. Without a file, entries may wait that nobody has committed.
COMMITTED = "committed"  # all of it is there: it takes its place at the next start
KEPT = "kept"  # what it replaces is kept: it is taking its place
TRIAL = "trial"  # it is in place, and has to serve for a while
UNDOING = "undoing"  # what was kept is taking its place again
PROVEN = "proven"  # it has served: the app puts in place what boot.py must not
UNDONE = "undone"  # it did not serve; the version before runs
FAILED = "failed"  # it did not serve, and there was no room to keep the version before
REFUSED = "refused"  # there was no room for it; nothing was changed
ENDS = (UNDONE, FAILED, REFUSED)  # told until the next update begins
_WORDS = (COMMITTED, KEPT, TRIAL, UNDOING, PROVEN) + ENDS

_NAME = entries.FOLDER + "/state"
_LENGTH = const(32)  # bytes of the line, its end included
_END = "whole\n"


def read(root=""):
    """(word, number of entries to go back to); ("", 0) when there is no update."""
    try:
        with open(root + _NAME, "rb") as file:
            line = file.read(_LENGTH + 1)
        word, kept, end = line.decode().split(" ", 2)
        if len(line) == _LENGTH and end.strip() == "whole" and word in _WORDS:
            return word, int(kept)
    except (OSError, ValueError):  # also what is no UTF-8
        pass
    return "", 0


def write(word, kept=0, root=""):
    """Change the state. Power may fail at any point: it is the old or the new one then."""
    line = "%s %d " % (word, kept)
    line += " " * (_LENGTH - len(line) - len(_END)) + _END
    path = root + _NAME
    entries.make_folders(path)
    in_place = entries.size(path) == _LENGTH
    with open(path, "r+b" if in_place else "wb") as file:
        file.write(line.encode())
    entries.sync()


def clear(root=""):
    """There is no update any more."""
    entries.remove(root + _NAME)
    entries.sync()
