"""`storage`: who may write the CIRCUITPY drive, the program or the computer."""

from core import board_drive, clock, power, usb
from core.host import error as _os_error

_EPERM = 1
_EINVAL = 22
_EJECT_US = 2500000  # time for the computer to notice


class VfsFat:
    """The file system of an SD card, or, as getmount returns it, of the drive."""

    def __init__(self, block_device):
        self._card = block_device._inserted

    @property
    def label(self):
        return "CIRCUITPY"

    @property
    def readonly(self):
        return not board_drive.writable()

    def _files(self):
        if self._card is None:
            return board_drive.drive
        self._card.check()
        return self._card.drive

    def open(self, path, mode):
        return self._files().open(path, mode)

    def ilistdir(self, path):
        return self._files().ilistdir(path)

    def mkdir(self, path):
        self._files().mkdir(path)

    def rmdir(self, path):
        self._files().rmdir(path)

    def stat(self, path):
        return self._files().stat(path)

    def statvfs(self, path):
        return self._files().statvfs(path)


def mount(filesystem, mount_path, *, readonly=False):
    if mount_path != "/sd":
        raise NotImplementedError("the simulator mounts a card at /sd only")
    if not board_drive.drive.stat(mount_path)[0] & 0x4000:
        raise _os_error(_EINVAL)
    if board_drive.drive.card:
        raise _os_error(_EPERM)
    board_drive.drive.card = filesystem._card


def umount(mount):
    if mount != "/sd" or not board_drive.drive.card:
        raise _os_error(_EINVAL)
    board_drive.drive.card = None


def remount(mount_path, readonly=False, *, disable_concurrent_write_protection=False):
    if mount_path != "/":
        raise _os_error(_EINVAL)
    if usb.computer_holds_drive() or board_drive.drive.open_for_writing:
        raise RuntimeError("Cannot remount path when visible via USB.")
    power.kept["python_writes"] = not readonly
    board_drive.update()


def getmount(mount_path):
    if mount_path != "/":
        raise _os_error(_EINVAL)
    return _MOUNTED


class _Mounted(VfsFat):
    def __init__(self):
        self._card = None


_MOUNTED = _Mounted()


def disable_usb_drive():
    if power.phase != "boot":
        raise RuntimeError("Cannot change USB devices now")
    _offer(False)


def enable_usb_drive():
    if power.phase != "boot" and power.version < (10, 3, 0):
        raise RuntimeError("Cannot change USB devices now")
    _offer(True)


if power.version >= (10, 3, 0):

    def unsafe_disable_usb_drive():
        _offer(False)


def _offer(offered):
    if usb.connected():
        clock.sleep_us(_EJECT_US)
    power.kept["usb_drive"] = offered
    board_drive.update()
