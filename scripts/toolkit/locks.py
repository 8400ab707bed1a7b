"""Locks that keep two scripts from the same work at once; one goes with its process, however that ends."""

import hashlib
import os
import tempfile
from contextlib import contextmanager
from pathlib import Path


def file_for(target):
    """Return the lock of something by its name. It lies where all clones of the project find it."""
    digest = hashlib.sha256(str(target).encode()).hexdigest()[:16]
    user = os.getuid() if hasattr(os, "getuid") else ""
    return Path(tempfile.gettempdir(), f"datalogger-{user}-{digest}.lock")


@contextmanager
def held(file, waiting):
    """Hold a lock during the block; print `waiting` when another process has it, and wait."""
    with open(file, "a+") as lock:
        if not _try_lock(lock):
            print(waiting, flush=True)
            _wait_for_lock(lock)
        yield


def acquire(file):
    """Return the lock as a file that gives it back when closed, or None when another process has it."""
    lock = open(file, "a+")  # noqa: SIM115 - open as long as the lock is held
    if _try_lock(lock):
        return lock
    lock.close()
    return None


if os.name == "nt":
    import msvcrt
    import time

    def _try_lock(file):
        file.seek(0)
        try:
            msvcrt.locking(file.fileno(), msvcrt.LK_NBLCK, 1)
        except OSError:
            return False
        return True

    def _wait_for_lock(file):
        while not _try_lock(file):
            time.sleep(0.2)
else:
    import fcntl

    def _try_lock(file):
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError:
            return False
        return True

    def _wait_for_lock(file):
        fcntl.flock(file, fcntl.LOCK_EX)
