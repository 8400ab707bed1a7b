"""Who may write the drive: the board or a computer at its USB port, never both.

CircuitPython's rule: at power-up the computer may write. The board can take over while no
computer has the drive, or by rare/drive_owner.py, when people ask for it.
"""

from micropython import const

_CHECK_TENTHS = const(10)
# After power-up USB takes a second or two to notice a computer.
_GRACE_TENTHS = const(50)

_BY_COMPUTER = "A computer has the drive; samples wait in memory."
_GIVEN = "The drive was given to the computer; samples wait in memory."


class Drive:
    """Knows who may write the drive, and takes it when no computer is there.

    `writable` says whether Python may write, `reason` why not; `revision` grows with changes."""

    on_card = False  # as a Card tells it

    def __init__(self, clock, log, storage, runtime, nvm):
        """storage: the module; runtime: supervisor.runtime; nvm: microcontroller.nvm."""
        self._clock = clock
        self.log = log
        self.storage = storage
        self.runtime = runtime
        self.nvm = nvm
        self._away_since = clock.tenths
        self.wait_for_computer = False  # the drive was given to a computer that isn't there yet
        self.reason = ""
        self.revision = 0
        self.writable = False
        self.check()

    def check(self):
        """Look again who has the drive."""
        writable = not self.storage.getmount("/").readonly
        self.reason = "" if writable else _GIVEN if self.wait_for_computer else _BY_COMPUTER
        if writable != self.writable:
            self.writable = writable
            self.revision += 1

    def needs_restart(self):
        """Whether taking the drive now takes a restart of the board."""
        return (
            not self.writable
            and self.runtime.usb_connected
            and not hasattr(self.storage, "unsafe_disable_usb_drive")
        )

    def run(self):
        """The task that takes the drive when no computer is there (a generator)."""
        due = 0
        while True:
            if self._clock.tenths >= due:
                due = self._clock.tenths + _CHECK_TENTHS
                self._look()
            yield

    def _look(self):
        if self.runtime.usb_connected:
            self._away_since = self._clock.tenths
            self.wait_for_computer = False
        self.check()
        away = self._clock.tenths - self._away_since
        if not self.writable and not self.wait_for_computer and away >= _GRACE_TENTHS:
            if self.remount(False):
                self.log.info("No computer is there: the board has taken the drive.")
            else:
                self._away_since = self._clock.tenths

    def remount(self, readonly):
        """Try to make the drive read-only or writable for Python; whether that worked."""
        try:
            self.storage.remount("/", readonly=readonly)
        except (RuntimeError, OSError) as error:
            self.log.debug("remount: %s" % error)
        self.check()
        return self.writable != readonly
