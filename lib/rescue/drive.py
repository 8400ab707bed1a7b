"""The drive, for the rescue page: it must be the board's for anything to be mended."""

import os

import board
import storage
import supervisor

from .update import entries, install, state


def owner():
    """ "board" or "computer"; takes the drive where no computer is there."""
    if storage.getmount("/").readonly and not supervisor.runtime.usb_connected:
        try:
            storage.remount("/", readonly=False)
        except (RuntimeError, OSError) as error:
            print("remount:", error)
    return "computer" if storage.getmount("/").readonly else "board"


def problem():
    """The answer while the board may not write the drive, else None."""
    if owner() == "board":
        return None
    return 409, {"error": "A computer has the drive: mend it there, or unplug it."}


def finish_update():
    """An update that was interrupted in its last step is finished: nothing else may come before
    it."""
    if state.read()[0] == state.PROVEN and owner() == "board":
        for _ in install.install("", entries.NEW, bytearray(2048)):
            pass
        for folder in (entries.OLD, entries.NEW):
            for _ in entries.discard(folder):
                pass
        state.clear()


def board_and_firmware():
    """Which board this is, as the app tells it, too."""
    system = os.uname()
    firmware = "CircuitPython " + system.release
    return {"name": system.machine, "id": board.board_id, "firmware": firmware}
