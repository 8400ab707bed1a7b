"""What an error of the operating system means for the person who deploys."""

import errno
import sys
from contextlib import contextmanager
from pathlib import Path

from ..errors import ToolkitError

READ_ONLY = (
    "The drive is read-only: the board has it. Three ways out: (1) open the board's page in the browser and give the "
    "drive to the computer (System, USB drive access); (2) unplug the board and plug it into this computer again; "
    "(3) deploy over Wi-Fi: python3 scripts/deploy.py --wifi http://192.168.4.1"
)
LOCKED = (
    "The drive became read-only while it was written: the board has taken it, or the system has locked it because its "
    "file system is damaged. Unplug the board, plug it in and run this again: it goes on where it stopped. "
    "If that doesn't help, repair the drive (fsck.fat, chkdsk, First Aid)."
)
GONE = (
    "The drive is gone (unplugged, or the board was reset). Plug it in and run this again: "
    "it goes on where it stopped."
)
FULL = (
    "The drive is full. What was there still works. Delete recordings in data/ and run this again: "
    "it goes on where it stopped."
)

_GONE = frozenset((errno.ENODEV, errno.ENXIO, errno.ENOTCONN, errno.ESTALE))
_READ_ONLY = frozenset((errno.EROFS, errno.EACCES, errno.EPERM))
# EUCLEAN ("Structure needs cleaning") is Linux's word for a damaged file system.
_DAMAGED = frozenset((errno.EIO, errno.EILSEQ, errno.ELOOP, getattr(errno, "EUCLEAN", errno.EIO)))

# winerror.h: write protected, not ready, disk full, file or disk corrupt.
_WINDOWS = {
    19: errno.EROFS,
    21: errno.ENODEV,
    112: errno.ENOSPC,
    1392: errno.EIO,
    1393: errno.EIO,
}


def damaged(root: Path) -> str:
    """Say how to repair the file system of the drive at `root`."""
    tool = {
        "win32": f"chkdsk {root.drive or root} /f",
        "darwin": "Disk Utility, First Aid",
    }.get(sys.platform, "fsck.fat -a DEVICE, after unmounting it")
    return (
        f"The file system of the drive is damaged. Copy data/ off it, then repair it ({tool}), or make it anew in "
        "CircuitPython: import storage; storage.erase_filesystem(). Then run this again."
    )


@contextmanager
def explained(root: Path, path=None):
    """Turn an OSError into a ToolkitError that says what to do. `path` names the file being worked on."""
    try:
        yield
    except OSError as error:
        raise ToolkitError(_message(error, root, path)) from error


def _message(error: OSError, root: Path, path) -> str:
    code = _WINDOWS.get(getattr(error, "winerror", None) or 0, error.errno)
    if code == errno.ENOSPC:
        return FULL
    if code in _GONE or not root.is_dir():
        return GONE
    if code in _READ_ONLY:
        return READ_ONLY
    if code in _DAMAGED:
        return damaged(root)
    if code in (errno.ENOTDIR, errno.EISDIR, errno.EEXIST):
        return (
            f"{path}: the drive has a folder where a file belongs, or the other way round. "
            "Rename the one on the drive."
        )
    return f"{path or root}: {error.strerror or error}"
