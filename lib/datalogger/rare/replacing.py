"""Replaces files so that none is ever half written.

FAT cannot replace a file atomically, so it happens in two stages: the new content goes to NAME.new,
followed by a mark that says it is whole, and is then copied over NAME. Power may fail at any point:
without the mark the old file stands, with it boot.py (or `finish` here) copies again. NAME.new is
not renamed, because a rename writes two directory entries, and a cut between them leaves two names
for one chain of clusters; deleting either would destroy it.
"""

import os

from micropython import const

from .. import file_system

MARK = b"\n\x00whole\n"
_CLUSTER = const(512)  # bytes of the drive that CircuitPython makes on a Pico W
_PIECE = const(1024)  # bytes read or written at once: switching between files costs an erase each


class Replacement:
    """New content for a file: write() it, then seal() and install(), or abandon()."""

    def __init__(self, path):
        """path: the file to replace or create; its folder must exist."""
        self._path = path
        self.size = 0
        self._waiting = bytearray(_PIECE)
        self._waiting_bytes = 0
        self._file = open(path + ".new", "wb")  # noqa: SIM115 - seal() or abandon() closes it

    def write(self, piece):
        """Add bytes."""
        start = 0
        while start < len(piece):
            at = self._waiting_bytes
            count = min(len(piece) - start, _PIECE - at)
            self._waiting[at : at + count] = piece[start : start + count]
            self._waiting_bytes += count
            start += count
            if self._waiting_bytes == _PIECE:
                self._flush()
        self.size += len(piece)

    def _flush(self):
        self._file.write(memoryview(self._waiting)[: self._waiting_bytes])
        self._waiting_bytes = 0

    def seal(self):
        """The content is whole and what it should be: from now on it takes the file's place,
        whatever happens. Raises OSError, and changes nothing, where there is no room for that."""
        self._flush()
        growth = _clusters(self.size) - _clusters(file_system.size(self._path) or 0)
        if growth + 1 > self._free_clusters():
            raise OSError(28)  # ENOSPC
        self._file.write(MARK)
        self._file.close()
        self._file = None
        file_system.sync()

    def _free_clusters(self):
        status = os.statvfs(self._path[: self._path.rfind("/")] or "/")
        return status[1] * status[3] // _CLUSTER

    def install(self):
        """A generator that copies the sealed content over the file, one short step at a time."""
        return finish(self._path)

    def abandon(self):
        """Drop the new content unless it is sealed; returns whether it was dropped."""
        file = self._file
        if file:
            self._file = None
            try:
                file.close()
            finally:
                os.remove(self._path + ".new")
        return file is not None


def _clusters(size):
    return (size + _CLUSTER - 1) // _CLUSTER


def finish(path):
    """A generator that completes a replacement of `path` that was sealed, in short steps, and
    undoes one that was not."""
    new = path + ".new"
    length = file_system.size(new)
    if length is None:
        return
    length -= len(MARK)
    with open(new, "rb") as source:
        if length >= 0:
            source.seek(length)
        if length >= 0 and source.read() == MARK:
            source.seek(0)
            buffer = bytearray(_PIECE)
            view = memoryview(buffer)
            with open(path, "wb") as target:
                while length > 0:
                    count = source.readinto(view[: min(length, _PIECE)])
                    if not count:
                        raise OSError(5)  # EIO
                    target.write(view[:count])
                    length -= count
                    yield
            file_system.sync()
    os.remove(new)
    file_system.sync()


def replace(path, pieces):
    """Replace the file by the bytes-like pieces, in one go."""
    replacement = Replacement(path)
    try:
        for piece in pieces:
            replacement.write(piece)
        replacement.seal()
    finally:
        replacement.abandon()
    for _ in replacement.install():
        pass
