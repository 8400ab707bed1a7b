"""The room on the drive."""

import os


class Room:
    """How much of the drive that holds `root` is free."""

    def __init__(self, root="/"):
        """root: path of the drive."""
        self.root = root

    def free(self):
        """Free bytes, in whole clusters."""
        return self._bytes(3)

    def total(self):
        """Bytes for files and folders on the empty drive."""
        return self._bytes(2)

    def _bytes(self, place):
        try:
            status = os.statvfs(self.root)
        except OSError:  # a card that has just been pulled out
            return 0
        return status[1] * status[place]
