"""The entries of an update: files that wait to take their places.

An entry is a file in one of two folders. Its name is the CRC-32 of the path it is for: a short name,
which FAT makes and removes in one write. Its content comes first, then a footer with the SHA-256
and the path, then a mark that tells that it is whole. An entry for a file that is to go has no
content, and REMOVAL in place of the SHA-256.
"""

import hashlib
import os
from binascii import crc32

from micropython import const

FOLDER = "/update"
NEW = FOLDER + "/new"  # what is to take its place
OLD = FOLDER + "/old"  # what was there before
REMOVAL = "-"
_MARK = b"\n\x00whole\n"
_MAX_FOOTER = const(256)  # bytes
_CLUSTER = const(512)  # bytes of the drive that CircuitPython makes on a Pico W
_IS_FOLDER = const(0x4000)

sync = getattr(os, "sync", None) or (lambda: None)  # CircuitPython only


def clusters(size):
    """How many clusters a file of so many bytes takes."""
    return (size + _CLUSTER - 1) // _CLUSTER


def free_clusters(root):
    """How many clusters of the drive are free."""
    status = os.statvfs(root or "/")
    return status[1] * status[3] // _CLUSTER


def size(path):
    """Bytes in the file, None when there is none (or it is a folder)."""
    try:
        status = os.stat(path)
    except OSError:
        return None
    return None if status[0] & _IS_FOLDER else status[6]


def is_folder(path):
    """Whether path is a folder."""
    try:
        return bool(os.stat(path)[0] & _IS_FOLDER)
    except OSError:
        return False


def remove(path):
    """Remove a file if it is there."""
    if size(path) is not None:
        os.remove(path)


def make_folders(path):
    """Make the folders that lead to the file `path`."""
    at = path.find("/", 1)
    while at > 0:
        if not is_folder(path[:at]):
            os.mkdir(path[:at])
        at = path.find("/", at + 1)


def sha256():
    """A new hash."""
    new = getattr(hashlib, "new", None)  # CircuitPython's only way
    return new("sha256") if new else hashlib.sha256()


def name_of(path):
    """The name of the entry for the file at `path`, which has a leading slash."""
    return "%08X" % (crc32(path.encode()) & 0xFFFFFFFF)


def footer(digest, path):
    """What follows the content of an entry. digest: 64 hexadecimal digits, or REMOVAL."""
    return b"\n" + ("%s %s" % (digest, path)).encode() + _MARK


def read(file_path):
    """(bytes of content, digest, path) of an entry; None when it isn't whole, or isn't there."""
    length = size(file_path)
    if length is None:
        return None
    start = max(0, length - _MAX_FOOTER)
    with open(file_path, "rb") as file:
        file.seek(start)
        end = file.read(_MAX_FOOTER)
    at = end.rfind(b"\n", 0, max(0, len(end) - len(_MARK)))
    if at < 0 or not end.endswith(_MARK):
        return None
    digest, _, path = end[at + 1 : -len(_MARK)].decode().partition(" ")
    return start + at, digest, path


def names(folder):
    """The names of the entries in a folder."""
    return os.listdir(folder) if is_folder(folder) else []


def whole(folder):
    """The whole entries in a folder: (path of its file, bytes of content, digest, path); a
    generator."""
    for name in names(folder):
        found = read(folder + "/" + name)
        if found and name_of(found[2]) == name:
            yield (folder + "/" + name,) + found


def discard(folder):
    """Remove the entries in a folder, and the folder (a generator of short steps)."""
    for name in names(folder):
        os.remove(folder + "/" + name)
        yield
    if is_folder(folder):
        os.rmdir(folder)
    sync()
