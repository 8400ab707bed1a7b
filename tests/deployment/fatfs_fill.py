"""Runs in MicroPython: fills new FAT volumes with trees and prints the room that FatFs calls free.

argv[1]: file with a JSON list of {"sectors": n, "folders": [path], "files": [[path, size]]}.
stdout: JSON list of [cluster size, clusters, free clusters].
"""

import json
import sys

import vfs


class RamDisk:
    """A block device in memory, as FatFs sees the flash of a board."""

    def __init__(self, sectors):
        self._data = bytearray(sectors * 512)

    def readblocks(self, sector, buffer):
        start = sector * 512
        buffer[:] = self._data[start : start + len(buffer)]

    def writeblocks(self, sector, buffer):
        start = sector * 512
        self._data[start : start + len(buffer)] = buffer

    def ioctl(self, operation, _argument):
        if operation == 4:  # number of sectors
            return len(self._data) // 512
        if operation == 5:  # bytes in a sector
            return 512
        return 0


def fill(tree):
    disk = RamDisk(tree["sectors"])
    vfs.VfsFat.mkfs(disk)
    volume = vfs.VfsFat(disk)
    volume.mount(False, False)
    for path in tree["folders"]:
        volume.mkdir(path)
    for path, size in tree["files"]:
        file = volume.open(path, "wb")
        file.write(bytes(size))
        file.close()
    figures = volume.statvfs("/")
    return figures[0], figures[2], figures[3]


with open(sys.argv[1]) as file:
    trees = json.load(file)
print(json.dumps([fill(tree) for tree in trees]))
