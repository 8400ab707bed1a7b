"""Finds and mounts an SD card. Loaded for each look while none is in use."""

import os

import sdcardio
from digitalio import DigitalInOut
from micropython import const

from .. import file_system

# SD Physical Layer Simplified Specification, section 7.2
_RESET = b"\x40\x00\x00\x00\x00\x95"  # CMD0 with its checksum
_IDLE = b"\x01"
_ANSWER_BYTES = const(10)
_SLOW_HZ = const(250000)
_TRIES = const(3)


def mount(bus, select, storage, path):
    """Mount the card on the SPI bus at the path; returns the card and its file system. Raises
    OSError, ValueError or RuntimeError when that can't be done.

    select: pin of chip select; storage: the module.
    """
    if not _answers(bus, select):
        raise OSError("no card answers")
    device = sdcardio.SDCard(bus, select)
    try:
        if not file_system.is_folder(path):
            os.mkdir(path)
        vfs = storage.VfsFat(device)
        storage.mount(vfs, path)
    except Exception:  # it is not formatted, for instance
        device.deinit()
        raise
    return device, vfs


def _answers(bus, select):
    """Whether a card answers the command to reset. SDCard, too, would find out, but waits for
    2.5 s where there is none (CMD_TIMEOUT_MS of shared-module/sdcardio/SDCard.c, five times)."""
    if not bus.try_lock():
        return False
    found = bytearray(_ANSWER_BYTES)
    pin = DigitalInOut(select)
    try:
        pin.switch_to_output(True)
        bus.configure(baudrate=_SLOW_HZ)
        bus.write(b"\xff" * 10)  # a card wants 74 clocks before its first command
        pin.value = False
        for _ in range(_TRIES):
            bus.write(_RESET)
            bus.readinto(found, write_value=0xFF)
            if _IDLE in found:
                return True
        return False
    finally:
        pin.deinit()
        bus.unlock()
