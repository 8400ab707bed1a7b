"""Brings samples from memory into recordings on the drive, in short steps. Loaded for each flush."""

from math import isnan

from micropython import const

from .. import file_system
from ..on_demand import on_demand
from ..recording.recorder import MAX_EXTENT, NoRoom

growing_file = on_demand("growing_file")
recording_names = on_demand("recording_names")
SECTOR = growing_file.SECTOR

_MAX_FILE = const(98304)  # bytes; then a new one begins, so that the oldest can go piece by piece
_FIRST_EXTENT = const(4096)  # of a recording without a clock: nobody knows how long it gets
_SPARE = const(2048)  # bytes that the folders of a new recording may take
_NAMES_A_STEP = const(8)  # names of recordings that one step looks at


class Writer:
    """Appends samples to the recording of their day."""

    def __init__(self, clock, settings, log, readings, samples, room, recordings, target):
        """samples: the Samples to write; room: a Room; recordings: the Recordings; target: the
        Target, which is kept from flush to flush."""
        self._clock = clock
        self._settings = settings
        self._log = log
        self._readings = readings
        self._samples = samples
        self._room = room
        self._recordings = recordings
        self._target = target
        self._open = growing_file.GrowingFile
        self._buffer = bytearray(SECTOR)
        self._columns = ",".join(readings.columns())

    def flush(self):
        """Write all samples that wait (a generator, a short step at a time). Raises NoRoom and
        OSError; what was not written waits on."""
        samples = self._samples
        while samples.pending():
            day = self._target.day_at(samples.time(samples.written))
            try:
                name = yield from self._choose(day)
                yield from self._append(name, day)
            except OSError:
                self._target.file = None  # part of a row may be there: its end is looked for again
                raise

    # --- which recording

    def _choose(self, day):
        """The recording for rows of that day: one with the same columns that isn't too large."""
        recordings = self._recordings
        if day != self._target.day:
            self._target.file = None
            self._target.day = day
            self._target.number = 1
        if self._target.file and (recordings.size(self._target.file) or 0) < _MAX_FILE:
            return self._target.file
        if day == "boot":
            if not self._target.run_number:
                yield from self._number_this_run()
            day = "boot-%d" % self._target.run_number
        header = self._header()
        while True:
            name = day + (".csv" if self._target.number == 1 else "-%d.csv" % self._target.number)
            if self._fits(name, header):
                return name
            self._target.number += 1
            yield

    def _fits(self, name, header):
        """Whether rows under that header can go to the recording, which need not be there."""
        recordings = self._recordings
        size = recordings.size(name)
        if not size:
            return True
        if (recordings.end(name, self._buffer) if size >= _MAX_FILE else size) >= _MAX_FILE:
            return False
        with open(recordings.path(name), "rb") as file:
            start = file.read(len(header))
        return start == header or not start.strip()

    def _number_this_run(self):
        """Number this run, one more than any recording without a clock."""
        number = 0
        for name in self._names():
            if name:
                number = max(number, recording_names.run_of(name))
            else:
                yield
        self._target.run_number = number + 1

    def _names(self):
        """The names of all recordings, with a None where a step has looked at enough of them."""
        for index, name in enumerate(recording_names.names(self._recordings), 1):
            yield name
            if index % _NAMES_A_STEP == 0:
                yield None

    # --- writing

    def _append(self, name, day):
        samples = self._samples
        recordings = self._recordings
        row = samples.written
        self._target.row_bytes = len(self._line(row))
        if recordings.size(name) is None:
            yield from self._room_for(SECTOR + _SPARE, name)
            yield from recording_names.make(recordings, name)
        file = self._open(recordings.path(name), self._buffer)
        self._target.file = name
        before = file.end
        first = self._time(row)
        rows = 0
        content = b"" if before else self._header()
        try:
            while content is not None:
                while file.end + len(content) > file.size:
                    yield from self._extend(file, name, day)
                if content:
                    file.write(content)
                yield
                begin = max(row, samples.written)  # the oldest give way when the memory is full
                content, row = self._rows(begin, day)
                rows += row - begin
        finally:
            file.close()
        file_system.sync()
        recordings.grown(name, before, file.end, rows, first, self._time(row - 1))
        samples.written = max(row, samples.written)

    def _rows(self, row, day):
        """(content, next row): as many rows of that day as fit into the buffer, from that row on;
        the content is None when there are none."""
        buffer = self._buffer
        samples = self._samples
        end = 0
        while row < samples.added and self._target.day_at(samples.time(row)) == day:
            line = self._line(row)
            if end + len(line) > len(buffer):
                if not end:
                    return line, row + 1
                break
            buffer[end : end + len(line)] = line
            end += len(line)
            row += 1
        return (memoryview(buffer)[:end] if end else None), row

    def _line(self, row):
        parts = [self._time(row)]
        sensors = self._readings.sensors
        for column in range(len(sensors)):
            value = self._samples.value(row, column)
            parts.append("" if isnan(value) else "%.*f" % (sensors[column].decimals, value))
        return (",".join(parts) + "\n").encode()

    def _header(self):
        first = "time," if self._clock.is_set() else "seconds,"
        return (first + self._columns + "\n").encode()

    def _time(self, row):
        tenths = self._samples.time(row)
        return self._clock.iso(tenths) if self._clock.is_set() else str(tenths // 10)

    # --- room

    def _extend(self, file, name, day):
        """Add blank lines to the file: as many as the rest of its day needs, if there is room."""
        wanted = self._extent(file, day)
        stop = file.size + min(wanted, (yield from self._room_for(wanted, name)))
        while file.size < stop:
            file.extend()
            yield

    def _room_for(self, wanted, name):
        """Bytes of room, in whole sectors, after recordings have gone for as many as are wanted.
        Raises NoRoom when there is not even room for a sector. name: the recording that stays."""
        if self._free() < wanted:
            yield from self._make_room(name, wanted)
        free = self._free() // SECTOR * SECTOR
        if free < SECTOR:
            raise NoRoom
        return free

    def _extent(self, file, day):
        if day == "boot":
            return max(_FIRST_EXTENT, min(file.end, MAX_EXTENT))
        clock = self._clock
        seconds = 86400 - (clock.epoch() + clock.utc_offset_s) % 86400
        rows = seconds // self._settings["SAMPLE_SECONDS"] + self._samples.pending() + 1
        needed = rows * self._target.row_bytes
        return min(MAX_EXTENT, (needed // SECTOR + 1) * SECTOR)

    def _free(self):
        return self._room.free() - self._settings["RESERVE_KB"] * 1024

    def _make_room(self, name, wanted):
        """Delete the oldest recordings until there is so much room, if the settings want that and
        all of them together would be enough for a sector: else it would only lose them."""
        if self._settings["RETENTION"] != "oldest go":
            return
        total = yield from self._total_besides(name)
        if self._free() + total < SECTOR:
            return
        while self._free() < wanted:
            oldest = yield from self._oldest_besides(name)
            if not oldest or not self._recordings.delete(oldest):
                return
            self._log.info("Deleted %s to make room." % oldest)
            yield

    def _total_besides(self, present):
        """Bytes that all recordings but the present one take, in whole clusters."""
        total = 0
        for name in self._names():
            if name is None:
                yield
            elif name != present:
                total += (self._recordings.size(name) or 0) + SECTOR - 1
        return total

    def _oldest_besides(self, present):
        """The oldest recording but the present one, None when there is no other."""
        oldest = None
        for name in self._names():
            if name is None:
                yield
            elif name != present and (
                oldest is None or recording_names.age_key(name) < recording_names.age_key(oldest)
            ):
                oldest = name
        return oldest
