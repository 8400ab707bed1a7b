"""The computer at the USB plug: it needs a moment to find the board, and may hold the drive."""

from . import clock, conditions, power

_ENUMERATION_MS = 1500


def connected():
    """Whether a computer talks to the board: not in boot.py and not in the first moments after
    power-up."""
    return (
        power.phase != "boot"
        and conditions.now["usb"] != "none"
        and clock.uptime_ms() >= _ENUMERATION_MS
    )


def computer_holds_drive():
    """Whether the computer has the drive mounted and may write to it."""
    return (
        connected()
        and conditions.now["usb"] == "mounted"
        and power.kept["usb_drive"]
        and not power.kept["python_writes"]
    )
