"""An SD card: a folder of the computer, or an image of a card, that is mounted in the drive at /sd."""

from . import conditions, host
from .drive import Drive

_EIO = 5
_PATH = "/sd"
_BLOCK = 512
_GET_COUNT, _GET_SIZE = 4, 5
_CLUSTERS = 8192  # 4 MB: enough to be told from the drive
_changes = [0]  # how often a card was put in or pulled out


def begin():
    """Notice from now on when the card is pulled out."""
    conditions.listeners.append(_changed)


def _changed(key):
    if key == "card":
        _changes[0] += 1


class Blocks:
    """The blocks of an image, as MicroPython's own FAT wants them (vfs.AbstractBlockDev)."""

    def __init__(self, path):
        self._file = host.open_image(path)
        self.count = self._file.seek(0, 2) // _BLOCK

    def readblocks(self, number, buffer):
        self._file.seek(number * _BLOCK)
        self._file.readinto(buffer)

    def writeblocks(self, number, buffer):
        self._file.seek(number * _BLOCK)
        self._file.write(buffer)

    def ioctl(self, request, argument):
        return {_GET_COUNT: self.count, _GET_SIZE: _BLOCK}.get(request, 0)


class Inserted:
    """The card in the slot, as long as it stays there."""

    def __init__(self):
        """Raises OSError when there is none."""
        folder = conditions.now["card"]  # or an image
        if not folder:
            raise OSError("no SD card")
        self._change = _changes[0]
        self.blocks = None
        if host.is_file(folder):
            self.blocks = Blocks(folder)
            self.drive = host.fat_file_system(self.blocks)
        else:
            self.drive = Drive(folder, _CLUSTERS)
            self.drive.writable = True

    def check(self):
        """Raises OSError once it was pulled out."""
        if self._change != _changes[0]:
            raise host.error(_EIO)


class DriveWithCard(Drive):
    """The board's drive, and below /sd the card that is mounted there."""

    card = None  # the one that is Inserted, once it is mounted

    def _at(self, path):
        """(the card's drive, the path on it), (None, path) for one on the board's own."""
        if self.card and (path == _PATH or path.startswith(_PATH + "/")):
            self.card.check()
            return self.card.drive, path[len(_PATH) :] or "/"
        return None, path

    def open(self, path, mode):
        other, path = self._at(path)
        return other.open(path, mode) if other else super().open(path, mode)

    def stat(self, path):
        other, path = self._at(path)
        return other.stat(path) if other else super().stat(path)

    def statvfs(self, path):
        other, path = self._at(path)
        return other.statvfs(path) if other else super().statvfs(path)

    def ilistdir(self, path):
        other, path = self._at(path)
        return other.ilistdir(path) if other else super().ilistdir(path)

    def mkdir(self, path):
        other, path = self._at(path)
        return other.mkdir(path) if other else super().mkdir(path)

    def rmdir(self, path):
        other, path = self._at(path)
        return other.rmdir(path) if other else super().rmdir(path)

    def remove(self, path):
        other, path = self._at(path)
        return other.remove(path) if other else super().remove(path)
