"""Entries take their places. Every function here may be cut off at any point and done again.

Files are copied, not renamed: a rename writes two directory entries, and a cut between them leaves
two names for one chain of clusters, which deleting either would destroy.
"""

import os

from . import entries, needs


def keep(root, buffer, wants=needs.is_not_ladder):
    """Make entries of what the new ones replace (a generator of short steps); returns their
    number. buffer: a bytearray, lent; wants: function of a path."""
    yield from entries.discard(root + entries.OLD)
    count = 0
    for _, _, _, path in entries.whole(root + entries.NEW):
        if not wants(path):
            continue
        target = root + entries.OLD + "/" + entries.name_of(path)
        entries.make_folders(target)
        there = entries.size(root + path) is not None
        with open(target, "wb") as file:
            if there:
                with open(root + path, "rb") as source:
                    yield from _copy(source, file, entries.size(root + path), buffer)
            file.write(entries.footer("kept" if there else entries.REMOVAL, path))
        count += 1
        yield
    entries.sync()
    return count


def install(root, folder, buffer, wants=None):
    """Let the entries in a folder take their places (a generator of short steps); returns how
    many files changed. wants: function of a path, None for all of them."""
    changed = 0
    for _, _, digest, path in entries.whole(root + folder):  # first what makes room
        if digest == entries.REMOVAL and (wants is None or wants(path)):
            changed += _remove(root, path)
            yield
    for file_path, length, digest, path in entries.whole(root + folder):
        if digest == entries.REMOVAL or not (wants is None or wants(path)):
            continue
        target = root + path
        same = yield from _is_same(file_path, target, length, buffer)
        if same:
            continue
        entries.make_folders(target)
        with open(file_path, "rb") as source, open(target, "wb") as file:
            yield from _copy(source, file, length, buffer)
        entries.sync()
        changed += 1
        yield
    entries.sync()
    return changed


def _copy(source, target, length, buffer):
    view = memoryview(buffer)
    while length > 0:
        count = source.readinto(view[: min(length, len(buffer))])
        if not count:
            raise OSError(5)  # EIO
        target.write(view[:count])
        length -= count
        yield


def _is_same(file_path, target, length, buffer):
    """Whether the target has the content already: then it is spared the writing."""
    if entries.size(target) != length:
        return False
    half = len(buffer) // 2
    view = memoryview(buffer)
    with open(file_path, "rb") as left, open(target, "rb") as right:
        while length > 0:
            count = min(length, half)
            left.readinto(view[:count])
            right.readinto(view[half : half + count])
            if view[:count] != view[half : half + count]:
                return False
            length -= count
            yield
    return True


def _remove(root, path):
    """Remove a file, what an interrupted removal of it has left, and the folders that led to it
    as far as they are empty, but none of those at the top. Returns 1 where there was one, else 0."""
    there = entries.size(root + path) is not None
    entries.remove(root + path)
    folder, _, name = path.rpartition("/")
    for one in entries.names(root + folder):
        if _is_rest_of(one, name):
            os.remove(root + folder + "/" + one)
    while folder.count("/") > 1 and entries.names(root + folder) == []:
        if entries.is_folder(root + folder):
            os.rmdir(root + folder)
        folder = folder[: folder.rfind("/")]
    entries.sync()
    return int(there)


def _is_rest_of(short, name):
    """Whether `short` is what FAT calls the file of that long name. It keeps a long name in
    several directory entries, and a cut between their removals leaves the short one."""
    body, _, ending = name.rpartition(".")
    body = body.replace(".", "").upper()
    start, wave, number = short.partition("~")
    number, _, short_ending = number.partition(".")
    return (
        wave == "~"
        and 0 < len(start) < 7
        and body.startswith(start)
        and number.isdigit()
        and short_ending == ending[:3].upper()
    )
