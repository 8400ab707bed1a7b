"""GET /api/files, GET and DELETE /api/files/NAME: the recordings."""

import json

from ehttpserver import FileResponse
from micropython import const

from ..on_demand import on_demand
from ..web.answers import answer, harden, json_list, refusal

queries = on_demand("queries")
recording_names = on_demand("recording_names")

_PREFIX = "/api/files/"
_BUFFER_BYTES = const(512)
_MAX_TIME = const(40)  # characters


def get(server, path, query_params, headers, body):
    """The answer to a GET: the list, or a recording."""
    app = server.app
    name = path[len(_PREFIX) :]
    if not name:
        return answer(_list(app))
    if not recording_names.is_name(name) or app.recordings.size(name) is None:
        return _unknown()
    fields = {"Cache-Control": "no-cache"}
    if queries.value(query_params, "download") is not None:
        fields["Content-Disposition"] = 'attachment; filename="%s"' % name
    response = FileResponse(app.recordings.path(name), fields, content_type="text/csv")
    response.size = app.recordings.end(name, bytearray(_BUFFER_BYTES))
    harden(response)
    return response


def delete(server, path, query_params, headers, body):
    """The answer to a DELETE."""
    app = server.app
    name = path[len(_PREFIX) :]
    if not recording_names.is_name(name) or app.recordings.size(name) is None:
        return _unknown()
    problem = on_demand("refusals").for_drive(app)
    if problem:
        return problem
    app.recorder.delete(name)
    app.log.info("Deleted %s." % name)
    return answer({"deleted": name})


def _unknown():
    return refusal(404, "There is no such recording.")


def _list(app):
    yield '{"files":['
    yield from json_list(_descriptions(app.recordings, app.recorder.file()))
    yield "]," + json.dumps(on_demand("status").room(app))[1:]


def _descriptions(recordings, present):
    buffer = bytearray(_BUFFER_BYTES)
    for name in recording_names.names(recordings):
        known = yield from _describe(recordings, name, buffer)
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


def _describe(recordings, name, buffer):
    """A generator that finds out about a recording in short steps (yielding None) and returns
    (bytes of content, rows, first time, last time), None when it is gone."""
    end = recordings.end(name, buffer)
    if end is None:
        return None
    known = recordings.known(name, end)
    if known:
        return known
    with open(recordings.path(name), "rb") as file:
        file.readline(_BUFFER_BYTES)
        first = _time_in(file.readline(_BUFFER_BYTES))
        lines = yield from _count_lines(file, end, buffer)
        last = None
        if first is not None:
            start = max(0, end - 256)
            file.seek(start)
            last = _time_in(file.read(end - start).rstrip().split(b"\n")[-1])
    known = (end, max(0, lines - 1), first, last)
    recordings.remember(name, known)
    return known


def _count_lines(file, end, buffer):
    """A generator that returns how many lines the first `end` bytes of the file have."""
    file.seek(0)
    view = memoryview(buffer)
    lines = 0
    left = end
    last = 10
    while left:
        count = file.readinto(view[: min(left, len(view))])
        if not count:
            break
        left -= count
        last = buffer[count - 1]
        at = buffer.find(b"\n", 0, count)
        while at >= 0:
            lines += 1
            at = buffer.find(b"\n", at + 1, count)
        yield
    return lines if last == 10 else lines + 1


def _time_in(line):
    """The first column of a row as text, None for an empty line or one that has no time."""
    time = bytes(line).split(b",")[0].strip()
    try:
        return time.decode() if 0 < len(time) <= _MAX_TIME else None
    except UnicodeError:
        return None
