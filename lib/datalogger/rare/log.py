"""GET and DELETE /api/log."""

import json

from ..log import LEVELS
from ..on_demand import on_demand
from ..web.answers import answer, json_list

queries = on_demand("queries")


def get(server, path, query_params, headers, body):
    """The answer to a GET: the entries as JSON or as text."""
    app = server.app
    since = max(0, queries.number(query_params, "since") // 10)
    if queries.value(query_params, "format") != "text":
        return answer(_json(app, since))
    fields = {"Content-Disposition": 'attachment; filename="log.txt"'}
    return answer(_text(app, since), content_type="text/plain", headers=fields)


def delete(server, path, query_params, headers, body):
    """The answer to a DELETE."""
    log_file = server.app.log_file
    if log_file and log_file.exists():
        problem = on_demand("refusals").for_drive(server.app)
        if problem:
            return problem
        log_file.delete()
    return answer({"cleared": server.app.log.clear()})


def _json(app, since):
    yield '{"next":%d,"entries":[' % app.log.next
    yield from json_list(_entries(app.log, app.clock, since))
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


def _text(app, since):
    if app.log_file:
        yield from app.log_file.texts()
        since = max(since, app.log_file.next)
    for entry in app.log.entries(since):
        yield app.log.line(entry)
