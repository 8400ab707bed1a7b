"""The flash of the board and a cut of its power, on the side of the computer."""

from dataclasses import dataclass

SECTOR = 512
SECTORS = 1016
_SECTORS_OF_A_BLOCK = 8  # 4 KB, erased and written together; CircuitPython's cache holds one
_RECORD = 2 + SECTOR


@dataclass
class Writes:
    """The sector writes of an operation in their order, and the events between them.

    events: lists [writes so far, kind, ...], see device/operations.py.
    """

    sectors: list
    events: list
    erases: int = 0  # blocks of flash erased, see device/flash_drive.py
    fat_erases: int = 0

    @classmethod
    def parse(cls, record: bytes, events=(), erases=0, fat_erases=0):
        starts = range(0, len(record), _RECORD)
        sectors = [
            (int.from_bytes(record[at : at + 2], "little"), record[at + 2 : at + _RECORD])
            for at in starts
        ]
        return cls(sectors, list(events), erases, fat_erases)

    def __len__(self):
        return len(self.sectors)

    def images(self, image: bytes):
        """The content of the flash after 0, 1, 2 ... writes."""
        flash = bytearray(image)
        yield bytes(flash)
        for sector, content in self.sectors:
            flash[sector * SECTOR : (sector + 1) * SECTOR] = content
            yield bytes(flash)

    def after(self, image: bytes):
        """The content of the flash in the end."""
        flash = bytearray(image)
        for sector, content in self.sectors:
            flash[sector * SECTOR : (sector + 1) * SECTOR] = content
        return bytes(flash)

    def nvm_at(self, written):
        """What the non-volatile memory may hold after so many writes: lists of [place, value]. A
        change between two writes may have come before the cut or not."""
        before = [event[2:] for event in self.events if event[1] == "nvm" and event[0] < written]
        at = [event[2:] for event in self.events if event[1] == "nvm" and event[0] == written]
        return [before + at[:count] for count in range(len(at) + 1)]

    def durable_events(self):
        """(durable, event) in order: `durable` is how many writes are on the flash for certain
        when the event happens; later ones may wait in the cache, or may be there already because
        a second has passed."""
        durable = 0
        position = 0
        for event in self.events:
            for index in range(max(1, position), event[0]):
                if self._block(index) != self._block(index - 1):
                    durable = index  # the earlier block has left the cache
            position = event[0]
            if event[1] == "sync":
                durable = position
            yield durable, event

    def _block(self, index):
        return self.sectors[index][0] // _SECTORS_OF_A_BLOCK
