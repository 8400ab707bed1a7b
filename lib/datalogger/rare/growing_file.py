"""A text file that grows at its end without touching the FAT at each write.

On the internal drive one flash block of 4 KB holds the FAT and the root directory; each of its
erases wears it and opens a moment in which a power cut loses the drive. So a recording grows by
whole sectors of blank lines, and rows then overwrite the blank lines in place, which erases the
blocks of the rows and of the folder's entry only.
"""

from micropython import const

from .. import file_system

SECTOR = const(512)  # bytes, also of a cluster on the internal drive
_PIECE = const(64)  # bytes that are looked through at once


def content_end(path):
    """Bytes of the file before the blank lines that fill it; None when there is no such file."""
    size = file_system.size(path)
    return min(size, _line_end(path, size)) if size else size


def _line_end(path, size):
    """Where the last line with anything in it ends, its newline included even if it lacks one."""
    view = memoryview(file_system.sector)
    with open(path, "rb") as file:
        stop = size
        while stop > 0:
            start = max(0, stop - len(view))
            file.seek(start)
            count = file.readinto(view[: stop - start])
            while count > 0:
                begin = max(0, count - _PIECE)
                length = len(bytes(view[begin:count]).rstrip(b"\n"))
                if length:
                    return start + begin + length + 1
                count = begin
            stop = start
    return 0


class GrowingFile:
    """The file, open for writing. `end`: bytes of its content; `size`: with the blank lines."""

    def __init__(self, path):
        """path: the file, which must be there. Raises OSError."""
        self.size = size = file_system.size(path)
        self.end = end = _line_end(path, size)
        self._file = open(path, "r+b")  # noqa: SIM115 - close() closes it
        if end > size:  # the last line was cut: nothing may be added to it
            self.end = size
            self.write(b"\n")

    def extend(self):
        """Add blank lines up to the end of the next sector."""
        count = SECTOR - self.size % SECTOR
        self._file.seek(self.size)
        self._file.write(b"\n" * count)
        self.size += count

    def write(self, content):
        """Write bytes after the content; beyond `size` the file grows as any other does."""
        self._file.seek(self.end)
        self._file.write(content)
        self.end += len(content)
        self.size = max(self.size, self.end)

    def close(self):
        """Close the file, which brings what was written to the drive's cache."""
        self._file.close()
