"""Helpers around files and folders."""

import os

from micropython import const

_FOLDER = const(0x4000)

# Taken once, for good, and lent to who reads or writes a sector: not over a yield.
sector = bytearray(512)

_sync = getattr(os, "sync", None)  # CircuitPython only


def sync():
    """Write what the flash cache holds."""
    if _sync:
        _sync()


def size(path):
    """Bytes in the file, None when there is none (or it is a folder)."""
    try:
        status = os.stat(path)
    except OSError:
        return None
    return None if status[0] & _FOLDER else status[6]


def is_folder(path):
    """Whether path is a folder."""
    try:
        return bool(os.stat(path)[0] & _FOLDER)
    except OSError:
        return False


def remove(path):
    """Remove a file if it is there; whether it was."""
    try:
        os.remove(path)
        return True
    except OSError:
        if size(path) is not None:
            raise
        return False
