"""A recording that is being downloaded, and may be deleted meanwhile: then its place on the drive is
another file's."""

from ehttpserver import FileResponse


class Recording(FileResponse):
    """The answer that is a recording."""

    def __init__(self, recordings, name, headers):
        """recordings: the Recordings; name: of the recording."""
        self._recordings = recordings
        self._name = name
        super().__init__(recordings.path(name), headers, "text/csv")

    def open(self, path):
        """Open it."""
        return Guarded(path, self._recordings, self._name)


class Guarded:
    """The open file. It is at its end as soon as the recording is deleted."""

    def __init__(self, path, recordings, name):
        file = open(path, "rb")  # noqa: SIM115 - close() closes it
        self._recordings = recordings
        self._name = name
        self._deletions = recordings.deletions
        self._readinto = file.readinto
        self.readline = file.readline
        self.seek = file.seek
        self.close = file.close

    def readinto(self, buffer):
        """Read into the buffer; returns the number of bytes, 0 once the recording is gone."""
        missed = self._recordings.deletions - self._deletions
        if missed > 1 or missed and self._recordings.deleted == self._name:
            return 0  # of several deletions only the latest is known
        self._deletions += missed
        return self._readinto(buffer)
