"""What an update needs: who puts which file in place, and which folders it takes."""

from . import entries

# What boot.py itself runs from. It is put in place by the app, once the rest has proven itself:
# whatever becomes of it, one of the two can still mend the other.
_LADDER = ("/boot.py", "/lib/rescue/")
# Without it not even the rescue page starts: it is kept also where there is no room for all.
START = "/code.py"


def is_ladder(path):
    """Whether boot.py must leave the file at `path` alone."""
    return path.startswith(_LADDER)


def is_not_ladder(path):
    """Whether boot.py puts the file at `path` in place."""
    return not path.startswith(_LADDER)


def is_start(path):
    """Whether the file at `path` is kept in any case."""
    return path == START


def new_folders(root, path, last):
    """How many folders are made for the file at `path`, but for those that lead to `last`, too."""
    count = 0
    at = path.find("/", 1)
    while at > 0:
        known = last.startswith(path[: at + 1])
        count += not (known or entries.is_folder(root + path[:at]))
        at = path.find("/", at + 1)
    return count
