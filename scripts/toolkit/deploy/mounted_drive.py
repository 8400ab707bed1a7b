"""Reading and writing the files of a mounted drive so that what is reported as written is on the drive."""

import ctypes
import errno
import os
import shutil
import sys
from pathlib import Path, PurePosixPath

from ..errors import ToolkitError
from . import drive_errors

_FALLBACK_CLUSTER = 512
_MAX_FILE = 32 * 1024 * 1024  # bytes; no board's flash holds more
_MACOS_NO_CACHE = 48  # F_NOCACHE of fcntl(2)


class MountedDrive:
    """A drive by its mount folder. Every failure is a ToolkitError that says what to do.

    A FAT drive has no links. One that has is no board's, and a link on it would lead to the computer's own files: none is
    followed.
    """

    def __init__(self, root: Path):
        self.root = root

    def cluster(self) -> int:
        """Return the unit in which files take space, in bytes."""
        if not hasattr(os, "statvfs"):
            return _windows_cluster(self.root) or _FALLBACK_CLUSTER
        with drive_errors.explained(self.root):
            size = os.statvfs(self.root).f_frsize
        return size if size >= 512 else _FALLBACK_CLUSTER

    def capacity(self) -> int:
        """Return the bytes that the drive holds when it is empty."""
        with drive_errors.explained(self.root):
            return shutil.disk_usage(self.root).total

    def free(self) -> int:
        """Return the free bytes."""
        with drive_errors.explained(self.root):
            return shutil.disk_usage(self.root).free

    def is_read_only(self) -> bool:
        """Whether the drive is mounted read-only; unknown counts as no."""
        if not hasattr(os, "statvfs"):
            return False
        with drive_errors.explained(self.root):
            return bool(os.statvfs(self.root).f_flag & os.ST_RDONLY)

    def size(self, path: PurePosixPath) -> int | None:
        """Return the bytes of a file, None when there is none. Raises for a folder of that name, and for a link."""
        with drive_errors.explained(self.root, path):
            self._refuse_links(path)
            for folder in path.parents:
                if self._place(folder).is_file():
                    raise NotADirectoryError(errno.ENOTDIR, "is a file", str(folder))
            file = self._place(path)
            if file.is_dir():
                raise IsADirectoryError(errno.EISDIR, "is a folder", str(path))
            if not file.exists():
                return None
            size = file.stat().st_size
            if not file.is_file() or size > _MAX_FILE:  # such as a pipe, or 2 GB of nothing
                raise ToolkitError(f"{path} on the drive is no file that a board could have.")
            return size

    def read(self, path: PurePosixPath) -> bytes | None:
        """Return a file's content from the drive itself, not from memory; None when there is none."""
        if self.size(path) is None:
            return None
        with (
            drive_errors.explained(self.root, path),
            open(self._place(path), "rb", 0, opener=_without_links) as file,
        ):
            _bypass_cache(file.fileno())
            return file.readall()

    def write(self, path: PurePosixPath, content: bytes) -> None:
        """Write a file, with the folders above it, and wait until it is on the drive."""
        with drive_errors.explained(self.root, path):
            self._refuse_links(path)
            for folder in reversed(path.parents):
                if not self._place(folder).is_dir():
                    self._make_folder(self._place(folder))
            self._store(self._place(path), content, "wb")

    def append(self, path: PurePosixPath, content: bytes) -> None:
        """Add to the end of a file and wait until it is on the drive."""
        with drive_errors.explained(self.root, path):
            self._refuse_links(path)
            self._store(self._place(path), content, "ab")

    def remove(self, path: PurePosixPath) -> None:
        """Remove a file if it is there, and the folders that it leaves empty."""
        with drive_errors.explained(self.root, path):
            self._refuse_links(path)
            if self._place(path).exists():
                self._remove_file(self._place(path))
            for folder in path.parents:
                place = self._place(folder)
                if place == self.root or not place.is_dir() or any(place.iterdir()):
                    break
                self._remove_folder(place)

    def sync(self) -> None:
        """Wait until all that was changed is on the drive."""
        if hasattr(os, "sync"):
            os.sync()

    def _refuse_links(self, path: PurePosixPath) -> None:
        """Raise for a link at `path` or above it."""
        place = self._place(path)
        while place != self.root:
            if _is_link(place):
                link = place.relative_to(self.root).as_posix()
                raise ToolkitError(f"{link} on the drive is a link, which no board's drive has.")
            place = place.parent

    # What touches the drive, one thing each.

    def _place(self, path: PurePosixPath) -> Path:
        return self.root / path

    def _make_folder(self, folder: Path) -> None:
        folder.mkdir()

    def _store(self, file: Path, content: bytes, mode: str) -> None:
        with open(file, mode, opener=_without_links) as stream:
            stream.write(content)
            stream.flush()
            os.fsync(stream.fileno())

    def _remove_file(self, file: Path) -> None:
        file.unlink()

    def _remove_folder(self, folder: Path) -> None:
        folder.rmdir()


def open_drive(root: Path) -> MountedDrive:
    """Return the drive mounted at `root`. Raises ToolkitError unless it is a folder."""
    if not root.is_dir():
        raise ToolkitError(f"{root} is not a folder. Is the board plugged in?")
    return MountedDrive(root)


def _is_link(place: Path) -> bool:
    return place.is_symlink() or (hasattr(place, "is_junction") and place.is_junction())


def _without_links(name: str, flags: int) -> int:
    return os.open(name, flags | getattr(os, "O_NOFOLLOW", 0), 0o666)


def _bypass_cache(descriptor: int) -> None:
    """Make the next read come from the drive; Windows needs no help with removable drives."""
    if hasattr(os, "posix_fadvise"):
        os.posix_fadvise(descriptor, 0, 0, os.POSIX_FADV_DONTNEED)
    elif sys.platform == "darwin":
        import fcntl

        fcntl.fcntl(descriptor, _MACOS_NO_CACHE, 1)


def _windows_cluster(root: Path) -> int:
    sectors, size = ctypes.c_ulong(), ctypes.c_ulong()
    unused = ctypes.c_ulong()
    known = ctypes.windll.kernel32.GetDiskFreeSpaceW(
        str(root),
        ctypes.byref(sectors),
        ctypes.byref(size),
        ctypes.byref(unused),
        ctypes.byref(unused),
    )
    return sectors.value * size.value if known else 0
