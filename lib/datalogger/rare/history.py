"""GET /api/history: the samples in memory. That of a span is made by spans."""

import json

from ..on_demand import on_demand
from ..web.answers import answer, json_list

queries = on_demand("queries")
row_json = on_demand("readings").row_json


def get(server, path, query_params, headers, body):
    """The answer to a GET."""
    return answer(_history(server.app, queries.number(query_params, "since")))


def _history(app, since):
    clock = app.clock
    samples = app.recorder.samples
    row = first_row(samples, since)
    yield '{"columns":%s,"sample_s":%d,"t":%s,"epoch":%s,"rows":[' % (
        json.dumps(app.readings.columns()),
        app.settings["SAMPLE_SECONDS"],
        clock.uptime_text(),
        json.dumps(clock.epoch()),
    )
    yield from json_list(_rows(app, row, samples.added))
    yield "]}"


def first_row(samples, since=-1):
    """Number of the first row in memory that is later than `since` (tenths)."""
    row = max(0, samples.added - samples.capacity)
    while row < samples.added and samples.time(row) <= since:
        row += 1
    return row


def _rows(app, row, end):
    samples = app.recorder.samples
    while row < end:
        if row >= samples.added - samples.capacity:  # it was not overwritten meanwhile
            time = app.clock.uptime_text(samples.time(row))
            yield "[%s,%s]" % (time, row_json(app.readings, samples, row))
        row += 1
