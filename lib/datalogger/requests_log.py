"""GET and DELETE /api/log. Used on demand."""

import json

from .answers import answer, json_list, query_number, query_value
from .log import LEVELS


def get(admin, path, query_params, headers, body):
    """The answer to a GET: the entries as JSON or as text."""
    parts = admin.parts
    since = max(0, query_number(query_params, "since") // 10)
    if query_value(query_params, "format") != "text":
        return answer(_json(parts, since))
    fields = {"Content-Disposition": 'attachment; filename="log.txt"'}
    return answer(_text(parts, since), content_type="text/plain", headers=fields)


def delete(admin, path, query_params, headers, body):
    """The answer to a DELETE."""
    log_file = admin.parts.log_file
    if log_file and log_file.exists():
        problem = admin.drive_problem()
        if problem:
            return problem
        log_file.delete()
    return answer({"cleared": admin.parts.log.clear()})


def _json(parts, since):
    yield '{"next":%d,"entries":[' % parts.log.next
    yield from json_list(_entries(parts.log, parts.clock, since))
    yield "]}"


def _entries(log, clock, since):
    for number, tenths, level, text in log.entries(since):
        yield '{"n":%d,"t":%s,"epoch":%s,"level":"%s","text":%s}' % (
            number,
            clock.uptime_text(tenths),
            json.dumps(clock.epoch(tenths)),
            LEVELS[level],
            json.dumps(text),
        )


def _text(parts, since):
    if parts.log_file:
        yield from parts.log_file.texts()
        since = max(since, parts.log_file.next)
    for entry in parts.log.entries(since):
        yield parts.log.line(entry)
