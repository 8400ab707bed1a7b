"""Who may write the drive: the board or a computer at its USB port, never both.

CircuitPython's rule: at power-up the computer may write. The board can take over while no
computer has the drive, or take it from the computer: at once where
`storage.unsafe_disable_usb_drive` exists (CircuitPython 10.3), else by a flag in the non-volatile
memory that boot.py obeys at the next start.
"""

from micropython import const

from ..file_system import size
from ..nonvolatile import BOARD_HAS_DRIVE, COMPUTER_HAS_DRIVE, DRIVE_AT
from ..on_demand import on_demand

_CHECK_TENTHS = const(10)
# After power-up USB takes a second or two to notice a computer.
_GRACE_TENTHS = const(50)

_UNREPAIRED = "/boot.py.new"  # boot.py cannot finish its own replacement
_BY_COMPUTER = "A computer has the drive; samples wait in memory."
_GIVEN = "The drive was given to the computer; samples wait in memory."


class Drive:
    """Knows who may write the drive, takes it when no computer is there, hands it over on request.

    `writable` says whether Python may write, `reason` why not; `revision` grows with changes."""

    def __init__(self, clock, log, storage, runtime, nvm):
        """storage: the module; runtime: supervisor.runtime; nvm: microcontroller.nvm."""
        self._clock = clock
        self._log = log
        self._storage = storage
        self._runtime = runtime
        self._nvm = nvm
        self._away_since = clock.tenths
        self._wait_for_computer = False
        self.reason = ""
        self.revision = 0
        self.writable = False
        self.check()

    def check(self):
        """Look again who has the drive."""
        writable = not self._storage.getmount("/").readonly
        self.reason = "" if writable else _GIVEN if self._wait_for_computer else _BY_COMPUTER
        if writable != self.writable:
            self.writable = writable
            self.revision += 1

    def owner(self):
        """ "board" or "computer"."""
        return "board" if self.writable else "computer"

    def needs_restart(self):
        """Whether taking the drive now takes a restart of the board."""
        return (
            not self.writable
            and self._runtime.usb_connected
            and not hasattr(self._storage, "unsafe_disable_usb_drive")
        )

    def take(self):
        """Give the drive to the board, for good. Returns whether that needs a restart."""
        self._wait_for_computer = False
        self._remember(BOARD_HAS_DRIVE)
        if self.writable or self._remount(False):
            return False
        if hasattr(self._storage, "unsafe_disable_usb_drive"):
            self._storage.unsafe_disable_usb_drive()  # waits 2.5 s: less than the watchdog's 8
            self.check()
            if self.writable or self._remount(False):
                return False
        return True

    def give(self):
        """Give the drive to the computer. Returns whether that needs a restart."""
        self._remember(COMPUTER_HAS_DRIVE)
        self._wait_for_computer = not self._runtime.usb_connected
        if hasattr(self._storage, "enable_usb_drive"):
            try:
                self._storage.enable_usb_drive()
            except (RuntimeError, OSError) as error:
                self._log.debug("enable_usb_drive: %s" % error)
        self.check()
        return self.writable and not self._remount(True)

    def run(self):
        """The task that takes the drive when no computer is there (a generator)."""
        due = 0
        unrepaired = size(_UNREPAIRED) is not None
        while True:
            if unrepaired and self.writable:
                unrepaired = False
                yield from on_demand("replacing").finish(_UNREPAIRED[: -len(".new")])
            if self._clock.tenths >= due:
                due = self._clock.tenths + _CHECK_TENTHS
                self._look()
            yield

    def _look(self):
        if self._runtime.usb_connected:
            self._away_since = self._clock.tenths
            self._wait_for_computer = False
        self.check()
        away = self._clock.tenths - self._away_since
        if not self.writable and not self._wait_for_computer and away >= _GRACE_TENTHS:
            if self._remount(False):
                self._log.info("No computer is there: the board has taken the drive.")
            else:
                self._away_since = self._clock.tenths

    def _remount(self, readonly):
        """Try to make the drive read-only or writable for Python; whether that worked."""
        try:
            self._storage.remount("/", readonly=readonly)
        except (RuntimeError, OSError) as error:
            self._log.debug("remount: %s" % error)
        self.check()
        return self.writable != readonly

    def _remember(self, owner):
        """Let boot.py know who has the drive. Only changes are written: each write erases flash."""
        if self._nvm is not None and self._nvm[DRIVE_AT] != owner:
            self._nvm[DRIVE_AT] = owner
