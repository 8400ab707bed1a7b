"""What people are told of the future of the recording: the next write, the room, the flash's life."""

from micropython import const

from ..recording.recorder import MAX_EXTENT
from ..recording.room import Room

_ENDURANCE = const(100000)  # erases of a flash block (Winbond W25Q16JV datasheet)
# Of the block with FAT and root directory, measured on the firmware (CircuitPython 10.2.1)
_ERASES_PER_EXTENT = const(2)
_ERASES_A_DAY = const(3)  # for making one recording and deleting another


def next_write_s(recorder, clock):
    """Seconds until the next write, None while there will be none."""
    if recorder.state()[0] != "recording":
        return None
    return max(0, (recorder.flush_at - clock.tenths) // 10)


def write_interval_s(recorder, settings):
    """Seconds between two writes, in the mean: the memory may be full before the time is."""
    sample = settings["SAMPLE_SECONDS"]
    return max(sample, min(settings["FLUSH_SECONDS"], sample * recorder.max_pending()))


def flash_years(recorder, settings):
    """Years until the flash block with FAT and root directory has had its last erase.

    Nothing levels the wear of the flash, and this block is erased most: whenever a recording is
    made, grows by an extent or is deleted. A flush erases the blocks of its rows and of the month's
    folder instead, whose places change.
    """
    bytes_a_day = 86400 * recorder.target.row_bytes / settings["SAMPLE_SECONDS"]
    erases = _ERASES_A_DAY + _ERASES_PER_EXTENT * bytes_a_day / MAX_EXTENT
    if settings["LOG_TO_DRIVE"]:
        erases += 86400 / write_interval_s(recorder, settings)  # the log is appended to
    return _ENDURANCE / erases / 365.25


def days_left(recorder, settings, room):
    """Days until recordings reach the reserve."""
    free = room.free() - settings["RESERVE_KB"] * 1024
    return max(0, free) * settings["SAMPLE_SECONDS"] / (86400 * recorder.target.row_bytes)


def room(app):
    """The room on the drive in use: free, in total, in reserve, and for how many days of recording."""
    return _room(app, app.room, rounded(days_left(app.recorder, app.settings, app.room), 10))


def internal_room(app):
    """The same of the internal drive while the recordings go to a card."""
    return _room(app, Room(), None)


def _room(app, place, days):
    return {
        "free": place.free(),
        "total": place.total(),
        "reserve": app.settings["RESERVE_KB"] * 1024,
        "days_left": days,
    }


def rounded(value, steps):
    """A float rounded to a multiple of 1 / steps; None stays None."""
    return None if value is None else int(value * steps + 0.5) / steps
