"""Brings samples from memory into recordings on the drive, in short steps. Loaded for each flush."""

from micropython import const

from .. import file_system
from ..on_demand import on_demand
from ..recording.recorder import MAX_EXTENT, NoRoom
from ..sensors.readings import number

growing_file = on_demand("growing_file")
recording_names = on_demand("recording_names")
SECTOR = growing_file.SECTOR

_MAX_FILE = const(98304)  # bytes; then a new one begins, so that the oldest can go piece by piece
_FIRST_EXTENT = const(4096)  # of a recording without a clock: nobody knows how long it gets
_SPARE = const(2048)  # bytes that the folders of a new recording may take
_LOCAL_TIME = const(19)  # characters of an ISO 8601 time before its offset
_SINCE = const(45)  # characters of "seconds since 2026-11-29 06:35:26 (UTC+01:00)"
_NAMES_A_STEP = const(8)  # names of recordings that one step looks at


def _undated():
    """The title of times while the clock is unset, with room for the start of the run."""
    return "seconds" + " " * (_SINCE - len("seconds"))


class Writer:
    """Appends samples to the recording of their day."""

    def __init__(self, clock, settings, log, readings, samples, room, recordings, target, notes):
        """samples: the Samples to write; room: a Room; recordings: the Recordings; target: the
        Target, which is kept from flush to flush; notes: a list of (tenths, text) to write."""
        self._clock = clock
        self._settings = settings
        self._log = log
        self._readings = readings
        self._samples = samples
        self._room = room
        self._recordings = recordings
        self._target = target
        self._notes = notes
        self._open = growing_file.GrowingFile
        self._buffer = bytearray(SECTOR)

    def flush(self):
        """Write all samples and notes that wait (a generator, a short step at a time). Raises NoRoom and
        OSError; what was not written waits on."""
        samples = self._samples
        if self._target.undated and self._clock.is_set():
            for number in range(1, self._target.undated + 1):
                self._date(self._name("boot-%d" % self._target.run_number, number))
                yield
            self._target.undated = 0
        while samples.pending() or self._notes:
            first = samples.time(samples.written) if samples.pending() else self._notes[0][0]
            day = self._target.day_at(first)
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
        offset_s = self._clock.utc_offset_s  # the header has it
        if day != self._target.day or offset_s != self._target.offset_s:
            self._target.file = None
            self._target.day = day
            self._target.offset_s = offset_s
            self._target.number = 1
        if self._target.file and (recordings.size(self._target.file) or 0) < _MAX_FILE:
            return self._target.file
        if day == "boot":
            if not self._target.run_number:
                yield from self._number_this_run()
            day = "boot-%d" % self._target.run_number
        header = self._header()
        while True:
            name = self._name(day, self._target.number)
            if self._fits(name, header):
                if self._target.day == "boot":
                    self._target.undated = self._target.number
                return name
            self._target.number += 1
            yield

    @staticmethod
    def _name(stem, number):
        return stem + (".csv" if number == 1 else "-%d.csv" % number)

    def _fits(self, name, header):
        """Whether rows under that header can go to the recording, which need not be there."""
        recordings = self._recordings
        size = recordings.size(name)
        if not size:
            return True
        if (recordings.end(name) if size >= _MAX_FILE else size) >= _MAX_FILE:
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
        if samples.pending():
            self._target.row_bytes = len(self._line(row))
        if recordings.size(name) is None:
            yield from self._room_for(SECTOR + _SPARE, name)
            yield from recording_names.make(recordings, name)
        file = self._open(recordings.path(name))
        self._target.file = name
        before = file.end
        first = self._full_time(row)
        rows = 0
        content = b""
        try:
            if not before:  # at once: what is read meanwhile begins with its header
                file.write(self._header())
            while content is not None:
                while file.end + len(content) > file.size:
                    yield from self._extend(file, name, day)
                if content:
                    file.write(content)
                yield
                begin = max(row, samples.written)  # the oldest give way when the memory is full
                content, row = self._rows(begin, day)
                rows += row - begin
                if content is None:
                    content = self._note(day)
        finally:
            file.close()
        file_system.sync()
        if rows:
            last = self._full_time(row - 1)
            recordings.grown(name, before, file.end, rows, first, last)
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

    def _note(self, day):
        """The next note of that day as a line, None when there is none."""
        for note in self._notes:
            if self._target.day_at(note[0]) == day:
                self._notes.remove(note)
                return ("# note %s %s\n" % (self._time(note[0]), note[1])).encode()
        return None

    def _line(self, row):
        texts = [self._time(self._samples.time(row))]
        for column, channel in enumerate(self._readings.channels):
            value = self._samples.value(row, column)
            texts.append(number(value, channel.decimals, ""))
        return (",".join(texts) + "\n").encode()

    def _date(self, name):
        """Tell in the first line of a recording of this run when the run began. It has blanks for
        that, so that nothing else of the recording is written anew."""
        path = self._recordings.path(name)
        if file_system.size(path):
            began = self._clock.iso(0)
            text = "seconds since %s (UTC%s)" % (self._time(0), began[_LOCAL_TIME:])
            with open(path, "r+b") as file:
                if file.read(_SINCE) == _undated().encode():
                    file.seek(0)
                    file.write(text.encode())
            self._recordings.forget(name)

    def _header(self):
        """The first line: how times are to be read, and the columns with their units."""
        texts = [_undated()]
        if self._clock.is_set():
            texts[0] = "time (UTC%s)" % self._clock.iso(None)[_LOCAL_TIME:]
        for channel in self._readings.channels:
            unit = channel.unit
            for character in ',"()\r\n':
                unit = unit.replace(character, "")
            texts.append("%s (%s)" % (channel.name, unit) if unit else channel.name)
        return (",".join(texts) + "\n").encode()

    def _full_time(self, row):
        """The time of a row with its offset, as lists of recordings tell it."""
        tenths = self._samples.time(row)
        return self._clock.iso(tenths) if self._clock.is_set() else str(tenths // 10)

    def _time(self, tenths):
        """An uptime as spreadsheets read it; the header has the offset of local time."""
        if not self._clock.is_set():
            return str(tenths // 10)
        return self._clock.iso(tenths)[:_LOCAL_TIME].replace("T", " ")

    # --- room

    def _extend(self, file, name, day):
        """Add blank lines to the file: as many as the rest of its day needs, if there is room."""
        wanted = self._extent(file, day)
        room = yield from self._room_for(wanted, name)
        stop = (file.size + min(wanted, room)) // SECTOR * SECTOR
        while file.size < stop:
            file.extend()
            yield
        file_system.sync()  # else the step that closes the file would erase for this one too
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
