"""Locks that keep two scripts from the same work at once; one goes with its process, however that ends."""

import hashlib
import os
import stat
import tempfile
import time
from contextlib import contextmanager
from pathlib import Path

MAX_WAIT_SECONDS = 900  # fetching all packages over a slow line takes minutes

_FOLDER = "datalogger-locks"
_POLL_SECONDS = 0.2


class LockError(OSError):
    """The lock is not to be had."""


def file_for(target):
    """Return the lock of something by its name. It lies where all clones of the project find it, and nobody else comes."""
    digest = hashlib.sha256(str(target).encode()).hexdigest()[:16]
    return Path(_own_folder(), digest + ".lock")


def _own_folder():
    """Return a folder of this user's own, made when it is not there yet."""
    for base in _bases():
        folder = Path(base, _FOLDER)
        try:
            folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        except OSError:
            continue
        if _is_own(folder):
            return folder
    raise LockError("There is no folder of your own for locks; set XDG_CACHE_HOME to one.")


def _bases():
    if os.name == "nt":
        return [tempfile.gettempdir()]  # each user has one
    named = [os.environ.get("XDG_RUNTIME_DIR"), os.environ.get("XDG_CACHE_HOME")]
    return [base for base in named if base] + [str(Path.home() / ".cache")]


def _is_own(folder):
    if os.name == "nt":
        return folder.is_dir()
    what = os.lstat(folder)
    return stat.S_ISDIR(what.st_mode) and what.st_uid == os.getuid() and not what.st_mode & 0o022


@contextmanager
def held(file, waiting, max_seconds=MAX_WAIT_SECONDS):
    """Hold a lock during the block; print `waiting` when another process has it, and wait. Raises LockError after that long."""
    with _opened(file) as lock:
        if not _try_lock(lock):
            print(waiting, flush=True)
            deadline = time.monotonic() + max_seconds
            while not _try_lock(lock):
                if time.monotonic() > deadline:
                    raise LockError("Another script still has %s after %d s." % (file, max_seconds))
                time.sleep(_POLL_SECONDS)
        yield


def acquire(file):
    """Return the lock as a file that gives it back when closed, or None when another process has it."""
    lock = _opened(file)
    if _try_lock(lock):
        return lock
    lock.close()
    return None


def _opened(file):
    flags = os.O_RDWR | os.O_CREAT | getattr(os, "O_NOFOLLOW", 0) | getattr(os, "O_CLOEXEC", 0)
    return os.fdopen(os.open(str(file), flags, 0o600), "r+")


if os.name == "nt":
    import msvcrt

    def _try_lock(file):
        file.seek(0)
        try:
            msvcrt.locking(file.fileno(), msvcrt.LK_NBLCK, 1)
        except OSError:
            return False
        return True

else:
    import fcntl

    def _try_lock(file):
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError:
            return False
        return True
