"""Keeps the log on the drive, so that it survives a restart (setting LOG_TO_DRIVE)."""

from micropython import const

from . import file_system

_MAX_FILE_BYTES = const(16384)  # of each of the two files, the present one and the one before
_COPY_BYTES = const(1024)
_RETRY_TENTHS = const(300)


class LogFile:
    """Appends the entries of the log to /log.txt whenever the recording is written, for the
    flash's sake. A large file is copied to /log-old.txt and begun anew. It is not renamed: a power
    cut in the middle of that would leave two names for one chain of clusters."""

    def __init__(self, clock, log, drive, recorder, root=""):
        """drive: a Drive; recorder: a Recorder; root: path of the drive, "" on the board."""
        self._clock = clock
        self._log = log
        self._drive = drive
        self._recorder = recorder
        self._present = root + "/log.txt"
        self._before = root + "/log-old.txt"  # a short name is one entry, removed at once
        self.next = 0  # number of the first entry that isn't on the drive

    def run(self):
        """The task that writes (a generator)."""
        due = self._recorder.flush_at
        while True:
            if self._clock.tenths >= due:
                due = self._recorder.flush_at
                if due <= self._clock.tenths:
                    due = self._clock.tenths + _RETRY_TENTHS
                self.write()
            yield

    def write(self):
        """Append the entries that the file lacks."""
        if not self._drive.writable or self.next == self._log.next:
            return
        text = "".join([self._log.line(entry) for entry in self._log.entries(self.next)]).encode()
        size = file_system.size(self._present)
        full = size and size + len(text) > _MAX_FILE_BYTES
        if full:
            self._copy()
        with open(self._present, "wb" if full else "ab") as file:
            file.write(text)
        file_system.sync()
        self.next = self._log.next

    def _copy(self):
        """Copy the present file over the one before."""
        buffer = bytearray(_COPY_BYTES)
        view = memoryview(buffer)
        with open(self._present, "rb") as source, open(self._before, "wb") as target:
            while True:
                count = source.readinto(buffer)
                if not count:
                    break
                target.write(view[:count])
        file_system.sync()

    def exists(self):
        """Whether the drive has any log."""
        return (
            file_system.size(self._present) is not None
            or file_system.size(self._before) is not None
        )

    def texts(self):
        """The log on the drive, as texts (a generator)."""
        for path in (self._before, self._present):
            if file_system.size(path) is None:
                continue
            with open(path, "rb") as file:
                while True:
                    line = file.readline(512)
                    if not line:
                        break
                    yield _decoded(line)

    def delete(self):
        """Delete the log on the drive. Raises OSError when the drive is read-only."""
        file_system.remove(self._before)
        file_system.remove(self._present)
        self.next = self._log.next
        file_system.sync()


def _decoded(line):
    try:
        return line.decode()
    except UnicodeError:  # a line longer than the piece, cut within a character; or damage
        return "".join([chr(byte) if byte < 128 else "?" for byte in line])
