"""The room on the drive."""

import os


class Room:
    """How much of the drive that holds `root` is free."""

    def __init__(self, root="/"):
        """root: path of the drive."""
        self._root = root

    def free(self):
        """Free bytes, in whole clusters."""
        status = os.statvfs(self._root)
        return status[1] * status[3]

    def total(self):
        """Bytes for files and folders on the empty drive."""
        status = os.statvfs(self._root)
        return status[1] * status[2]
