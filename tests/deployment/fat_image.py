"""Runs in MicroPython: formats a FAT image as CircuitPython does, or lists the files in one.

argv: "format" IMAGE SECTORS, or "list" IMAGE. Listing prints JSON:
[free bytes, {path: SHA-256 in hexadecimal}].
"""

import binascii
import hashlib
import json
import sys

import vfs

FOLDER = 0x4000


class Image:
    """A block device in a file."""

    def __init__(self, path, sectors=None):
        self._file = open(path, "rb+")  # noqa: SIM115 - open as long as the program runs
        if sectors:
            for _ in range(sectors):
                self._file.write(bytes(512))
        self._sectors = self._file.seek(0, 2) // 512

    def readblocks(self, sector, buffer):
        self._file.seek(sector * 512)
        self._file.readinto(buffer)

    def writeblocks(self, sector, buffer):
        self._file.seek(sector * 512)
        self._file.write(buffer)

    def ioctl(self, operation, _argument):
        if operation in (2, 3):
            self._file.flush()
        return {4: self._sectors, 5: 512}.get(operation, 0)


def files(volume, folder=""):
    for name, kind, *_ in volume.ilistdir(folder):
        path = folder + "/" + name if folder else name
        if kind == FOLDER:
            yield from files(volume, path)
        else:
            with volume.open(path, "rb") as file:
                yield path, binascii.hexlify(hashlib.sha256(file.read()).digest()).decode()


if sys.argv[1] == "format":
    image = Image(sys.argv[2], int(sys.argv[3]))
    vfs.VfsFat.mkfs(image)
    image.ioctl(3, 0)
else:
    volume = vfs.VfsFat(Image(sys.argv[2]))
    volume.mount(True, False)
    figures = volume.statvfs("/")
    print(json.dumps([figures[0] * figures[3], dict(files(volume))]))
