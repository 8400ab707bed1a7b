"""A file open for writing: takes clusters as it grows, and stops where the drive is full."""

import io

from . import fat, host

_ENOSPC = 28
_FLUSH, _SEEK, _CLOSE = 1, 2, 4  # requests of MicroPython's streams


class WritableFile(io.IOBase):
    def __init__(self, drive, folder, path, mode):
        self._drive = drive
        self._text = "b" not in mode
        try:
            size = folder.stat(path)[1]
        except OSError:
            size = 0
        if "w" in mode:
            drive.take(-fat.clusters_of(size))
            size = 0
        self._size = size
        self._file = folder.open(path, mode.replace("t", "").replace("b", "") + "b")
        self._position = size if "a" in mode else 0
        self._appends = "a" in mode
        self._open = True
        drive.open_for_writing += 1

    def write(self, data):
        content = data.encode() if isinstance(data, str) else data
        if self._text and not isinstance(data, str):
            content = bytes(data)
        if self._appends:
            self._position = self._size
        count = len(content)
        fits = self._take_room(self._position + count) - self._position
        if fits < count:
            content = memoryview(content)[: max(0, fits)]
        written = 0
        if len(content):
            written = self._file.write(content)
        self._position += written
        self._size = max(self._size, self._position)
        if fits < count:
            raise host.error(_ENOSPC)
        return count

    def _take_room(self, end):
        """Makes room up to byte `end` and returns up to where there is some."""
        held = fat.clusters_of(self._size)
        needed = fat.clusters_of(end) - held
        if needed > 0:
            got = self._drive.take(needed)
            if got < needed:
                return (held + got) * fat.SECTOR
        return end

    def read(self, size=-1):
        data = self._file.read(size)
        self._position += len(data)
        return data.decode() if self._text else data

    def readinto(self, buffer):
        count = self._file.readinto(buffer)
        self._position += count or 0
        return count

    def readline(self):
        line = b""
        while not line.endswith(b"\n"):
            byte = self._file.read(1)
            if not byte:
                break
            line += byte
        self._position += len(line)
        return line.decode() if self._text else line

    def seek(self, offset, whence=0):
        self._position = self._file.seek(offset, whence)
        return self._position

    def tell(self):
        return self._position

    def truncate(self, size=None):
        raise host.error(22)

    def flush(self):
        pass

    def close(self):
        if self._open:
            self._open = False
            self._drive.open_for_writing -= 1
            self._file.close()

    def ioctl(self, request, argument):
        if request == _CLOSE:
            self.close()
        elif request == _SEEK:
            return -1
        return 0

    def __enter__(self):
        return self

    def __exit__(self, error_type, error, traceback):
        self.close()
