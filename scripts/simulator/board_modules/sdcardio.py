"""`sdcardio`: the SD card in the slot (shared-module/sdcardio/SDCard.c). What is on it is there through
storage.VfsFat only."""

from core import card as _card


class SDCard:
    def __init__(self, bus, cs, baudrate=8000000):
        self._pin = None
        self._inserted = _card.Inserted()
        if cs._in_use:
            raise ValueError("%s in use" % cs._name)
        cs._in_use = True
        self._pin = cs

    def deinit(self):
        if self._pin is not None:
            self._pin._in_use = False
            self._pin = None

    def count(self):
        self._inserted.check()
        return self._inserted.blocks.count if self._inserted.blocks else 8192

    def readblocks(self, start_block, buf):
        self._inserted.check()
        if self._inserted.blocks:
            self._inserted.blocks.readblocks(start_block, buf)

    def writeblocks(self, start_block, buf):
        raise NotImplementedError("the simulator's card is written as files only")

    def sync(self):
        self._inserted.check()
