"""GET /api/history?from=&to=&points=: lowest, mean and highest values of any span, from the
recordings and the memory."""

import json
from array import array

from micropython import const

from ..clock import iso_time
from ..on_demand import on_demand
from ..recording.recordings import UNDATED
from ..sensors.readings import NOTHING, number
from ..web.answers import answer, json_list, refusal

dates = on_demand("dates")
recording_names = on_demand("recording_names")
recorded_rows = on_demand("recorded_rows")

_POINTS = const(120)
_MAX_POINTS = const(500)
_MAX_SECONDS = const(0xFFFFFFFF)  # in a query
_MAX_RUNS = const(24)  # recordings without a clock in one span: the latest
_MAX_PIECES = const(999)  # recordings of one day
_DAY_S = const(86400)


def get(server, path, query_params, headers, body):
    """The answer to a GET."""
    app = server.app
    queries = on_demand("queries")  # needed only here
    found = []
    for name, highest in (("from", _MAX_SECONDS), ("to", _MAX_SECONDS), ("points", _MAX_POINTS)):
        text = queries.value(query_params, name)
        if text is not None and not (text.isdigit() and len(text) < 11 and int(text) <= highest):
            return refusal(400, "%s is no whole number up to %d." % (name, highest), name)
        found.append(None if text is None else int(text))
    start, stop, points = found
    if points == 0:
        return refusal(400, "points is 0.", "points")
    if stop is None:
        stop = app.clock.epoch() or app.clock.tenths // 10
    return answer(_span(app, start, stop, points or _POINTS))


def _span(app, begin, stop, points):
    """The answer as texts; None where a step has none (a generator)."""
    undated = yield from _undated(app)
    start = _earliest(app, undated) if begin is None else begin
    notes = []
    rows = _in_order(app, undated, start, max(0, stop - start), notes)
    try:
        first = yield from _first(rows)
        if begin is None:
            begin = start + first.time if first else start
        step = max(app.settings["SAMPLE_SECONDS"], -(-(stop - begin) // points))
        head = (begin, stop, step, json.dumps(app.readings.columns()))
        yield '{"from":%d,"to":%d,"step":%d,"channels":%s,"rows":[' % head
        yield from json_list(_buckets(Bucket(app.readings.channels, start, step), first, rows))
        notes.sort()
        texts = [json.dumps([start + time, text]) for time, text in notes]
        yield "]" + ',"notes":[%s]}' % ",".join(texts)
    finally:
        rows.close()


def _first(rows):
    """The first row, None when there is none (a generator that returns it)."""
    for row in rows:
        if row:
            return row
        yield None
    return None


def _buckets(bucket, first, rows):
    """The buckets as texts (a generator). first: the first row, which has left `rows` already."""
    try:
        if first:
            bucket.add(first.time, first.values)
        for row in rows:  # a step for each of them would cost more than the row itself
            ended = bucket.add(row.time, row.values) if row else None
            if ended or not row:
                yield ended
        if bucket.rows:
            yield bucket.text()
    finally:
        rows.close()


class Bucket:
    """Lowest, mean and highest values of the rows within one step."""

    def __init__(self, channels, start, step):
        """start: what times count from, in seconds since 1970; step: seconds."""
        count = len(channels)
        self.rows = 0
        self._channels = channels
        self._start = start
        self._step = step
        self._phase = start % step  # so that buckets stay the same when the span moves on
        self._begin = self._end = 0
        self._first = self._last = 0
        self._lowest = array("i", [0] * count)
        self._highest = array("i", [0] * count)
        self._sums = [0] * count
        self._counts = array("I", [0] * count)

    def add(self, time, values):
        """Take a row; returns the text of the bucket that it ended, None if it ended none."""
        ended = None
        if not self.rows or not self._begin <= time < self._end:
            if self.rows:
                ended = self.text()
            self._begin = time - (time + self._phase) % self._step
            self._end = self._begin + self._step
            self._first = time
            self.rows = 0
            for index in range(len(values)):
                self._sums[index] = self._counts[index] = 0
        self._last = time
        self.rows += 1
        self._count_in(values, self._lowest, self._highest, self._sums, self._counts)
        return ended

    def _count_in(self, values, lowest, highest, sums, counts):
        for index in range(len(values)):
            value = values[index]
            if value != NOTHING:
                if not counts[index]:
                    lowest[index] = highest[index] = value
                elif value < lowest[index]:
                    lowest[index] = value
                elif value > highest[index]:
                    highest[index] = value
                sums[index] += value
                counts[index] += 1

    def text(self):
        """The bucket as a row of JSON."""
        texts = [str(self._start + (self._first + self._last) // 2)]
        for index in range(len(self._sums)):
            count = self._counts[index]
            if not count:
                texts.append("null,null,null")
                continue
            mean = (2 * self._sums[index] + count) // (2 * count)
            for value in (self._lowest[index], mean, self._highest[index]):
                texts.append(number(value, self._channels[index].decimals))
        return "[%s]" % ",".join(texts)


def _in_order(app, undated, start, length, notes):
    """The rows from `start` on, each as an object with `time` and `values`, in the order of time;
    None for a step without one (a generator)."""
    chains = []
    for names in (_dated(app, start, length), iter_names(undated)):
        chains.append(recorded_rows.Rows(app, names, start, length, notes))
    last = -1
    try:
        for chain in chains:
            while not next(chain.steps):
                yield None
        while True:
            first = None
            for chain in chains:
                if chain.time is not None and (first is None or chain.time < first.time):
                    first = chain
            if first is None:
                break
            last = max(last, first.time)
            yield first
            while not next(first.steps):
                yield None
    finally:
        for chain in chains:
            chain.steps.close()
    yield from _in_memory(app, start, last, length)


def iter_names(undated):
    """The names of _undated() (a generator)."""
    for _, _, name in undated:
        yield name


class _Row:
    """A row in memory, as Rows has them."""

    def __init__(self, columns):
        self.time = None
        self.values = array("i", [0] * columns)


def _in_memory(app, start, last, length):
    """The rows in memory that are later than `last` (a generator)."""
    samples = app.recorder.samples
    found = _Row(samples.columns)
    row = 0
    while row < samples.added:
        row = max(row, samples.added - samples.capacity)
        tenths = samples.time(row)
        found.time = (app.clock.epoch(tenths) or tenths // 10) - start
        if last < found.time <= length:
            for column in range(samples.columns):
                found.values[column] = samples.value(row, column)
            yield found
        row += 1


# --- which recordings


def _dated(app, start, length):
    """The names of the recordings of the days of a span, the oldest first, with a None for each
    step (a generator). A day before and after: their local times may be of another offset."""
    if not app.clock.is_set():
        return
    first = iso_time(start - _DAY_S, app.clock.utc_offset_s)[:10]
    last = iso_time(start + length + _DAY_S, app.clock.utc_offset_s)[:10]
    for month in _months(app.recordings):
        if not first[:7] <= month <= last[:7]:
            continue
        pieces = _pieces(app.recordings, month)
        yield None
        for day in range(1, 32):
            stem = "%s-%02d" % (month, day)
            if first <= stem <= last:
                for piece in range(1, pieces[day] + 1):
                    yield stem + (".csv" if piece == 1 else "-%d.csv" % piece)


def _months(recordings):
    """The months that there are recordings of, also those in /data itself, in order."""
    found = recording_names.months(recordings)
    for name in recording_names.of_folder(recordings, ""):
        if name[0] != "b" and name[:7] not in found:
            found.append(name[:7])
    return sorted(found)


def _pieces(recordings, month):
    """How many recordings each day of the month has, at most: some may have been deleted."""
    pieces = array("H", [0] * 32)
    for folder in ("", month):
        for name in recording_names.of_folder(recordings, folder):
            if name[:7] != month:
                continue
            day = int(name[8:10])
            piece = int(name[11:-4] or 1)
            if 0 < day < 32 and piece <= _MAX_PIECES:
                pieces[day] = max(pieces[day], piece)
    return pieces


def _undated(app):
    """(start, age, name) of the recordings of runs that began without a clock, in order, as far as
    their starts are known (a generator that returns the list). While the clock is unset those of
    this run are meant, and all times count from its start."""
    found = []
    own = app.recorder.target.run_number
    for folder in ("", UNDATED):
        for name in recording_names.of_folder(app.recordings, folder):
            if name[0] != "b":
                continue
            yield None
            start = 0
            if recording_names.run_of(name) == own:
                start = app.clock.epoch(0) or 0
            elif app.clock.is_set():
                start = _start_of(app, name)
            else:
                continue
            if start is not None:
                found.append((start, recording_names.age_key(name), name))
                found.sort()
                if len(found) > _MAX_RUNS:
                    found.pop(0)
    return found


def _start_of(app, name):
    try:
        with open(app.recordings.path(name), "rb") as file:
            return dates.start_in(file.readline(512))
    except (OSError, ValueError):
        return None


def _earliest(app, undated):
    """A time before the first row of all, in seconds since 1970 or since the start."""
    start = app.clock.epoch(0) or 0
    if undated:
        start = min(start, undated[0][0])
    months = _months(app.recordings) if app.clock.is_set() else ()
    if months:
        pieces = _pieces(app.recordings, months[0])
        day = 1
        while day < 31 and not pieces[day]:
            day += 1
        first = dates.epoch_of(("%s-%02d" % (months[0], day)).encode())
        start = min(start, first - _DAY_S)
    return start
