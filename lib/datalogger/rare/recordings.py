"""GET /api/files, GET and DELETE /api/files/NAME: the recordings."""

import json

from micropython import const

from .. import file_system
from ..clock import iso_time
from ..on_demand import on_demand
from ..web.answers import answer, harden, json_list, refusal

queries = on_demand("queries")
dates = on_demand("dates")
recording_names = on_demand("recording_names")

_PREFIX = "/api/files/"
_LINE_BYTES = const(512)  # of a line, at most
_MAX_TIME = const(40)  # characters
_NOTE = const(35)  # "#", what the line of a note begins with


def get(server, path, query_params, headers, body):
    """The answer to a GET: the list, or a recording."""
    app = server.app
    name = path[len(_PREFIX) :]
    recordings = _meant(app, query_params)
    if not name:
        return answer(_list(app, recordings))
    if not recording_names.is_name(name) or recordings.size(name) is None:
        return _unknown()
    fields = {"Cache-Control": "no-cache"}
    if queries.value(query_params, "download") is not None:
        fields["Content-Disposition"] = 'attachment; filename="%s"' % name
        if _start_of(recordings, name) is not None:
            texts = on_demand("dated_recording").texts(recordings, name)
            return answer(texts, content_type="text/csv", headers=fields)
    response = on_demand("open_recording").Recording(recordings, name, fields)
    response.size = recordings.end(name)
    harden(response)
    return response


def delete(server, path, query_params, headers, body):
    """The answer to a DELETE."""
    app = server.app
    name = path[len(_PREFIX) :]
    recordings = _meant(app, query_params)
    if not recording_names.is_name(name) or recordings.size(name) is None:
        return _unknown()
    in_use = recordings is app.recordings
    refusals = on_demand("refusals")
    problem = refusals.for_recordings(app) if in_use else refusals.for_drive(app)
    if problem:
        return problem
    (app.recorder if in_use else recordings).delete(name)
    app.log.info("Deleted %s." % name)
    return answer({"deleted": name})


def _meant(app, query_params):
    """The recordings that a request is about: those of the drive in use, or with ?internal those of
    the internal drive."""
    asked = queries.value(query_params, "internal") is not None
    return app.medium.internal if asked and app.medium.on_card else app.recordings


def _unknown():
    return refusal(404, "There is no such recording.")


def _list(app, recordings):
    in_use = recordings is app.recordings
    yield '{"files":['
    yield from json_list(_descriptions(recordings, app.recorder.file() if in_use else None))
    yield '],"retention":"%s",' % app.settings["RETENTION"]
    prospects = on_demand("prospects")
    yield json.dumps((prospects.room if in_use else prospects.internal_room)(app))[1:]


def _descriptions(recordings, present):
    for name in recording_names.names(recordings):
        known = yield from _describe(recordings, name)
        if known:
            end, rows, first, last = known
            yield '{"name":"%s","size":%d,"rows":%d,"from":%s,"to":%s,"current":%s}' % (
                name,
                end,
                rows,
                json.dumps(first),
                json.dumps(last),
                json.dumps(name == present),
            )


def _describe(recordings, name):
    """A generator that finds out about a recording in short steps (yielding None) and returns
    (bytes of content, rows, first time, last time), None when it is gone."""
    end = recordings.end(name)
    if end is None:
        return None
    known = recordings.known(name, end)
    if known:
        return known
    with open(recordings.path(name), "rb") as file:
        header = file.readline(_LINE_BYTES)
        first = _time_in(file.readline(_LINE_BYTES), header)
        rows = yield from _count_rows(file, end)
        last = None if first is None else _time_in(_last_row(file, end), header)
    known = (end, rows, first, last)
    recordings.remember(name, known)
    return known


def _last_row(file, end):
    """The beginning of the last line within the first `end` bytes of the file that is no note, as
    far as it lies in their last sector; b"" where there is none."""
    buffer = file_system.sector
    start = max(0, end - len(buffer))
    file.seek(start)
    stop = file.readinto(memoryview(buffer)[: end - start])
    while stop > 0:
        begin = buffer.rfind(b"\n", 0, stop - 1) + 1
        line = bytes(memoryview(buffer)[begin : min(stop, begin + _MAX_TIME + 1)])
        if line.strip() and line[0] != _NOTE:
            return line
        stop = begin
    return b""


def _count_rows(file, end):
    """A generator that returns how many rows the first `end` bytes of the file have: its lines
    without the header and the notes."""
    file.seek(0)
    buffer = file_system.sector  # lent within a step
    view = memoryview(buffer)
    rows = -1
    left = end
    last = 10
    while left:
        count = file.readinto(view[: min(left, len(view))])
        if not count:
            break
        left -= count
        if last == 10 and buffer[0] == _NOTE:
            rows -= 1
        last = buffer[count - 1]
        at = buffer.find(b"\n", 0, count)
        while at >= 0:
            rows += 1
            if at + 1 < count and buffer[at + 1] == _NOTE:
                rows -= 1
            at = buffer.find(b"\n", at + 1, count)
        yield
    return max(0, rows if last == 10 else rows + 1)


def _start_of(recordings, name):
    """When the run began that a recording without a clock is of; None where nobody knows."""
    if not recording_names.run_of(name):
        return None
    try:
        with open(recordings.path(name), "rb") as file:
            return dates.start_in(file.readline(_LINE_BYTES))
    except (OSError, ValueError):
        return None


def _time_in(line, header):
    """The first column of a row as ISO 8601 text, or as seconds since start; None for an empty line
    or one that has no time."""
    time = bytes(line).split(b",")[0].strip()
    if not 0 < len(time) <= _MAX_TIME:
        return None
    try:
        offset = dates.zone_in(header)
        start = dates.start_in(header)
        if start is not None:
            return iso_time(start + int(time.partition(b".")[0]), dates.offset_of(offset))
        if offset:
            time = time.replace(b" ", b"T") + offset
        return time.decode()
    except ValueError:  # as UnicodeError is
        return None
