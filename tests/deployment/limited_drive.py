"""A folder with the limits of a board's drive: FAT12, 508 KB, blind to case, pulled out at will."""

import errno
import os
from pathlib import Path, PurePosixPath

from toolkit import fat
from toolkit.budget import drive_sizes, shares
from toolkit.deploy.mounted_drive import MountedDrive

BOOT_OUT = (
    "Adafruit CircuitPython 10.3.1 on 2026-07-02; Raspberry Pi Pico W with rp2040\r\n"
    "Board ID:raspberry_pi_pico_w\r\n"
    "UID:E6614103E7452D2F\r\n"
)
FRESH_CODE = b'print("Hello World!")\n'


class Killed(BaseException):
    """The deployment ends here, as if the process had been killed or the drive pulled out."""


def fresh(root: Path) -> Path:
    """Make `root` the drive of a board that has just been given CircuitPython."""
    root.mkdir(parents=True, exist_ok=True)
    for name in shares.FRESH_DRIVE:
        if name.endswith("/"):
            (root / name).mkdir()
        else:
            (root / name).write_bytes(b"")
    (root / "boot_out.txt").write_bytes(BOOT_OUT.encode())
    (root / "code.py").write_bytes(FRESH_CODE)
    (root / "sd/placeholder.txt").write_bytes(b"SD cards mounted at /sd will hide this file.\n")
    return root


def tree(root: Path) -> dict[str, bytes]:
    """Return {path: content} of all files below a folder."""
    return {
        file.relative_to(root).as_posix(): file.read_bytes()
        for file in sorted(root.rglob("*"))
        if file.is_file()
    }


class LimitedDrive(MountedDrive):
    """Counts its steps; at step `kill_at` it raises Killed, which may leave a file half-written."""

    def __init__(
        self,
        root: Path,
        kilobytes: int = drive_sizes.KILOBYTES["pico-w"],
        kill_at: int | None = None,
    ):
        super().__init__(root)
        self.steps = 0
        self.writes: list[str] = []
        self.read_only = False
        self._geometry = fat.formatted(kilobytes * shares.SECTORS_PER_KILOBYTE)
        self._kill_at = kill_at
        self._room = 0

    def cluster(self):
        return self._geometry.cluster

    def capacity(self):
        return self._geometry.capacity

    def free(self):
        # A computer with Linux or macOS writes a long name even for `code.py`.
        volume = fat.Volume(self._geometry, lower_case_is_short=False)
        for place in self.root.rglob("*"):
            path = PurePosixPath(place.relative_to(self.root).as_posix())
            if place.is_dir():
                volume.add_folder(path)
            else:
                volume.add_file(path, place.stat().st_size)
        return volume.free

    def is_read_only(self):
        return self.read_only

    def sync(self):
        self._step("sync drive")

    def _place(self, path):
        """Find a file whatever the case of its name."""
        place = self.root / path
        if os.path.lexists(place):
            return place
        place = self.root
        for part in path.parts:
            if place.is_dir():
                same = [entry for entry in place.iterdir() if entry.name.lower() == part.lower()]
                place = same[0] if same else place / part
            else:
                place = place / part
        return place

    def _step(self, what):
        if self.read_only:
            raise OSError(errno.EROFS, "Read-only file system")
        if self.steps == self._kill_at:
            raise Killed(what)
        self.steps += 1
        self.writes.append(what)

    def _make_folder(self, folder):
        self._step(f"make {folder.relative_to(self.root)}")
        super()._make_folder(folder)

    def _store(self, file, content, mode):
        name = file.relative_to(self.root).as_posix()
        self._step(f"begin {name}")
        half = content[: len(content) // 2]
        _put(file, half, mode)
        self._step(f"half {name}")
        _put(file, content[len(half) :], "ab")
        if self._is_over_full(len(content)):
            _put(file, half, "wb")
            raise OSError(errno.ENOSPC, "No space left on device")
        self._step(f"wrote {name}")

    def _is_over_full(self, written):
        """Counting takes long: count only when a rough estimate, never too high, runs out."""
        self._room -= written + 4 * self.cluster()
        if self._room < 0:
            self._room = self.free()
        return self._room < 0

    def _remove_file(self, file):
        self._step(f"remove {file.relative_to(self.root)}")
        super()._remove_file(file)

    def _remove_folder(self, folder):
        self._step(f"remove {folder.relative_to(self.root)}")
        super()._remove_folder(folder)


def _put(file, content, mode):
    """Write without waiting for the disk: that would take most of the time of these tests."""
    with open(file, mode) as stream:
        stream.write(content)
