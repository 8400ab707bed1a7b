"""Rows of recordings in the order of their times, read in short steps.

Times are in seconds after the start of the span: the board's whole numbers of 30 bits, which cost
no memory, don't reach to the present from 1970.
"""

from array import array

from micropython import const

from .. import file_system
from ..on_demand import on_demand
from ..sensors.readings import NOTHING

dates = on_demand("dates")
recording_names = on_demand("recording_names")

_MAX_LINE = const(512)  # bytes
_READ_BYTES = const(256)  # at once: they have one whole line, at least
_NEAR = const(3072)  # bytes that are read rather than searched
_MAX_NOTES = const(16)  # the latest ones count
_ISO = const(19)  # characters of a time without its offset
_ZEROS = const(48 * 11 * 3661)  # what the characters 00:00:00 count as
_HASH = const(35)
_POINT = const(46)


class Rows:
    """Steps through the rows of some recordings. `time` is that of the present row, None after the
    last one; `values` are its values for the columns, as Readings keeps them; `notes` are (time,
    text)."""

    def __init__(self, app, names, start, length, notes):
        """names: an iterator of names in the order of time, None where it has only done a step;
        start: seconds since 1970, or 0 where times count from the board's start; length: seconds
        from there to the end; notes: the list that notes are added to."""
        self.time = None
        self.values = array("i", [NOTHING] * len(app.readings.channels))
        self.steps = self._run(names)
        self._channels = app.readings.channels
        self._recordings = app.recordings
        self._run_start = app.clock.epoch(0) or 0
        self._run_number = app.recorder.target.run_number
        self._start = start
        self._length = length
        self._notes = notes
        # Notes stand behind the rows that were written with them
        self._notes_until = length + app.settings["FLUSH_SECONDS"]

    def _run(self, names):
        """A generator that says True for a row and, for ever, after the last one, and False for a
        step without one."""
        try:
            for name in names:
                try:
                    if name:
                        yield from self._file(name)
                except OSError:  # it has been deleted meanwhile
                    pass
                yield False
        finally:
            names.close()
        self.time = None
        while True:
            yield True

    def _file(self, name):
        end = self._recordings.end(name)
        if not end:
            return
        with open(self._recordings.path(name), "rb") as file:
            if not self._read_header(file.readline(_MAX_LINE), name):
                return
            rest, left = self._begin(file, end)
            view = memoryview(file_system.sector)
            while left > 0:
                count = file.readinto(view[: min(left, _READ_BYTES)])
                left = left - count if count else 0
                lines = (rest + bytes(view[:count])).split(b"\n")
                rest = lines.pop()
                if len(rest) > _MAX_LINE:
                    rest = b"#"  # a line that doesn't end is none of the recorder's
                for line in lines:
                    fields = line.split(b",")
                    self.time = time = self._time(fields[0], line)
                    if time is None or time < 0:
                        continue
                    if time > self._length:
                        if time > self._notes_until:
                            return
                        continue
                    self._take(fields)
                    yield True
                yield False

    def _begin(self, file, end):
        """(beginning of a line to be skipped, bytes that are left) near the first row of the span:
        the file stands there."""
        first = low = file.tell()
        high = end
        view = memoryview(file_system.sector)[:_READ_BYTES]
        while high - low > _NEAR:
            middle = (low + high) // 2
            file.seek(middle)
            count = file.readinto(view)
            lines = bytes(view[:count]).split(b"\n")
            time = self._time(lines[1].split(b",")[0]) if len(lines) > 2 else None
            if time is not None and time < 0:
                low = middle
            else:
                high = middle
        file.seek(low)
        return b"" if low == first else b"#", end - low

    def _read_header(self, header, name):
        """Find out how to read the rows; whether that is known."""
        titles = header.rstrip().split(b",")
        self._places = self._places_of(titles[1:])
        self._day = b"?"
        offset = dates.zone_in(titles[0])
        self._offset = dates.offset_of(offset) if offset else 0
        self._base = None
        if titles[0].startswith(b"seconds"):
            begin = dates.start_in(header)
            if begin is None and recording_names.run_of(name) == self._run_number:
                begin = self._run_start
            if begin is None:
                return False
            self._base = begin - self._start
        return True

    def _places_of(self, titles):
        """For each column the field of the rows that has its values, 0 for none, and its
        decimals."""
        names = [bytes(title).partition(b" (")[0].decode() for title in titles]
        places = []
        for channel in self._channels:
            place = names.index(channel.name) + 1 if channel.name in names else 0
            places.append((place, channel.decimals))
        return places

    def _time(self, text, line=b""):
        """The time that the first field of a row tells; None where it is none. line: the whole
        line, which is kept if it is a note."""
        try:
            if line and line[0] == _HASH:
                self._note(line[2:])
                return None
            return self._seconds(text)
        except (ValueError, IndexError):  # ValueError: a UnicodeError, too
            return None

    def _seconds(self, text):
        if self._base is not None:
            return self._base + int(text.partition(b".")[0])
        if not text.startswith(self._day):
            midnight = dates.epoch_of(text[:10])
            self._day = text[:10]
            self._midnight = midnight - self._offset - self._start
        hours = (text[11] * 10 + text[12]) * 3600
        minutes = (text[14] * 10 + text[15]) * 60
        seconds = self._midnight + hours + minutes + text[17] * 10 + text[18] - _ZEROS
        if len(text) > _ISO:  # the recordings of earlier versions have it in each row
            seconds -= dates.offset_of(text[_ISO:])
        return seconds

    def _note(self, text):
        word, _, text = text.partition(b" ")
        if word != b"note":
            return
        if self._base is None and text[10:11] == b" ":
            when, text = text[:_ISO], text[_ISO + 1 :]
        else:
            when, _, text = text.partition(b" ")
        time = self._seconds(when)
        if 0 <= time <= self._length:
            if len(self._notes) == _MAX_NOTES:
                self._notes.pop(0)
            self._notes.append((time, text.decode()))

    def _take(self, fields):
        count = len(fields)
        for index in range(len(self._places)):
            place, decimals = self._places[index]
            value = NOTHING
            if place and place < count:
                try:
                    value = kept(fields[place], decimals)
                except ValueError:
                    pass
            self.values[index] = value


def kept(text, decimals):
    """A value in a recording (bytes) as Readings keeps it. Raises ValueError."""
    if not text:
        return NOTHING
    if not decimals and text.isdigit():
        value = int(text)
    elif decimals < len(text) and text[-decimals - 1] == _POINT:
        value = int(text.replace(b".", b""))
    else:  # the sensor had other decimals then
        value = round(float(text) * 10**decimals)
    return value if abs(value) < -NOTHING else NOTHING
