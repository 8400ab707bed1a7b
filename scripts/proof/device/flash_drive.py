"""The flash of a Pico W's drive as a block device in memory, which keeps a record of all writes."""

SECTORS = 1016
SECTOR = 512
_SECTORS_OF_A_BLOCK = 8  # 4 KB, erased and written together
_SYNC = 3  # an operation of ioctl()
_FAT_BLOCK = 0  # holds the boot sector, the FAT and the first of the root directory


class FlashDrive:
    """What MicroPython's vfs.VfsFat needs of a block device.

    `image` is the content. `record` is, from `begin_record()` on, every sector written, each as
    its number in two bytes (little-endian) and its 512 bytes; `written` counts them. `events` are
    lists [writes so far, kind, ...]: "sync" when os.sync() was called, and what others add.

    `erases` counts how often CircuitPython would erase a block of 4 KB of the flash and write it
    anew, `fat_erases` how often the first one. It keeps one block in memory and writes it when
    another one is written to, when anything is read, when FatFs asks for it (as at the end of each
    close, mkdir and remove), and at os.sync() (ports/raspberrypi/supervisor/internal_flash.c and
    supervisor/shared/flash.c).
    """

    def __init__(self):
        self.image = bytearray(SECTORS * SECTOR)
        self.begin_record()

    def begin_record(self):
        self.record = []
        self.events = []
        self.written = 0
        self.erases = 0
        self.fat_erases = 0
        self._waiting = None  # number of the block in CircuitPython's cache

    def _write_block(self):
        if self._waiting is not None:
            self.erases += 1
            self.fat_erases += self._waiting == _FAT_BLOCK
            self._waiting = None

    def sync(self):
        """What os.sync() does: all that the flash's cache holds is written."""
        self._write_block()
        self.note("sync")

    def note(self, *event):
        """Add an event at this point of the writes."""
        self.events.append([self.written] + list(event))

    def readblocks(self, sector, buffer):
        self._write_block()
        start = sector * SECTOR
        buffer[:] = self.image[start : start + len(buffer)]

    def writeblocks(self, sector, buffer):
        start = sector * SECTOR
        self.image[start : start + len(buffer)] = buffer
        for offset in range(0, len(buffer), SECTOR):
            number = sector + offset // SECTOR
            if self._waiting != number // _SECTORS_OF_A_BLOCK:
                self._write_block()
                self._waiting = number // _SECTORS_OF_A_BLOCK
            self.record.append(bytes((number & 255, number >> 8)))
            self.record.append(bytes(buffer[offset : offset + SECTOR]))
            self.written += 1

    def ioctl(self, operation, _argument):
        if operation == _SYNC:
            self._write_block()  # but no "sync" to rely on: other releases may not do that
        return {4: SECTORS, 5: SECTOR}.get(operation, 0)
