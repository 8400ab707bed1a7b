"""GET /api/files, GET and DELETE /api/files/NAME: the recordings."""

import json

from ehttpserver import FileResponse

from ..on_demand import on_demand
from ..recording.recordings import is_name
from ..web.answers import answer, harden, json_list, refusal

queries = on_demand("queries")

_PREFIX = "/api/files/"


def get(server, path, query_params, headers, body):
    """The answer to a GET: the list, or a recording."""
    app = server.app
    name = path[len(_PREFIX) :]
    if not name:
        return answer(_list(app))
    if not is_name(name) or app.recordings.size(name) is None:
        return _unknown()
    fields = {"Cache-Control": "no-cache"}
    if queries.value(query_params, "download") is not None:
        fields["Content-Disposition"] = 'attachment; filename="%s"' % name
    response = FileResponse(app.recordings.path(name), fields, content_type="text/csv")
    harden(response)
    return response


def delete(server, path, query_params, headers, body):
    """The answer to a DELETE."""
    app = server.app
    name = path[len(_PREFIX) :]
    if not is_name(name) or app.recordings.size(name) is None:
        return _unknown()
    problem = on_demand("refusals").for_drive(app)
    if problem:
        return problem
    app.recordings.delete(name)
    app.recorder.deleted(name)
    app.log.info("Deleted %s." % name)
    return answer({"deleted": name})


def _unknown():
    return refusal(404, "There is no such recording.")


def _list(app):
    yield '{"files":['
    yield from json_list(_descriptions(app.recordings, app.recorder.file()))
    yield "]," + json.dumps(on_demand("status").room(app))[1:]


def _descriptions(recordings, current):
    buffer = bytearray(512)
    for name in recordings.names():
        known = yield from _describe(recordings, name, buffer)
        if known:
            size, rows, first, last = known
            yield '{"name":"%s","size":%d,"rows":%d,"from":%s,"to":%s,"current":%s}' % (
                name,
                size,
                rows,
                json.dumps(first),
                json.dumps(last),
                json.dumps(name == current),
            )


def _describe(recordings, name, buffer):
    """A generator that finds out about a recording in short steps (yielding None) and returns
    (size, rows, first time, last time), None when it is gone."""
    size = recordings.size(name)
    if size is None:
        return None
    known = recordings.known(name, size)
    if known:
        return known
    with open(recordings.path(name), "rb") as file:
        file.readline()
        first = _time_in(file.readline())
        file.seek(0)
        lines = 0
        end = 10
        while True:
            count = file.readinto(buffer)
            if not count:
                break
            end = buffer[count - 1]
            at = buffer.find(b"\n", 0, count)
            while at >= 0:
                lines += 1
                at = buffer.find(b"\n", at + 1, count)
            yield
        if end != 10:
            lines += 1
        last = None
        if first is not None:
            file.seek(max(0, size - 256))
            last = _time_in(file.read(256).rstrip().split(b"\n")[-1])
    known = (size, max(0, lines - 1), first, last)
    recordings.remember(name, known)
    return known


def _time_in(line):
    """The first column of a row as text, None for an empty line."""
    time = bytes(line).split(b",")[0].strip()
    try:
        return time.decode() if time else None
    except UnicodeError:
        return None
