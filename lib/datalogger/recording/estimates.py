"""How long the flash lasts under the recorder's writes.

Nothing levels the wear of the flash: each of its blocks of 4 KB endures so many erases, and the
block that is erased most ends first. Two kinds of blocks come into question: the one that holds FAT
and root directory, which is erased whenever a recording is made, grows by an extent or is deleted;
and the one that holds the present month's folder, erased at each flush, whose place changes from
month to month with the clusters that become free.
"""

from micropython import const

from .recorder import MAX_EXTENT

_ENDURANCE = const(100000)  # erases of a block (Winbond W25Q16JV datasheet)
_BLOCK = const(4096)  # bytes
# Measured on the firmware (CircuitPython 10.2.1).
_FAT_ERASES_PER_EXTENT = const(2)
_FAT_ERASES_PER_DAY = const(3)  # a recording is made, the oldest is deleted
_ERASES_PER_FLUSH = const(4)  # of the blocks with the rows and with the folder, at the most
_SECONDS_PER_DAY = const(86400)


def flash_years(recorder, settings, total):
    """Years until a block has seen its last erase. recorder: the Recorder; total: bytes of the
    drive, through whose blocks folders and recordings move."""
    bytes_a_day = _SECONDS_PER_DAY * recorder.target.row_bytes / settings["SAMPLE_SECONDS"]
    fat = _FAT_ERASES_PER_DAY + _FAT_ERASES_PER_EXTENT * bytes_a_day / MAX_EXTENT
    flushes = _SECONDS_PER_DAY / recorder.write_interval_s()
    if settings["LOG_TO_DRIVE"]:
        fat += flushes  # the log is appended to as it comes
    others = flushes * _ERASES_PER_FLUSH / (total // _BLOCK)
    return _ENDURANCE / max(fat, others) / 365.25
