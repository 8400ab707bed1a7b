"""An SD card that takes the recordings while it is there. Imported only where SD_CARD names its pins."""

import board
import busio
from micropython import const

from .. import file_system
from ..on_demand import on_demand
from .recordings import FOLDER, Recordings

_LOOK_TENTHS = const(50)
_RETRY_TENTHS = const(50)
_PATIENCE_TENTHS = const(600)  # then the recordings go to the internal drive
_PATH = "/sd"
_AWAY = "The SD card is not there; samples wait in memory."


class Card:
    """Where the recordings go: the card, and the internal drive once it has been away for a minute.
    For the recorder it is what a Drive is: `writable` says whether rows may be written, `reason` why
    not. `on_card` says which of both it is, `internal` are the recordings of the internal drive."""

    def __init__(self, clock, log, storage, drive, room, recordings, pins):
        """storage: the module; drive: the internal Drive; pins: names of those of clock, MOSI, MISO
        and chip select, separated by commas."""
        self.recorder = None
        self.on_card = True
        self.reason = _AWAY
        self.writable = False
        self._clock = clock
        self._log = log
        self._storage = storage
        self._drive = drive
        self._room = room
        self._recordings = recordings
        self._pins = [getattr(board, name) for name in pins.split(",")]
        self._bus = None
        self._device = None
        self._away_since = clock.tenths
        self.internal = Recordings(ilistdir=recordings.ilistdir, known=1)
        self._use(None)
        self._mount()

    def check(self):
        """Look again whether rows may be written."""
        if not self.on_card:
            self._drive.check()
            self.writable = self._drive.writable
            self.reason = self._drive.reason

    def run(self):
        """The task that looks for the card (a generator)."""
        due = 0
        while True:
            if not self.on_card and self.writable != self._drive.writable:
                self.check()
            if self._clock.tenths >= due:
                due = self._clock.tenths + (self._look() or self._mount())
            yield

    def _look(self):
        """Tenths of a second until the next look; 0 where a card must be looked for."""
        if self._device is None:
            return 0
        try:
            self._device.readblocks(0, file_system.sector)
            return _LOOK_TENTHS
        except OSError:
            self._log.warning("The SD card is gone.")
        self._away_since = self._clock.tenths
        self._leave()
        return 0

    def _leave(self):
        self._use(None)
        self._storage.umount(_PATH)
        self._device.deinit()
        self._device = None

    def _mount(self):
        """Mount the card if it is there; returns the tenths of a second until the next look."""
        clock, mosi, miso, select = self._pins
        try:
            if self._bus is None:
                self._bus = busio.SPI(clock, mosi, miso)
            mounting = on_demand("card_mounting")
            device, vfs = mounting.mount(self._bus, select, self._storage, _PATH)
        except (OSError, ValueError, RuntimeError, MemoryError) as error:
            return self._not_there(error)
        self._device = device
        self._use(vfs)
        self._log.info("The recordings are on the SD card.")
        return _LOOK_TENTHS

    def _not_there(self, error):
        self._log.debug("SD card: %s" % error)
        if self.on_card and self._clock.tenths - self._away_since >= _PATIENCE_TENTHS:
            self.on_card = False
            self._move("", self.internal.ilistdir)
            self.check()
            self._log.warning("The SD card stays away: the recordings go to the internal drive.")
        return _RETRY_TENTHS

    def _use(self, vfs):
        """Record on the card with that file system; None: wait for it."""
        self.on_card = True
        self.writable = vfs is not None
        self.reason = "" if vfs else _AWAY
        self._move(_PATH, (lambda path: vfs.ilistdir(path[len(_PATH) :])) if vfs else _nothing)

    def _move(self, root, ilistdir):
        self._recordings.folder = root + FOLDER
        self._recordings.ilistdir = ilistdir
        self._room.root = root + "/"
        if self.recorder:
            self.recorder.begin_anew()


def _nothing(path):
    return ()
