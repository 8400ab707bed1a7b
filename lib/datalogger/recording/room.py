"""The room on the drive."""

import os


class Room:
    """How much of the drive that holds `root` is free."""

    def __init__(self, root="/", statvfs=None):
        """root: path of the drive; statvfs: function like os.statvfs."""
        self._root = root
        self._statvfs = statvfs or os.statvfs

    def free(self):
        """Free bytes, in whole clusters."""
        status = self._statvfs(self._root)
        return status[1] * status[3]

    def total(self):
        """Bytes for files and folders on the empty drive."""
        status = self._statvfs(self._root)
        return status[1] * status[2]
