"""Takes samples and writes them to the drive."""

import gc
from math import isnan

from micropython import const

from .. import file_system
from . import samples as sample_ring

_CHUNK_ROWS = const(24)  # rows per step and write: about 1 KB
_MAX_FILE_BYTES = const(98304)  # then a new one begins, so that the oldest can go piece by piece
_RETRY_TENTHS = const(300)  # after an error, or while there is no room
_FULL = const(28)  # ENOSPC
_READ_ONLY = const(30)  # EROFS
_ERASES = const(100000)  # that a flash sector endures (Winbond W25Q16JV datasheet)


class Recorder:
    """Samples every SAMPLE_SECONDS into the ring and appends them to the recording every
    FLUSH_SECONDS, for the flash's sake. Nothing is open between two steps."""

    def __init__(self, clock, settings, log, readings, room, recordings, drive):
        """room: a Room; recordings: the Recordings; drive: has `writable` and `check()`."""
        self._clock = clock
        self._settings = settings
        self._log = log
        self._readings = readings
        self._room = room
        self._recordings = recordings
        self._drive = drive
        self.samples = sample_ring.Samples(len(readings.sensors))
        self._columns = ",".join(readings.columns())
        self.flush_at = 0
        self._retry_at = 0
        self.full = False
        self.problem = ""
        self._boot_number = 0
        self._file_day = None  # day (or "boot") whose rows go to _file
        self._file = None
        self._row_bytes = 0  # of the last rows written, for estimates

    # What the status tells.

    def state(self):
        """(state, reason) as in GET /api/status."""
        if not self._drive.writable:
            return "paused", self._drive.reason
        if self.full:
            return "full", "There is no room left; delete recordings, or keep less free."
        if self.problem:
            return "error", self.problem
        return "recording", ""

    def file(self):
        """Name of the recording that the present samples go to, None while it has no name."""
        if self._file and self._file_day == self._day(self._clock.tenths):
            return self._file
        if self._clock.is_set():
            return self._day(self._clock.tenths) + ".csv"
        return "boot-%d.csv" % self._boot_number if self._boot_number else None

    def next_write_s(self):
        """Seconds until the next write, None while there will be none."""
        if self.state()[0] != "recording":
            return None
        return max(0, (self.flush_at - self._clock.tenths) // 10)

    def write_interval_s(self):
        """Seconds between two writes, on average; a full memory makes them come earlier."""
        sample = self._settings["SAMPLE_SECONDS"]
        fits = sample * self._max_pending()
        return max(sample, min(self._settings["FLUSH_SECONDS"], fits))

    def flash_years(self):
        """Years until the flash sector of the directory has had its 100,000 erases. Each write
        erases that sector once, and nothing levels the wear."""
        writes = 2 if self._settings["LOG_TO_DRIVE"] else 1
        return _ERASES * self.write_interval_s() / (writes * 86400 * 365.25)

    def days_left(self):
        """Days until recordings have filled the room up to the reserve."""
        room = self._room.free() - self._settings["RESERVE_KB"] * 1024
        row = self._row_bytes or (26 + 8 * self.samples.columns)
        return max(0, room) * self._settings["SAMPLE_SECONDS"] / (86400 * row)

    # The task.

    def run(self):
        """The task that records (a generator)."""
        clock = self._clock
        due = clock.tenths
        self.flush_at = clock.tenths + self._settings["FLUSH_SECONDS"] * 10
        while True:
            interval = self._settings["SAMPLE_SECONDS"] * 10
            if due > clock.tenths + interval:  # the setting has become smaller
                due = clock.tenths
            if clock.tenths >= due:
                self._readings.update()
                self.samples.add(clock.tenths, self._readings.values)
                due += (1 + (clock.tenths - due) // interval) * interval
                yield
            flush = self._settings["FLUSH_SECONDS"] * 10
            self.flush_at = min(self.flush_at, clock.tenths + flush)  # the setting may change
            wanted = clock.tenths >= self.flush_at
            if wanted or self.samples.pending() >= self._max_pending():
                if clock.tenths >= self._retry_at:
                    self.write_step()
                if not self.samples.pending():
                    self.flush_at = clock.tenths + flush
            yield

    def write_step(self):
        """Write some of the rows that wait, in one short step; whether there may be more to do."""
        if not self.samples.pending():
            return False
        if not self._drive.writable:
            self._retry_at = self._clock.tenths + 20
            return False
        try:
            day = self._day(self.samples.time(self.samples.written))
            name = self._name_for(day)
            missing = self._missing_room()
            if missing > 0:
                if self._delete_oldest(name, missing):
                    return True  # the room is looked at again in the next step
                self._set_full()
                return False
            self._append(name, day)
            if not self.samples.pending():
                file_system.sync()
        except OSError as error:
            self._file = None  # the last row may be cut: its end is looked at again
            self._failed(error)
            return False
        self.full = False
        if self.problem:
            self.problem = ""
            self._log.info("Recording goes on.")
        return self.samples.pending() > 0

    def deleted(self, name):
        """Take note that a recording was deleted: when it was the current one, a new one begins."""
        if name == self._file:
            self._file = self._file_day = None
        self._retry_at = 0
        self.full = False

    def _max_pending(self):
        return self.samples.capacity * 3 // 4

    def _missing_room(self):
        """Bytes that must be freed before the next rows are written; 0 or less when none must."""
        return 2048 + self._settings["RESERVE_KB"] * 1024 - self._room.free()

    def _delete_oldest(self, current, missing):
        """Delete the oldest recording but the current one; whether one was deleted. None is while
        the settings forbid it, or while deleting all of them would not make enough room."""
        if self._settings["RETENTION"] != "oldest go":
            return False
        others = [name for name in self._recordings.names() if name != current]
        # Files take whole clusters, so each may free a little more than its size.
        most = sum([(self._recordings.size(name) or 0) + 511 for name in others])
        if most < missing:
            return False
        self._recordings.delete(others[0])
        self._log.info("Deleted %s to make room." % others[0])
        return True

    def _append(self, name, day):
        """Write the next rows of that day to that file."""
        samples = self.samples
        row = samples.written
        texts = []
        if not self._recordings.size(name):
            texts.append(self._header())
        elif self._file is None and not self._recordings.ends_whole(name):
            texts.append("\n")
        prefix = sum([len(text) for text in texts])
        while row < samples.added and row - samples.written < _CHUNK_ROWS:
            if self._day(samples.time(row)) != day:
                break
            texts.append(self._line(self._time(samples.time(row)), row))
            row += 1
        content = "".join(texts)
        count = row - samples.written
        self._row_bytes = (len(content) - prefix) // count
        content = content.encode()
        texts = None
        gc.collect()  # what `append` keeps must not lie behind garbage
        first = self._time(samples.time(samples.written))
        last = self._time(samples.time(row - 1))
        self._recordings.append(name, content, count, first, last)
        self._file = name
        self._file_day = day
        samples.written = row

    def _line(self, time, row):
        texts = [time]
        sensors = self._readings.sensors
        for column in range(len(sensors)):
            value = self.samples.value(row, column)
            texts.append("" if isnan(value) else "%.*f" % (sensors[column].decimals, value))
        return ",".join(texts) + "\n"

    def _header(self):
        return ("time," if self._clock.is_set() else "seconds,") + self._columns + "\n"

    def _time(self, tenths):
        return self._clock.iso(tenths) if self._clock.is_set() else str(tenths // 10)

    def _day(self, tenths):
        return self._clock.iso(tenths)[:10] if self._clock.is_set() else "boot"

    def _name_for(self, day):
        """The recording for rows of that day: with the same columns, and not too large."""
        known = self._file if day == self._file_day else None
        if known and (self._recordings.size(known) or 0) < _MAX_FILE_BYTES:
            return known
        self._file = None
        if day == "boot":
            day = "boot-%d" % self._number_of_boot()
        header = self._header().strip().encode()
        name = day + ".csv"
        number = 1
        while (self._recordings.size(name) or 0) >= _MAX_FILE_BYTES or self._recordings.header(
            name
        ) not in (
            None,
            b"",
            header,
        ):
            number += 1
            name = "%s-%d.csv" % (day, number)
        return name

    def _number_of_boot(self):
        """The number of this start: one more than that of any recording. Found once."""
        if not self._boot_number:
            for name in self._recordings.names():
                if name.startswith("boot-"):
                    number = int(name[5:-4].split("-")[0])
                    self._boot_number = max(self._boot_number, number)
            self._boot_number += 1
        return self._boot_number

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
            self._retry_at = self._clock.tenths + 20
        else:
            if not self.problem:
                self._log.failure("Writing the recording failed.", error)
            self.problem = "Writing to the drive failed (%s); it is tried again." % error
