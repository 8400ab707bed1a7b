"""Gives the drive to the board or to a computer, when people ask for it.

The board takes it from a computer at once where `storage.unsafe_disable_usb_drive` exists
(CircuitPython 10.3), else by a flag in the non-volatile memory that boot.py obeys at the next start.
"""

from ..nonvolatile import BOARD_HAS_DRIVE, COMPUTER_HAS_DRIVE, DRIVE_AT


def take(drive):
    """Give the drive to the board, for good. Returns whether that needs a restart.

    drive: the Drive.
    """
    drive.wait_for_computer = False
    _remember(drive, BOARD_HAS_DRIVE)
    if drive.writable or drive.remount(False):
        return False
    if hasattr(drive.storage, "unsafe_disable_usb_drive"):
        drive.storage.unsafe_disable_usb_drive()  # waits 2.5 s: less than the watchdog's 8
        drive.check()
        if drive.writable or drive.remount(False):
            return False
    return True


def give(drive):
    """Give the drive to the computer. Returns whether that needs a restart.

    drive: the Drive.
    """
    _remember(drive, COMPUTER_HAS_DRIVE)
    drive.wait_for_computer = not drive.runtime.usb_connected
    if hasattr(drive.storage, "enable_usb_drive"):
        try:
            drive.storage.enable_usb_drive()
        except (RuntimeError, OSError) as error:
            drive.log.debug("enable_usb_drive: %s" % error)
    drive.check()
    return drive.writable and not drive.remount(True)


def _remember(drive, owner):
    """Let boot.py know who has the drive. Only changes are written: each write erases flash."""
    if drive.nvm is not None and drive.nvm[DRIVE_AT] != owner:
        drive.nvm[DRIVE_AT] = owner
