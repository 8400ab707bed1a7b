"""`storage`: who may write the CIRCUITPY drive, the program or the computer."""

from core import board_drive, clock, power, usb
from core.host import error as _os_error

_EINVAL = 22
_EJECT_US = 2500000  # time for the computer to notice


class VfsFat:
    """Only as what getmount returns: the mounted drive."""

    def __init__(self, block_device):
        raise NotImplementedError("the simulator has no block devices")

    @property
    def label(self):
        return "CIRCUITPY"

    @property
    def readonly(self):
        return not board_drive.writable()

    def open(self, path, mode):
        return board_drive.drive.open(path, mode)

    def ilistdir(self, path):
        return board_drive.drive.ilistdir(path)

    def mkdir(self, path):
        board_drive.drive.mkdir(path)

    def rmdir(self, path):
        board_drive.drive.rmdir(path)

    def stat(self, path):
        return board_drive.drive.stat(path)

    def statvfs(self, path):
        return board_drive.drive.statvfs(path)


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
        pass


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
