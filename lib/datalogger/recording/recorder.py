"""Takes samples and has them brought to the drive."""

from micropython import const

from ..nonvolatile import RECORDING_AT, RECORDING_STOPPED
from ..on_demand import on_demand
from .samples import Samples

MAX_EXTENT = 16384  # bytes of blank lines that a recording grows by at once
_RETRY_TENTHS = const(300)  # after an error, or while there is no room
_NOT_WRITABLE_TENTHS = const(20)  # between two looks at a drive that a computer has
_FULL = const(28)  # ENOSPC
_READ_ONLY = const(30)  # EROFS


class NoRoom(Exception):
    """The drive has no room for the next rows."""


class Target:
    """Where rows go. `file` is the name of the recording that was written last, None when it must
    be looked for; `day` and `offset_s` the day of its rows and their offset to UTC; `number` which of
    that day's recordings it is;
    `run_number` this run's number among those without a clock, 0 while it isn't needed; `undated`
    how many recordings of this run don't tell yet when it began;
    `row_bytes` the length of a row, estimated until one is written."""

    def __init__(self, clock, row_bytes):
        self._clock = clock
        self.file = self.day = self.offset_s = None
        self.number = 1
        self.run_number = 0
        self.undated = 0
        self.row_bytes = row_bytes

    def day_at(self, tenths):
        """The day of an uptime as text, "boot" while the clock is unset."""
        return self._clock.iso(tenths)[:10] if self._clock.is_set() else "boot"

    def name_at(self, tenths):
        """Name of the recording that a sample at that uptime goes to, None while it has none."""
        day = self.day_at(tenths)
        if self.file and self.day == day:
            return self.file
        if self._clock.is_set():
            return day + ".csv"
        return "boot-%d.csv" % self.run_number if self.run_number else None


class Recorder:
    """Samples every SAMPLE_SECONDS into the ring and has it written to the recording every
    FLUSH_SECONDS, for the flash's sake. A file is open only while it is being written. `new_turn` is
    a function that returns a Turn."""

    new_turn = None

    def __init__(self, clock, settings, log, readings, room, recordings, drive, nvm=None):
        """room: a Room; recordings: the Recordings; drive: has `writable` and `check()`; nvm:
        bytearray-like memory that survives resets."""
        self._clock = clock
        self._settings = settings
        self._log = log
        self._readings = readings
        self._room = room
        self._recordings = recordings
        self._drive = drive
        self.samples = Samples(len(readings.channels))
        self.target = Target(clock, 20 + 6 * self.samples.columns)
        self._flush = None  # the Writer's generator while it writes
        self._turn = self._waiting = None  # of the writer
        self.flush_at = 0
        self._retry_at = 0
        self.full = False
        self.problem = ""
        self.notes = []  # (tenths, text) of notes that are not on the drive yet
        self._nvm = nvm
        self.stopped = nvm is not None and nvm[RECORDING_AT] == RECORDING_STOPPED

    # What people see.

    def state(self):
        """(state, reason) as GET /api/status tells them."""
        if self.stopped:
            return "stopped", "Recording was stopped by hand."
        if not self._drive.writable:
            return "paused", self._drive.reason
        if self.full:
            return "full", "There is no room left; delete recordings, or keep less free."
        if self.problem:
            return "error", self.problem
        return "recording", ""

    def file(self):
        """Name of the recording that the present goes to, None when it has no name yet."""
        return self.target.name_at(self._clock.tenths)

    # The task.

    def run(self):
        """The task that records (a generator)."""
        clock = self._clock
        due = clock.tenths // 10 * 10  # whole seconds: a late sample never shares one with the next
        self.flush_at = clock.tenths + self._settings["FLUSH_SECONDS"] * 10
        try:
            while True:
                interval = self._settings["SAMPLE_SECONDS"] * 10
                if due > clock.tenths + interval:  # the setting has become smaller
                    due = clock.tenths // 10 * 10
                if clock.tenths >= due:
                    if not self.stopped:
                        self.sample()
                    due += (1 + (clock.tenths - due) // interval) * interval
                    yield
                self._write_when_due()
                yield
        finally:  # also when the task fails
            self._end_turn()

    def _write_when_due(self):
        """Do one short step of writing, if it is time for that and the turn of the writer."""
        clock = self._clock
        flush = self._settings["FLUSH_SECONDS"] * 10
        self.flush_at = min(self.flush_at, clock.tenths + flush)  # the setting may change
        wanted = self._flush or clock.tenths >= self.flush_at
        wanted = wanted or self.samples.pending() >= self.max_pending()
        if wanted:
            if clock.tenths >= self._retry_at and (self._flush or self._has_turn()):
                self.write_step()
            if not (self.samples.pending() or self._flush):
                self.flush_at = clock.tenths + flush
        if self._turn and not self._flush and (self._turn.begun or not wanted):
            self._end_turn()

    def _has_turn(self):
        """Whether the writer's code may be loaded; else it is asked again."""
        if self._turn is None:
            self._turn = self.new_turn()
            self._waiting = self._turn.wait()
        try:
            next(self._waiting)
        except StopIteration:
            return True
        return False

    def _end_turn(self):
        turn, self._turn = self._turn, None
        if turn:
            turn.end()

    def sample(self):
        """Take a sample now."""
        if not self._readings.is_fresh():
            self._readings.update()
        self.samples.add(self._clock.tenths, self._readings.values)

    def stop(self, stopped):
        """Stop recording, also over restarts, or start it again."""
        self.stopped = stopped
        if self._nvm is not None:
            self._nvm[RECORDING_AT] = RECORDING_STOPPED if stopped else 0
        self.write_soon()

    def write_soon(self):
        """Let the task write what waits at once."""
        self.flush_at = self._clock.tenths
        self._retry_at = 0

    def write_step(self):
        """Do one short step of writing what waits; whether there may be more to do."""
        if not self._flush:
            if not (self.samples.pending() or self.notes):
                return False
            if not self._drive.writable:
                self._retry_at = self._clock.tenths + _NOT_WRITABLE_TENTHS
                return False
            self._flush = self._writer().flush()
            return True  # to load its code takes as long as a step of writing
        try:
            next(self._flush)
            return True
        except StopIteration:
            self._flush = None
            self.flush_at = self._clock.tenths + self._settings["FLUSH_SECONDS"] * 10
        except NoRoom:
            self._flush = None
            self._set_full()
            return False
        except OSError as error:
            self._flush = None
            self._failed(error)
            return False
        self.full = False
        if self.problem:
            self.problem = ""
            self._log.info("Recording goes on.")
        return False

    def _writer(self):
        return on_demand("writer").Writer(
            self._clock,
            self._settings,
            self._log,
            self._readings,
            self.samples,
            self._room,
            self._recordings,
            self.target,
            self.notes,
        )

    def delete(self, name):
        """Delete a recording; if it is the present one, a new one begins. Returns whether it was
        there; raises OSError when the drive is read-only."""
        if self.target.file in (name, None):
            self._stop_flush()  # FatFs must not remove a file that is open
        deleted = self._recordings.delete(name)
        if name == self.target.file:
            self.target.file = None
        self._retry_at = 0
        self.full = False
        return deleted

    def begin_anew(self):
        """Look anew for the recording that rows go to: they go to another drive."""
        self._stop_flush()
        self.target.file = self.target.day = None
        self.target.run_number = self.target.undated = 0
        self.write_soon()

    def _stop_flush(self):
        """End writing; what was not written waits on."""
        flush, self._flush = self._flush, None
        if flush:
            try:
                flush.close()
            except OSError:  # the card that the file is on has been pulled out
                pass

    def max_pending(self):
        """Rows that may wait to be written before the time for it has come."""
        return self.samples.capacity * 3 // 4

    def _set_full(self):
        if not self.full:
            self._log.error("Recording stops: the drive is full.")
        self.full = True
        self._retry_at = self._clock.tenths + _RETRY_TENTHS

    def _failed(self, error):
        self._retry_at = self._clock.tenths + _RETRY_TENTHS
        code = error.errno if hasattr(error, "errno") else None
        if code == _FULL:
            self._set_full()
        elif code == _READ_ONLY:
            self._drive.check()
            self._retry_at = self._clock.tenths + _NOT_WRITABLE_TENTHS
        else:
            if not self.problem:
                self._log.failure("Writing the recording failed.", error)
            self.problem = "Writing to the drive failed (%s); it is tried again." % error
