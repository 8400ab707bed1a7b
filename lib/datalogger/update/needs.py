"""What an update needs: who puts which file in place, and how much room that takes."""

from . import entries

# What boot.py itself runs from. It is put in place by the app, once the rest has proven itself:
# whatever becomes of it, one of the two can still mend the other.
_LADDER = ("/boot.py", "/lib/rescue/")
SPARE_CLUSTERS = 4  # for names and folders


def is_ladder(path):
    """Whether boot.py must leave the file at `path` alone."""
    return path.startswith(_LADDER)


def is_not_ladder(path):
    """Whether boot.py puts the file at `path` in place."""
    return not path.startswith(_LADDER)


def needs(root, length, digest, path):
    """How many clusters it takes to put an entry in place, and to keep what is there."""
    before = entries.size(root + path) or 0
    after = 0 if digest == entries.REMOVAL else entries.clusters(length)
    keeping = 0 if is_ladder(path) else entries.clusters(before + len(path) + 80)
    return after - entries.clusters(before), keeping


def needs_of_all(root):
    """The same for all new entries together."""
    growth = keeping = SPARE_CLUSTERS
    for _, length, digest, path in entries.whole(root + entries.NEW):
        for_it = needs(root, length, digest, path)
        growth += for_it[0]
        keeping += for_it[1]
    return growth, keeping
